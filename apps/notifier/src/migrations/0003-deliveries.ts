import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Everything that was or will be said in a chat, and how fast a chat may be spoken to. */
export class CreateDeliveries implements MigrationInterface {
  readonly name = 'CreateDeliveries1763800300003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table delivery (
        id bigint generated always as identity primary key,
        kind text not null check (kind in ('send', 'edit')),
        -- The person, or null for somebody whom nobody has introduced yet.
        recipient text,
        chat_id bigint not null,
        -- Lower goes first.
        priority smallint not null,
        text text not null,
        entities jsonb not null,
        buttons jsonb not null,
        question bigint references question (number),
        dedupe_key text unique,
        state text not null default 'waiting'
          check (state in ('waiting', 'sending', 'sent', 'failed', 'withdrawn')),
        attempts int not null default 0,
        error text,
        -- Of an edit, the message to edit, as soon as it is known; of a message, what it became.
        message_id bigint,
        lease_until timestamptz(3),
        not_before timestamptz(3) not null default now(),
        created_at timestamptz(3) not null default now(),
        sent_at timestamptz(3)
      );
      create index delivery_waiting on delivery (chat_id, priority, id) where state = 'waiting';
      create index delivery_in_hand on delivery (lease_until) where state = 'sending';
      create index delivery_of_question on delivery (question) where state in ('waiting', 'sending');

      -- Chat 0 is all of them.
      create table chat_pace (
        chat_id bigint primary key,
        paused_until timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table chat_pace; drop table delivery;');
  }
}
