import { type MigrationInterface, type QueryRunner } from 'typeorm';

const OUTBOX = `
  create table outbox (
    id bigint generated always as identity primary key,
    event_id uuid not null unique,
    subject text not null,
    payload text not null,
    headers jsonb not null,
    created_at timestamptz not null default now(),
    not_before timestamptz not null default now(),
    attempts int not null default 0,
    last_error text,
    published_at timestamptz,
    stream_lineage text,
    stream_seq bigint
  );
  create index outbox_unpublished on outbox (id) where published_at is null;
  create index outbox_created on outbox (created_at);
  create index outbox_stream on outbox (stream_lineage, stream_seq) where published_at is not null;`;

const INBOX = `
  create table inbox (
    consumer text not null,
    event_id uuid not null,
    at timestamptz not null default now(),
    primary key (consumer, event_id)
  );
  create index inbox_at on inbox (at);`;

const EVENT_RETRY = `
  -- Events that came and could not be handled yet: how often that was the event's or the handler's own fault.
  create table event_retry (
    consumer text not null,
    event_id uuid not null,
    failures int not null default 0,
    postponements int not null default 0,
    reason text not null,
    at timestamptz not null default now(),
    primary key (consumer, event_id)
  );
  create index event_retry_at on event_retry (at);`;

const DEAD_LETTER = `
  create table dead_letter (
    id uuid primary key,
    consumer text not null,
    event_id text not null,
    subject text not null,
    payload bytea not null,
    headers jsonb not null,
    reason text not null,
    deliveries int not null,
    at timestamptz not null default now(),
    replayed_at timestamptz,
    unique (consumer, event_id)
  );`;

/**
 * The tables that make a service a member of the bus, in the service's own schema. Every service lists
 * `busMigrations` before its own.
 */
class CreateOutboxInboxAndDeadLetters implements MigrationInterface {
  readonly name = 'CreateOutboxInboxAndDeadLetters1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [OUTBOX, INBOX, EVENT_RETRY, DEAD_LETTER]) await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dead_letter; drop table event_retry; drop table inbox; drop table outbox;');
  }
}

/** Dead letters are told of on the bus; those that were kept before are told of at the next start. */
class TellOfDeadLetters implements MigrationInterface {
  readonly name = 'TellOfDeadLetters1763800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table dead_letter add column told_at timestamptz;
      create index dead_letter_untold on dead_letter (at) where told_at is null;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table dead_letter drop column told_at');
  }
}

const BUS_TRANSPORT = `
  -- By which transport the service is carried. Addresses have neither user nor password.
  create table bus_transport (
    one boolean primary key default true check (one),
    -- What was said before is of no concern to a service that came later.
    since timestamptz not null default now(),
    -- The last switch that ended well.
    generation int not null default 0,
    -- The last one that ended well or was abandoned.
    closed int not null default 0,
    -- Where it led, and what BUS_URL said then; null where BUS_URL has the word.
    address text,
    home text,
    -- The switch that is under way.
    under_way jsonb,
    -- Number of its last report: a time, so that it grows also when the database was restored.
    reports bigint not null default 0,
    reported_at timestamptz
  );
  insert into bus_transport default values;`;

/** The bus may be switched to another transport while the service runs. */
class CreateBusTransport implements MigrationInterface {
  readonly name = 'CreateBusTransport1763800000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BUS_TRANSPORT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table bus_transport');
  }
}

/** What steps a service takes is told on the bus; those that a crash took with it are told at the next start. */
class TellOfSteps implements MigrationInterface {
  readonly name = 'TellOfSteps1763800000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Null where it is no step of a run.
      alter table inbox add column run_id text;
      create table step_log (one boolean primary key default true check (one), told_until timestamptz not null default now());
      insert into step_log default values;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table step_log; alter table inbox drop column run_id;');
  }
}

/** What a service runs by itself is registered at its start, where that is news. */
class AnnounceTasks implements MigrationInterface {
  readonly name = 'AnnounceTasks1763800000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What was said last of each task, as JSON.
      create table announced_task (task_id text primary key, version int not null, said text not null, said_at timestamptz(3) not null)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table announced_task');
  }
}

/** A database that was restored from a backup is older than the bus may be. */
class NoteRestores implements MigrationInterface {
  readonly name = 'NoteRestores1763800000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table bus_transport add column restored_at timestamptz;
      comment on column bus_transport.restored_at is
        'The instant of the backup that was restored. Whoever restores sets it; the next start of the service takes it away.';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table bus_transport drop column restored_at');
  }
}

export const busMigrations = [
  CreateOutboxInboxAndDeadLetters,
  TellOfDeadLetters,
  CreateBusTransport,
  TellOfSteps,
  AnnounceTasks,
  NoteRestores,
];
