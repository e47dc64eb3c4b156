import { type MigrationInterface, type QueryRunner } from 'typeorm';

const PRODUCT = `
  create table product (
    id text primary key,
    version int not null,
    name text not null,
    -- In lower case: Sentry's own case is not always kept by those who write it down.
    sentry_project text,
    active boolean not null
  );
  create index product_sentry on product (sentry_project) where sentry_project is not null;
`;

const ALERT = `
  create table alert (
    id uuid primary key,
    version int not null,
    source text not null,
    key text not null,
    product_id text,
    kind text not null,
    severity text not null,
    title text not null,
    detail text,
    link text,
    count int not null,
    status text not null,
    started_at timestamptz(3) not null,
    last_at timestamptz(3) not null,
    sign_at timestamptz(3) not null,
    acknowledged_by text,
    acknowledged_at timestamptz(3),
    snoozed_until timestamptz(3),
    held_by uuid,
    level int not null,
    said_at timestamptz(3),
    resolved_at timestamptz(3),
    resolved_by text,
    wake_at timestamptz(3)
  );
  create unique index alert_open on alert (source, key) where status <> 'resolved';
  create index alert_last on alert (source, key, resolved_at desc);
  create index alert_outage on alert (product_id) where kind = 'uptime' and status <> 'resolved';
  create index alert_held on alert (held_by) where held_by is not null and status <> 'resolved';
  create index alert_wake on alert (wake_at) where wake_at is not null;
  create index alert_list on alert (started_at desc, id desc);
`;

const ALERT_SIGN = `
  -- What sources have said, and what came of it.
  create table alert_sign (
    seq bigint generated always as identity primary key,
    -- The request that said it; null for what was asked for.
    hook_id uuid,
    alert_id uuid,
    source text not null,
    key text not null,
    status text not null,
    at timestamptz(3),
    received_at timestamptz(3) not null,
    effect text not null,
    sign jsonb not null,
    -- The body where we do not understand it, as JSON text: a jsonb column does not take all of that.
    payload text
  );
  create index alert_sign_alert on alert_sign (alert_id, seq);

  create function refuse_to_change_signs() returns trigger language plpgsql as $$
  begin
    raise exception 'The log of signs is append-only: % is refused', lower(tg_op);
  end $$;
  create trigger append_only before update or delete or truncate on alert_sign
    for each statement execute function refuse_to_change_signs();
`;

const SENTRY_POLL = `
  -- How far Sentry was asked, and when it may be asked again.
  create table sentry_poll (
    one boolean primary key default true check (one),
    asked_until timestamptz(3),
    next_at timestamptz(3) not null
  );
`;

export class CreateAlerts0001 implements MigrationInterface {
  readonly name = 'CreateAlerts1763810000200';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [PRODUCT, ALERT, ALERT_SIGN, SENTRY_POLL]) await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table sentry_poll; drop table alert_sign; drop function refuse_to_change_signs; drop table alert; drop table product;',
    );
  }
}
