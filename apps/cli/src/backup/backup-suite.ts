import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findSystemPostgres, startSystemPostgres, type SystemPostgres } from '@recert/testing';
import { Client } from 'pg';
import { recert as recertAt } from '../service-stub';
import { newKey, type KeyPair } from './encryption';
import { type Manifest } from './manifest';

const ROOT = resolve(__dirname, '../../../..');
const SERVICES = ['registry', 'scheduler', 'notifier', 'kpi-ingest', 'alert-relay'];
const PASSWORD = 'of-tests';

/** The programs of PostgreSQL that the tests of backups need. Where there are none they are skipped, and say so. */
export const programs = findSystemPostgres();
export const describeWithPrograms: jest.Describe = programs === null ? skipLoudly() : describe;

function skipLoudly(): jest.Describe {
  process.stderr.write(
    'SKIPPED: no PostgreSQL with initdb and pg_dump was found, so backups are not tested (see tools/provision-postgres.mjs)\n',
  );
  return describe.skip;
}

/** What services have: schemas of their own, triggers that refuse, identities, a mark for the bus. */
const REGISTRY = `
  create table migration (id serial primary key, name text not null);
  insert into migration (name) select 'M' || n from generate_series(1, 3) n;
  create table history (
    seq bigint primary key, at timestamptz(3) not null, what text, odd jsonb, raw bytea, tags text[]);
  insert into history select n, now(), 'Ünïcode "quoted" \\ and a' || chr(10) || 'line', jsonb_build_object('n', n),
    decode(md5(n::text), 'hex'), array['a,b', null, 'c"d'] from generate_series(1, 500) n;
  create function refuse_to_change_history() returns trigger language plpgsql as $$
  begin raise exception 'The history is append-only: % of % is refused', lower(tg_op), tg_table_name; end $$;
  create trigger append_only before update or delete or truncate on history
    for each statement execute function refuse_to_change_history();
  create table process (id int generated always as identity primary key, name text unique, parent int references process);
  insert into process (name, parent) values ('a', null), ('b', 1), ('c', 1);
  create sequence ticket start 41 increment 5;
  select nextval('ticket');
  create index process_by_name on process (lower(name)) where parent is not null;
  create view open_process as select id, name from process where parent is null;
  create table bus_transport (one boolean primary key default true, restored_at timestamptz);
  insert into bus_transport default values;
  create table a_account (id int primary key, amount int not null);
  create table m_bulk as select n, repeat(md5(n::text), 20) as text from generate_series(1, 20000) n;
  create table z_account (id int primary key, amount int not null);
  insert into a_account select n, 1000 from generate_series(1, 10) n;
  insert into z_account select n, 1000 from generate_series(1, 10) n;`;
/** A service of before, whose table has no place for the mark. */
const KPI_INGEST = `
  create table migration (id serial primary key, name text not null);
  insert into migration (name) values ('M1');
  create table bus_transport (one boolean primary key default true, home text);
  insert into bus_transport default values;`;

/** A server with the roles of production and a database with data, and a folder for its backups. */
export class BackupSuite {
  folder = '';

  private constructor(
    private readonly server: SystemPostgres,
    private readonly key: KeyPair,
  ) {}

  static async start(): Promise<BackupSuite> {
    return new BackupSuite(await startSystemPostgres(programs!), await newKey());
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Makes everything anew, by the very script that makes it in production. */
  async seed(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'recert-backup-'));
    await this.onServer(async (client) => {
      for (const name of await this.databases(`datname ~ '^recert|^rehearsal'`)) {
        await client.query(`drop database "${name}" with (force)`);
      }
      await client.query('create database recert');
    });
    const passwords = SERVICES.map(
      (name) => [`${name.toUpperCase().replace('-', '_')}_DB_PASSWORD`, PASSWORD] as const,
    );
    execFileSync('bash', [join(ROOT, 'deploy/postgres/create-roles.sh')], {
      env: {
        ...this.server.env,
        POSTGRES_USER: 'postgres',
        POSTGRES_DB: 'recert',
        ...Object.fromEntries<string>(passwords),
      },
      stdio: 'pipe',
    });
    await this.as('registry', (client) => client.query(REGISTRY));
    await this.as('kpi-ingest', (client) => client.query(KPI_INGEST));
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  url(database = 'recert'): string {
    return this.server.url(database);
  }

  /** A line of the tool, with all settings that it needs. */
  recert(line: string, more: Readonly<Record<string, string>> = {}): ReturnType<typeof recertAt> {
    return recertAt(line, {
      ...{ PATH: `${programs!}:/usr/bin:/bin`, DATABASE_URL: this.url(), BACKUP_TO: this.folder },
      ...{ BACKUP_RECIPIENT: this.key.recipient, BACKUP_IDENTITY: this.key.identity, ...more },
    });
  }

  /** Makes a backup. @returns its name */
  async backUp(): Promise<string> {
    const { code, err, out } = await this.recert('backup --json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return (JSON.parse(out) as Manifest).name;
  }

  onServer<T>(use: (client: Client) => Promise<T>): Promise<T> {
    return on(this.url('postgres'), use);
  }

  onRecert<T>(use: (client: Client) => Promise<T>): Promise<T> {
    return on(this.url(), use);
  }

  /** As a service connects: its role, whose search_path is its schema. */
  as<T>(role: string, use: (client: Client) => Promise<T>): Promise<T> {
    const url = new URL(this.url());
    [url.username, url.password] = [role, PASSWORD];
    return on(url.href, use);
  }

  databases(which = 'not datistemplate'): Promise<string[]> {
    return this.onServer(async (client) => {
      const query = `select datname as name from pg_database where ${which} order by 1`;
      return (await client.query<{ name: string }>(query)).rows.map(({ name }) => name);
    });
  }

  manifest(name: string): Manifest {
    return JSON.parse(readFileSync(join(this.folder, `${name}.json`), 'utf8')) as Manifest;
  }

  changeManifest(name: string, change: Partial<Manifest>): void {
    writeFileSync(join(this.folder, `${name}.json`), JSON.stringify({ ...this.manifest(name), ...change }));
  }

  /** A backup as if it had been made at another time. */
  copy(name: string, other: string): void {
    copyFileSync(join(this.folder, `${name}.dump.age`), join(this.folder, `${other}.dump.age`));
    copyFileSync(join(this.folder, `${name}.json`), join(this.folder, `${other}.json`));
    this.changeManifest(other, { name: other });
  }
}

async function on<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return use(client).finally(() => client.end());
}

/** Everything that a restored database must have again, in a shape that can be compared. */
export async function contentOf(client: Client): Promise<Record<string, unknown>> {
  const text = async (query: string): Promise<string> =>
    (
      await client.query<{ text: string | null }>(
        `select string_agg(line, E'\\n' order by line) as text from (${query}) as q(line)`,
      )
    ).rows[0]!.text ?? '';
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname !~ '^(pg_|information_schema)' order by 1`,
  );
  const content: Record<string, unknown> = {};
  for (const { name } of tables) content[name] = await text(`select md5(t::text) from ${name} t`);
  content['sequences'] = await text(`select s::text from pg_sequences s`);
  content['triggers'] = await text(`select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal`);
  content['functions'] = await text(
    `select pg_get_functiondef(oid) from pg_proc where pronamespace::regnamespace::text !~ '^(pg_|information)'`,
  );
  content['indexes'] = await text(`select indexdef from pg_indexes where schemaname !~ '^pg_'`);
  content['constraints'] = await text(
    `select conname || pg_get_constraintdef(oid) from pg_constraint where connamespace::regnamespace::text !~ '^(pg_|information)'`,
  );
  content['columns'] = await text(
    `select concat_ws(' ', table_schema, table_name, ordinal_position, column_name, data_type, column_default, is_nullable, is_identity) from information_schema.columns where table_schema !~ '^(pg_|information)'`,
  );
  content['views'] = await text(`select definition from pg_views where schemaname !~ '^(pg_|information)'`);
  content['owners'] = await text(
    `select relnamespace::regnamespace || '.' || relname || ' ' || relowner::regrole || coalesce(relacl::text, '') from pg_class where relnamespace::regnamespace::text !~ '^(pg_|information)'`,
  );
  content['schemas'] = await text(
    `select nspname || ' ' || nspowner::regrole || ' ' || coalesce(nspacl::text, '') from pg_namespace where nspname !~ '^pg_'`,
  );
  content['rights'] = await text(
    `select a::text from pg_database, unnest(datacl) a where datname = current_database()`,
  );
  content['database'] = await text(
    `select concat_ws(' ', datdba::regrole, encoding, datcollate, datctype, datconnlimit) from pg_database where datname = current_database()`,
  );
  content['settings'] = await text(
    `select setrole::regrole || ' ' || setconfig::text from pg_db_role_setting join pg_database on oid = setdatabase where datname = current_database()`,
  );
  return content;
}
