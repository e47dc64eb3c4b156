import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Messages that live on without being questions: what is said of a thread in a chat is edited there. */
export class CreateThreads implements MigrationInterface {
  readonly name = 'CreateThreads1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table delivery drop constraint delivery_kind_check;
      alter table delivery add constraint delivery_kind_check check (kind in ('send', 'edit', 'photo'));
      alter table delivery
        -- What it speaks of, such as one alert; null for questions and replies.
        add column thread text,
        -- Of an edit in a thread, the delivery whose message it edits.
        add column edit_of bigint,
        -- The topic of a forum in which it is said.
        add column topic_id bigint,
        -- The bytes of a picture, until it was sent.
        add column photo bytea;
      create index delivery_of_thread on delivery (thread, chat_id, id) where thread is not null;
      create index delivery_edits on delivery (edit_of) where edit_of is not null;
      create index delivery_said on delivery (chat_id, sent_at) where thread is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from delivery where thread is not null or kind = 'photo';
      alter table delivery drop column thread, drop column edit_of, drop column topic_id, drop column photo;
      alter table delivery drop constraint delivery_kind_check;
      alter table delivery add constraint delivery_kind_check check (kind in ('send', 'edit'));
    `);
  }
}
