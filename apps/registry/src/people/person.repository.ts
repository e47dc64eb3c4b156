import { Injectable } from '@nestjs/common';
import { ServiceDatabase, type Tx } from '@recert/bus';
import { PersonChanged, type Role } from '@recert/contracts';
import { UserError } from '@recert/service-kit';
import { type EntityManager } from 'typeorm';
import { toPersonChanged, type Belongings, type Person } from './person';
import { type Owned } from './what-they-own';

interface Row {
  handle: string;
  version: number;
  name: string;
  roles: Role[];
  active: boolean;
  telegram_linked: boolean;
  telegram_at: Date | null;
  telegram_lost: string | null;
  invitation_hash: string | null;
  invitation_expires_at: Date | null;
}

const BELONGINGS = `
  (select count(*)::int from process where owner = handle and status <> 'retired') as owns,
  (select count(*)::int from process where deputy = handle and status <> 'retired') as "deputyOf"`;

/** What somebody answers for, as `handle` and the name of it. */
const ANSWERS_FOR = `
  select owner as handle, name, 'process' as kind from process where status <> 'retired'
  union all select deputy, name, 'process' from process where status <> 'retired'
  union all select owner, name, 'product' from product where active
  union all select unnest(admins), name, 'product' from product where active`;

const PUT = `
  insert into person (handle, version, name, roles, active, telegram_linked, telegram_at, telegram_lost,
    invitation_hash, invitation_expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (handle) do update set version = $2, name = $3, roles = $4, active = $5, telegram_linked = $6,
    telegram_at = $7, telegram_lost = $8, invitation_hash = $9, invitation_expires_at = $10`;

/** The table `person`: rows to people and back. Whoever is saved is announced. */
@Injectable()
export class PersonRepository {
  constructor(private readonly database: ServiceDatabase) {}

  async find(db: EntityManager, handle: string, lock: 'for update' | '' = ''): Promise<Person | null> {
    const [row] = await db.query<Row[]>(`select * from person where handle = $1 ${lock}`, [handle]);
    return row === undefined ? null : toPerson(row);
  }

  /** @param field names the handle in the answer. @throws UserError 422 when the handle is given and not of an active person */
  async mustBeActive(db: EntityManager, field: string, handle: string | null | undefined): Promise<void> {
    if (handle === null || handle === undefined) return;
    const person = await this.find(db, handle);
    if (person === null) {
      const how = `POST /api/people {"handle": "${handle}", "name": ".."}`;
      throw UserError.invalid(field, `nobody is called "${handle}": add the person first, ${how}`);
    }
    if (!person.active) throw UserError.invalid(field, `"${handle}" is deactivated: activate the person first`);
  }

  /** Those of these people that there are, locked in the order of their handles until the transaction ends. */
  async lockAll(tx: Tx, handles: readonly string[]): Promise<Person[]> {
    const rows = await tx.db.query<Row[]>('select * from person where handle = any($1) order by handle for update', [
      handles,
    ]);
    return rows.map(toPerson);
  }

  /** What a person answers for, as owner, deputy or admin of it. */
  async answersFor(db: EntityManager, handle: string): Promise<Owned> {
    const rows = await db.query<{ name: string; kind: string }[]>(
      `select distinct name, kind from (${ANSWERS_FOR}) a where handle = $1 order by name`,
      [handle],
    );
    const named = (kind: string): string[] => rows.filter((row) => row.kind === kind).map(({ name }) => name);
    return { processes: named('process'), products: named('product') };
  }

  /** Active people who answer for something, and are neither owner nor admin. */
  async answeringWithoutRole(db: EntityManager): Promise<string[]> {
    const rows = await db.query<{ handle: string }[]>(
      `select handle from person where active and not roles && '{owner,admin}'
         and handle in (select handle from (${ANSWERS_FOR}) a)`,
    );
    return rows.map(({ handle }) => handle);
  }

  async all(db: EntityManager): Promise<Person[]> {
    const rows = await db.query<Row[]>('select * from person');
    return rows.map(toPerson);
  }

  /** By handle, after the given one. */
  async page(after: string | null, limit: number): Promise<{ person: Person; belongings: Belongings }[]> {
    const rows = await this.database.query<Row & Belongings>(
      `select *, ${BELONGINGS} from person where $1::text is null or handle > $1 order by handle limit $2`,
      [after, limit],
    );
    return rows.map((row) => ({ person: toPerson(row), belongings: row }));
  }

  async belongings(db: EntityManager, handle: string): Promise<Belongings> {
    const [row] = await db.query<Belongings[]>(`select ${BELONGINGS} from (select $1::text as handle) as one`, [
      handle,
    ]);
    return row!;
  }

  /** @returns those that were not there before, announced; the others stay as they are */
  async addMissing(tx: Tx, people: readonly Person[]): Promise<Person[]> {
    if (people.length === 0) return [];
    const rows = await tx.db.query<{ handle: string }[]>(
      `insert into person (handle, version, name, roles, active)
       select handle, 1, name, roles, true from json_to_recordset($1::json) as r(handle text, name text, roles text[])
       order by handle on conflict do nothing returning handle`,
      [JSON.stringify(people)],
    );
    const added = new Set(rows.map((row) => row.handle));
    const created = people.filter((person) => added.has(person.handle)).map((person) => ({ ...person, version: 1 }));
    for (const person of created) tx.publish(PersonChanged, toPersonChanged(person));
    return created;
  }

  /** Writes a person that the transaction has locked. */
  async save(tx: Tx, changed: Person): Promise<Person> {
    const person = { ...changed, version: changed.version + 1 };
    await this.put(tx, person);
    tx.publish(PersonChanged, toPersonChanged(person));
    return person;
  }

  /** As `save`, without announcing it, and under the version that it has. */
  async put(tx: Tx, person: Person): Promise<void> {
    const { telegram, invitation } = person;
    await tx.db.query(PUT, [
      ...[person.handle, person.version, person.name, person.roles, person.active],
      ...[telegram.linked, telegram.at, telegram.lost],
      ...[invitation?.codeHash ?? null, invitation?.expiresAt ?? null],
    ]);
  }
}

function toPerson(row: Row): Person {
  const { invitation_hash: codeHash, invitation_expires_at: expiresAt } = row;
  return {
    handle: row.handle,
    version: row.version,
    name: row.name,
    roles: row.roles,
    active: row.active,
    telegram: { linked: row.telegram_linked, at: row.telegram_at, lost: row.telegram_lost },
    invitation: codeHash !== null && expiresAt !== null ? { codeHash, expiresAt } : null,
  };
}
