import { type Client, escapeIdentifier, escapeLiteral } from 'pg';

/** What a dump of a database does not hold, because it belongs to the server: how a database was made, and who may enter it. */
export interface DatabaseRights {
  readonly owner: string;
  readonly connectionLimit: number;
  /** For `create database`. */
  readonly locale: string;
  /** Null as long as nobody changed what everybody may do. */
  readonly grants: readonly Grant[] | null;
  readonly settings: readonly RoleSetting[];
}

interface Grant {
  /** Null for everybody. */
  readonly role: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

interface RoleSetting {
  /** Null for every role. */
  readonly role: string | null;
  readonly name: string;
  /** As the server shows it: a list with each part quoted. */
  readonly value: string;
}

interface DatabaseRow {
  readonly owner: string;
  readonly connection_limit: number;
  readonly changed: boolean;
  readonly encoding: string;
  readonly facts: Readonly<Record<string, string | null>>;
}

const DATABASE = `
  select pg_get_userbyid(datdba) as owner, datconnlimit as connection_limit, datacl is not null as changed,
         pg_encoding_to_char(encoding) as encoding, to_jsonb(d) - 'datacl' as facts
  from pg_database d where datname = $1`;
const GRANTS = `
  select grantee = 0 as everybody, pg_get_userbyid(grantee) as role,
         privilege_type as privilege, is_grantable as grantable
  from pg_database, aclexplode(datacl) where datname = $1`;
const SETTINGS = `
  select r.rolname as role, split_part(line, '=', 1) as name, substr(line, strpos(line, '=') + 1) as value
  from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase left join pg_roles r on r.oid = s.setrole,
       unnest(s.setconfig) as line
  where d.datname = $1`;

/** @returns null where there is no such database */
export async function rightsOf(client: Client, database: string): Promise<DatabaseRights | null> {
  const { rows: databases } = await client.query<DatabaseRow>(DATABASE, [database]);
  const [found] = databases;
  if (found === undefined) return null;
  const { rows: grants } = await client.query<Grant & { everybody: boolean }>(GRANTS, [database]);
  const { rows: settings } = await client.query<RoleSetting>(SETTINGS, [database]);
  return {
    owner: found.owner,
    connectionLimit: found.connection_limit,
    locale: localeOf(found),
    grants: found.changed
      ? grants.map(({ everybody, ...grant }) => ({ ...grant, role: everybody ? null : grant.role }))
      : null,
    settings,
  };
}

/** The names of these columns differ between the versions of PostgreSQL. */
function localeOf({ encoding, facts }: DatabaseRow): string {
  const [collate, ctype] = [facts['datcollate'] ?? 'C', facts['datctype'] ?? 'C'];
  const common = `encoding ${escapeLiteral(encoding)} lc_collate ${escapeLiteral(collate)} lc_ctype ${escapeLiteral(ctype)}`;
  const locale = facts['datlocale'] ?? facts['daticulocale'];
  if (facts['datlocprovider'] === 'i')
    return `${common} locale_provider icu icu_locale ${escapeLiteral(locale ?? 'und')}`;
  if (facts['datlocprovider'] === 'b')
    return `${common} locale_provider builtin builtin_locale ${escapeLiteral(locale ?? 'C')}`;
  return common;
}

/** Makes an empty database that is as another one is. */
export async function createLike(client: Client, database: string, rights: DatabaseRights): Promise<void> {
  await client.query(
    `create database ${escapeIdentifier(database)} template template0 owner ${escapeIdentifier(rights.owner)}
     ${rights.locale} connection limit ${rights.connectionLimit}`,
  );
}

/** Lets those into a database, and with those settings, who may enter another one. */
export async function applyRights(client: Client, database: string, rights: DatabaseRights): Promise<void> {
  const name = escapeIdentifier(database);
  if (rights.grants !== null) {
    await client.query(`revoke all on database ${name} from public, ${escapeIdentifier(rights.owner)}`);
    for (const { role, privilege, grantable } of rights.grants) {
      const whom = role === null ? 'public' : escapeIdentifier(role);
      await client.query(`grant ${privilege} on database ${name} to ${whom}${grantable ? ' with grant option' : ''}`);
    }
  }
  for (const each of rights.settings) await applySetting(client, name, each);
}

/** By way of the session's own setting: the server then takes lists apart as it put them together. */
async function applySetting(client: Client, database: string, { role, name, value }: RoleSetting): Promise<void> {
  const setting = name.split('.').map(escapeIdentifier).join('.');
  const where = role === null ? `database ${database}` : `role ${escapeIdentifier(role)} in database ${database}`;
  await client.query('begin');
  try {
    await client.query('select set_config($1, $2, true)', [name, value]);
    await client.query(`alter ${where} set ${setting} from current`);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
