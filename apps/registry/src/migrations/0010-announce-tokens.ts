import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Scheduler and notifier listen to tokens from now on: those that were announced long ago are announced once more. */
export class AnnounceTokensAnew implements MigrationInterface {
  readonly name = 'AnnounceTokensAnew1763800100010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('update token set announced = false');
  }

  async down(): Promise<void> {}
}
