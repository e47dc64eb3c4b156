import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A message is a step of the run whose event it follows from. */
export class RunsOfMessages implements MigrationInterface {
  readonly name = 'RunsOfMessages1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table delivery add column run_id text, add column cause_id text;
      create index delivery_step on delivery (sent_at) where run_id is not null;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table delivery drop column run_id, drop column cause_id');
  }
}
