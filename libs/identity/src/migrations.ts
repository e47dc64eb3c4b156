import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A service that takes webhooks may have it already, of the time when only those knew tokens. */
const KNOWN_TOKEN = `
  create table if not exists known_token (
    id text primary key,
    version int not null,
    name text not null,
    -- SHA-256 of the secret.
    hash bytea not null,
    scopes text[] not null,
    product_id text,
    active boolean not null
  );`;

const KNOWN_SESSION = `
  create table known_session (
    id text primary key,
    version int not null,
    -- SHA-256 of the cookie.
    hash bytea not null unique,
    name text not null,
    handle text,
    role text not null,
    expires_at timestamptz(3) not null,
    active boolean not null
  );`;

/** The tables that let a service know who somebody is, in its own schema. It lists them behind those of the intake. */
class CreateIdentity implements MigrationInterface {
  readonly name = 'CreateIdentity1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [KNOWN_TOKEN, KNOWN_SESSION]) await runner.query(table);
  }

  /** Leaves the tokens, which may not be this migration's. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table known_session');
  }
}

export const identityMigrations = [CreateIdentity];
