import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Whether Telegram can be reached, what is said elsewhere while it cannot, and what tells people that all is well. */
export class CreateWatching implements MigrationInterface {
  readonly name = 'CreateWatching1764600000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WATCHING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table service_pulse; drop table alive_turn; drop table fallback_told; drop table fallback_delivery;
      drop table telegram_reach;
    `);
  }
}

const WATCHING = `
  -- One row: see reach/reach.ts.
  create table telegram_reach (
    id int primary key default 1 check (id = 1),
    messages_fail_since timestamptz(3),
    calls_fail_since timestamptz(3),
    fallback_since timestamptz(3),
    fallback_begun_at timestamptz(3),
    fallback_back_at timestamptz(3)
  );

  create table fallback_delivery (
    id bigint generated always as identity primary key,
    way text not null check (way in ('ntfy', 'mail')),
    kind text not null check (kind in ('news', 'end', 'alive', 'test')),
    -- Since when Telegram was away; null for what is said at other times.
    outage timestamptz(3),
    -- As ntfy counts it: 1 is lowest, 5 highest.
    urgency smallint not null,
    title text not null,
    text text not null,
    state text not null default 'waiting'
      check (state in ('waiting', 'sending', 'sent', 'failed', 'withdrawn')),
    attempts int not null default 0,
    error text,
    lease_until timestamptz(3),
    not_before timestamptz(3) not null,
    created_at timestamptz(3) not null,
    sent_at timestamptz(3)
  );
  create index fallback_delivery_open on fallback_delivery (way, id) where state in ('waiting', 'sending');
  create index fallback_delivery_of_outage on fallback_delivery (way, outage) where outage is not null;

  -- What was said of a thread in a delivery: it is said again when it reads otherwise.
  create table fallback_told (
    delivery_id bigint not null references fallback_delivery (id) on delete cascade,
    thread text not null,
    headline text not null,
    primary key (delivery_id, thread)
  );

  -- One row: when the next "I am alive" is due, by which setting, and when the last one was said.
  create table alive_turn (
    id int primary key default 1 check (id = 1),
    setting text not null,
    next_at timestamptz(3) not null,
    said_at timestamptz(3)
  );

  -- When a task of a service's own reported last.
  create table service_pulse (
    service text primary key,
    at timestamptz(3) not null
  );`;
