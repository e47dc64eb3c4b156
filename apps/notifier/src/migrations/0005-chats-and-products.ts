import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Groups of admins, and what the registry says of products: who hears of what. */
export class CreateChatsAndProducts implements MigrationInterface {
  readonly name = 'CreateChatsAndProducts1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table admin_group (
        chat_id bigint primary key,
        -- The topic of a forum in which it is spoken; null where there is none.
        topic_id bigint,
        title text not null,
        registered_by text not null,
        registered_at timestamptz(3) not null default now()
      );

      create table product (
        id text primary key,
        version int not null,
        name text not null,
        owner text not null,
        admins text[] not null,
        active boolean not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table product; drop table admin_group;');
  }
}
