import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Weeks of products' KPIs: what was reported last, and where it was told. */
export class CreateKpiWeeks implements MigrationInterface {
  readonly name = 'CreateKpiWeeks1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table kpi_week (
        product_id text not null,
        week text not null,
        -- Of the report; 0 while there is none.
        version int not null default 0,
        -- The event kpi.received with that version.
        report jsonb,
        -- When the present message was said; null while nobody could be told.
        said_at timestamptz(3),
        -- Whether it is the caption of a chart, and whether a second message goes on with it.
        has_chart boolean not null default false,
        has_more boolean not null default false,
        -- Chats in which it was said, each with chatId, topicId and handle.
        chats jsonb not null default '[]',
        -- The last event kpi.missed.
        missed jsonb,
        -- Chats that were told so.
        missed_chats jsonb not null default '[]',
        primary key (product_id, week)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table kpi_week;');
  }
}
