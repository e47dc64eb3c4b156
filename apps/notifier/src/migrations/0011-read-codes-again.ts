import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A code that opens nothing yet names the update it came with, which is read again once the code is known. */
export class ReadCodesAgain implements MigrationInterface {
  readonly name = 'ReadCodesAgain1764500000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table wrong_code
        -- SHA-256 in hex; null where the code had been good once.
        add column hash text,
        add column bot_id bigint,
        add column update_id bigint;
      create index wrong_code_hash on wrong_code (hash) where hash is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table wrong_code drop column hash, drop column bot_id, drop column update_id;');
  }
}
