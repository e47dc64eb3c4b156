import { type MigrationInterface, type QueryRunner } from 'typeorm';

const RUN = `
  -- The way of each fact through all services, as these tell of it.
  create table run (
    id text primary key,
    name text not null,
    kind text not null,
    first_key text not null,
    started_at timestamptz(3) not null,
    last_at timestamptz(3) not null,
    steps int not null,
    state text not null,
    error text
  );
  create index run_in_order on run (started_at desc, id desc);
  create index run_undone on run (state, started_at desc, id desc) where state <> 'done';
  create index run_last on run (last_at, id);`;

const RUN_STEP = `
  create table run_step (
    run_id text not null,
    key text not null,
    kind text not null,
    name text not null,
    cause_id text,
    by text,
    at timestamptz(3) not null,
    attempts int not null,
    state text not null,
    took_ms float8,
    -- Of which attempt that is, and of which the error: words of one step come in any order.
    took_attempt int not null,
    error text,
    error_attempt int not null,
    primary key (run_id, key)
  );
  create index run_step_undone on run_step (run_id) where state <> 'done';
  create index run_step_key on run_step (key);
  create index run_step_name on run_step (name, run_id);`;

const LAST_STEP = `
  -- What each handler and each hook did last.
  create table last_step (
    name text primary key,
    run_id text not null,
    at timestamptz(3) not null,
    state text not null
  );`;

/** The whole way of a fact can be looked at. */
export class CreateRuns implements MigrationInterface {
  readonly name = 'CreateRuns1763800100015';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [RUN, RUN_STEP, LAST_STEP]) await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table last_step; drop table run_step; drop table run;');
  }
}
