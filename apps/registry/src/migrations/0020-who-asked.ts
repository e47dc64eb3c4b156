import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Who or what wanted a review; null where the calendar did, and where it was opened before that was kept. */
export class KeepWhoAsked implements MigrationInterface {
  readonly name = 'KeepWhoAsked1763800100020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table review add column asked_by text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table review drop column asked_by');
  }
}
