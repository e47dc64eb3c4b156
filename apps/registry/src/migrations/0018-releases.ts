import { type MigrationInterface, type QueryRunner } from 'typeorm';

const RELEASE = `
  create table release (
    id text primary key,
    version int not null,
    product_id text,
    -- The process that it is evidence of.
    process_id text,
    name text not null,
    repository text,
    commit text,
    release text,
    environment text,
    state text not null check (state in ('started', 'deployed', 'rolled-back', 'failed')),
    by text,
    url text,
    started_at timestamptz(3),
    at timestamptz(3) not null,
    log text
  );
  create index release_newest on release (at desc, id desc);
  create index release_process on release (process_id, at desc, id desc);
  create index release_product on release (product_id, at desc, id desc);`;

/** What was released, as evidence of the processes that are about it. */
export class CreateReleases implements MigrationInterface {
  readonly name = 'CreateReleases1763800100018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RELEASE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table release');
  }
}
