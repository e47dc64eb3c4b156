import { type MigrationInterface, type QueryRunner } from 'typeorm';

const LETTER = `
  -- The dead letters of all services, as these tell of them.
  create table letter (
    id uuid primary key,
    service text not null,
    consumer text not null,
    subject text not null,
    event_id text not null,
    run_id text,
    reason text not null,
    deliveries int not null,
    at timestamptz(3) not null,
    payload text not null,
    is_whole boolean not null,
    -- When its service last said what became of a replay, and whether that was the end of it.
    settled_at timestamptz(3),
    replayed_at timestamptz(3)
  );
  create index letter_in_order on letter ((replayed_at is not null), at desc, id desc);
  create index letter_run on letter (run_id);`;

/** One list of what all services could not handle. */
export class CreateLetters implements MigrationInterface {
  readonly name = 'CreateLetters1763800100016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LETTER);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table letter');
  }
}
