import { type MigrationInterface, type QueryRunner } from 'typeorm';

const INTAKE = `
  -- What was accepted, as it came. Understanding it comes later.
  create table intake (
    id uuid primary key,
    hook text not null,
    target text,
    sender text not null,
    product_id text,
    -- Of a sender whose bodies carry their own time: what was sent, so that it is taken once. Null for others.
    repeat_key uuid,
    -- Of other senders: what was sent, so that their last one is known again.
    digest uuid,
    headers json not null,
    body bytea not null,
    received_at timestamptz(3) not null default now(),
    attempts int not null default 0,
    not_before timestamptz(3) not null default now(),
    error text,
    handled_at timestamptz(3),
    outcome text check (outcome in ('done', 'dead letter'))
  ) with (autovacuum_vacuum_scale_factor = 0.05);
  create unique index intake_repeat on intake (repeat_key, hook) where repeat_key is not null;
  create index intake_open on intake (id) where handled_at is null;
  create index intake_latest on intake (sender, hook, id desc) where repeat_key is null;`;

const KNOWN_TOKEN = `
  create table known_token (
    id text primary key,
    version int not null,
    name text not null,
    -- SHA-256 of the secret.
    hash bytea not null,
    scopes text[] not null,
    product_id text,
    active boolean not null
  );`;

/** The tables that let a service take webhooks in, in its own schema. It lists them behind those of the bus. */
class CreateIntake implements MigrationInterface {
  readonly name = 'CreateIntake1763800000100';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [INTAKE, KNOWN_TOKEN]) await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table known_token; drop table intake;');
  }
}

export const intakeMigrations = [CreateIntake];
