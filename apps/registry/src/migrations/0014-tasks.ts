import { type MigrationInterface, type QueryRunner } from 'typeorm';

const TASK = `
  create table task (
    id text primary key,
    version int not null,
    name text not null,
    -- Who runs it; outside for what somebody has registered.
    service text not null,
    owner text,
    deputy text,
    trigger jsonb not null,
    emits text[] not null,
    rhythm jsonb,
    grace text not null,
    review text not null,
    url text,
    product_id text,
    is_release boolean not null,
    registered_at timestamptz(3) not null,

    active boolean not null,
    -- From when on it is expected.
    expected_from timestamptz(3) not null,
    last_status text check (last_status in ('start', 'success', 'fail')),
    last_heard_at timestamptz(3),
    last_end_at timestamptz(3),
    -- When the run that ended last had begun; started_at is that of one that has not ended.
    last_began_at timestamptz(3),
    last_success_at timestamptz(3),
    started_at timestamptz(3),
    trouble_why text check (trouble_why in ('silent', 'failed', 'unfinished')),
    trouble_since timestamptz(3),
    trouble_level text check (trouble_level in ('owner', 'admins')),
    trouble_told_at timestamptz(3),
    trouble_expected_by timestamptz(3),
    troubles int not null,
    -- By when it has to have succeeded again.
    expected_by timestamptz(3),
    -- When it has to be looked at if nothing is heard of it until then.
    look_at timestamptz(3)
  );
  create index task_look on task (look_at) where look_at is not null;
  create index task_service on task (service);`;

const REPORT = `
  create table task_report (
    id uuid primary key,
    task_id text not null,
    status text not null,
    at timestamptz(3) not null,
    log text
  );
  create index task_report_newest on task_report (task_id, at desc, id desc);
  create index task_report_at on task_report (at);`;

/** The tasks of the hub, and what they report. */
export class CreateTasks implements MigrationInterface {
  readonly name = 'CreateTasks1763800100014';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [TASK, REPORT]) await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table task_report; drop table task;');
  }
}
