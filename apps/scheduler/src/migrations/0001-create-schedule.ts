import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateSchedule0001 implements MigrationInterface {
  readonly name = 'CreateSchedule1763810000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table schedule (
        process_id text primary key,
        version int not null,
        name text not null,
        section text,
        owner text,
        deputy text,
        url text,
        documented boolean not null,
        status text not null,
        next_due_at timestamptz,
        updating_since timestamptz,
        review_id uuid,
        review_opened_at timestamptz,
        review_reason text,
        review_reminder int,
        review_told text,
        review_snoozed_until timestamptz,
        review_disowned boolean,
        ended_promise timestamptz,
        ended_snooze timestamptz,
        wake_at timestamptz
      );
      create index schedule_wake on schedule (wake_at) where wake_at is not null;

      create table occurrence (
        process_id text not null,
        due_at timestamptz not null,
        review_id uuid not null,
        opened_at timestamptz not null,
        primary key (process_id, due_at)
      );

      create table policy_in_force (
        one boolean primary key default true check (one),
        policy text not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table policy_in_force; drop table occurrence; drop table schedule;');
  }
}
