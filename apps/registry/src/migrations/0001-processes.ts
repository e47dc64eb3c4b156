import { type MigrationInterface, type QueryRunner } from 'typeorm';

const tables = `
  create table process (
    id text primary key,
    version int not null check (version > 0),
    name text not null,
    section text,
    owner text,
    deputy text,
    documented boolean not null,
    url text,
    product text,
    trigger_period text not null,
    record text,
    record_hash text,

    status text not null check (status in ('uncertified', 'due', 'updating', 'overdue', 'certified', 'retired')),
    -- Since when it is updating, overdue or retired.
    status_since timestamptz(3),
    -- What the record was when its owner said that it needs an update.
    hash_then text,
    certified_at timestamptz(3),
    certified_by text,
    certified_hash text,
    certified_review_id uuid,
    certified_record_opened boolean,
    closed_review_id uuid,
    -- The newest review, open or closed.
    review_id uuid,
    review_open boolean not null default false,
    review_opened_at timestamptz(3),
    review_reason text,
    review_reminder int,
    review_snoozed_until timestamptz(3),
    review_disowned_by text,
    last_response jsonb,

    registered_at timestamptz(3) not null,
    documented_at timestamptz(3),
    next_due_at timestamptz(3),
    -- Where it comes from, and what was written there when it was last read.
    source text not null,
    position int not null,
    source_values jsonb not null
  );
  create index process_in_order on process ((coalesce(section, '')), position, id);
  create index process_owner on process (owner);

  -- Every revision of a record that was ever imported, so that two can be compared later.
  create table record_revision (
    process_id text not null,
    record_hash text not null,
    record text not null,
    at timestamptz(3) not null,
    primary key (process_id, record_hash)
  );

  -- Evidence of every review: who was asked when, how often, and what became of it.
  create table review (
    id uuid primary key,
    process_id text not null,
    reason text not null,
    opened_at timestamptz(3) not null,
    reminders int not null,
    last_reminded_at timestamptz(3),
    closed_at timestamptz(3),
    outcome text,
    answered_by text,
    record_opened boolean
  );
  create index review_process on review (process_id, opened_at);

  -- Every answer that arrived, taken or refused.
  create table response (
    id uuid primary key,
    process_id text not null,
    review_id uuid,
    answer text not null,
    by text not null,
    standing text not null,
    channel text not null,
    at timestamptz(3) not null,
    record_opened boolean,
    refused text
  );
  create index response_process on response (process_id, at);
`;

export class CreateProcesses implements MigrationInterface {
  readonly name = 'CreateProcesses1763800100001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table response; drop table review; drop table record_revision; drop table process;');
  }
}
