import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What is told of the hub itself: tasks that are down, releases, dead letters. */
export class CreateHub implements MigrationInterface {
  readonly name = 'CreateHub1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(HUB);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table letter; drop table letter_group; drop table release; drop table trouble;');
  }
}

const HUB = `
  create table trouble (
    task_id text not null,
    trouble int not null,
    -- That it is over may be heard before it has begun.
    is_over boolean not null default false,
    at timestamptz(3) not null default now(),
    primary key (task_id, trouble)
  );

  create table release (
    id text primary key,
    version int not null,
    state text not null,
    at timestamptz(3) not null default now()
  );

  -- Dead letters of one consumer are told of in one message, until all of them are handled.
  create table letter_group (
    id bigint generated always as identity primary key,
    service text not null,
    consumer text not null,
    nonce text not null unique,
    is_over boolean not null default false,
    -- Who pressed the button last.
    wanted_by text,
    wanted_at timestamptz(3),
    at timestamptz(3) not null default now()
  );
  create unique index letter_group_open on letter_group (service, consumer) where not is_over;

  create table letter (
    id uuid primary key,
    -- Null where it was handled before anybody heard that it was kept.
    group_id bigint references letter_group on delete cascade,
    reason text not null,
    is_open boolean not null,
    -- When it was kept last, and when it was handled.
    kept_at timestamptz(3),
    settled_at timestamptz(3),
    at timestamptz(3) not null default now()
  );
  create index letter_of_group on letter (group_id, is_open);`;
