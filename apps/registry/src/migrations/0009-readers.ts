import { type MigrationInterface, type QueryRunner } from 'typeorm';

const tables = `
  -- Processes whose record everybody may read. A row that is not there is off.
  create table publication (
    process_id text primary key,
    since timestamptz(3) not null,
    by text not null
  );

  -- What readers outside said is outdated. Nothing of themselves is kept.
  create table reader_report (
    id uuid primary key,
    process_id text not null,
    at timestamptz(3) not null,
    text text not null
  );
  create index reader_report_process on reader_report (process_id, at desc);
`;

export class CreateReaders implements MigrationInterface {
  readonly name = 'CreateReaders1763800100009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reader_report; drop table publication;');
  }
}
