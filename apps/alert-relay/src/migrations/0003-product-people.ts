import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Who may do something about a product's alerts; null until the registry has told of a product that was known before. */
export class KeepProductPeople0003 implements MigrationInterface {
  readonly name = 'KeepProductPeople1764250000202';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table product add column owner text, add column admins text[] not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table product drop column owner, drop column admins');
  }
}
