import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What Telegram told us, as it came; it is understood afterwards. */
export class CreateTelegramUpdates implements MigrationInterface {
  readonly name = 'CreateTelegramUpdates1763800300004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table telegram_update (
        bot_id bigint not null,
        update_id bigint not null,
        -- Updates of one chat are handled one after the other.
        chat_key text not null,
        -- JSON text and not jsonb: whatever comes can be kept.
        payload text not null,
        received_at timestamptz(3) not null default now(),
        handled_at timestamptz(3),
        outcome text,
        attempts int not null default 0,
        not_before timestamptz(3) not null default now(),
        -- Set when it was given up; the error says why.
        parked_at timestamptz(3),
        error text,
        primary key (bot_id, update_id)
      );
      create index telegram_update_open on telegram_update (bot_id, update_id)
        where handled_at is null and parked_at is null;
      create index telegram_update_received on telegram_update (received_at);

      create table bot (
        id bigint primary key,
        username text not null,
        seen_at timestamptz(3) not null default now()
      );

      -- Codes that opened nothing, by the account that tried them.
      create table wrong_code (
        user_id bigint not null,
        at timestamptz(3) not null
      );
      create index wrong_code_of_user on wrong_code (user_id, at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table wrong_code; drop table bot; drop table telegram_update;');
  }
}
