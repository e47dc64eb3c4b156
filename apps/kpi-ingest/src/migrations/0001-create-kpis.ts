import { type MigrationInterface, type QueryRunner } from 'typeorm';

const PRODUCT = `
  create table product (
    product_id text primary key,
    version int not null,
    name text not null,
    owner text not null,
    timezone text not null,
    due_by jsonb not null,
    active boolean not null,
    -- The first week whose KPIs are expected; null while none are.
    expected_from text,
    wake_at timestamptz(3),
    -- The grace by which wake_at was reckoned.
    wake_grace text
  );
  create index product_wake on product (wake_at) where wake_at is not null;`;

const REPORT = `
  -- Every report as it was understood. The current values are in figure.
  create table report (
    id uuid primary key,
    product_id text not null,
    week text not null,
    -- How many reports of this product and week had changed something, this one included.
    version int not null,
    sender text not null,
    figures jsonb not null,
    received_at timestamptz(3) not null
  );
  create index report_week on report (product_id, week, version);
  create index report_received on report (product_id, received_at);

  create function refuse_to_change_reports() returns trigger language plpgsql as $$
  begin
    raise exception 'Reports are append-only: % of % is refused', lower(tg_op), tg_table_name
      using hint = 'Let the product report the week again: that corrects it.';
  end $$;
  create trigger append_only before update or delete or truncate on report
    for each statement execute function refuse_to_change_reports();`;

const FIGURE = `
  create table figure (
    product_id text collate "C" not null,
    week text collate "C" not null,
    name text collate "C" not null,
    value float8 not null,
    unit text,
    target float8,
    better text not null check (better in ('up', 'down')),
    received_at timestamptz(3) not null,
    primary key (product_id, week, name)
  );
  create index figure_name on figure (product_id, name, week);
  create index figure_week on figure (week, name, product_id);

  -- What a figure was before it was corrected.
  create table former_value (
    id bigint generated always as identity primary key,
    product_id text not null,
    week text not null,
    name text not null,
    value float8 not null,
    received_at timestamptz(3) not null
  );
  create index former_value_figure on former_value (product_id, week, name, id);`;

const SILENCE = `
  -- What was said about a week without KPIs: its key keeps it from being said twice.
  create table silence (
    product_id text not null,
    week text collate "C" not null,
    owner_told_at timestamptz(3) not null,
    admins_told_at timestamptz(3),
    primary key (product_id, week)
  );`;

export class CreateKpis0001 implements MigrationInterface {
  readonly name = 'CreateKpis1763820000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const tables of [PRODUCT, REPORT, FIGURE, SILENCE]) await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table silence; drop table former_value; drop table figure; drop table report; drop table product;
      drop function refuse_to_change_reports;
    `);
  }
}
