import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreatePeople implements MigrationInterface {
  readonly name = 'CreatePeople1763800100003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table person (
        handle text primary key,
        version int not null check (version > 0),
        name text not null,
        roles text[] not null,
        active boolean not null,
        telegram_linked boolean not null default false,
        -- When the account was linked or lost: older news changes nothing.
        telegram_at timestamptz(3),
        telegram_lost text,
        -- SHA-256 (hex) of the code in the one open invitation.
        invitation_hash text,
        invitation_expires_at timestamptz(3)
      );

      -- The bot that answers now.
      create table bot (
        one boolean primary key default true check (one),
        username text not null,
        up_at timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table bot; drop table person;');
  }
}
