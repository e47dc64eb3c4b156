import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateLibraries implements MigrationInterface {
  readonly name = 'CreateLibraries1763800100005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What each library was when it was last imported: the same again needs no work.
      create table library (
        source text primary key,
        digest text not null,
        processes int not null,
        people jsonb not null,
        warnings jsonb not null,
        imported_at timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table library;');
  }
}
