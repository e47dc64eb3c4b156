import { type MigrationInterface, type QueryRunner } from 'typeorm';

const tables = `
  -- Outside addresses that want to hear of events. The secret signs what is sent, so it is kept as it is.
  create table subscription (
    id text primary key,
    name text not null,
    url text not null,
    state text not null default 'active' check (state in ('active', 'disabled', 'off')),
    secret text not null,
    -- The one before, which signs beside it until then.
    old_secret text,
    old_secret_until timestamptz(3),
    created_at timestamptz(3) not null,
    last_success_at timestamptz(3),
    last_error text,
    last_error_at timestamptz(3),
    failing_since timestamptz(3),
    -- The receiver wants to be left alone until then.
    quiet_until timestamptz(3),
    disabled_at timestamptz(3),
    disabled_times int not null default 0,
    dropped bigint not null default 0
  );

  -- What each wants: a subject, or a family of them such as alert.*, of what is said from then on.
  create table subscription_subject (
    subscription_id text not null references subscription (id) on delete cascade,
    pattern text not null,
    since timestamptz(3) not null,
    primary key (subscription_id, pattern)
  );
  create index subscription_subject_pattern on subscription_subject (pattern);

  create table subscription_delivery (
    subscription_id text not null references subscription (id) on delete cascade,
    event_id uuid not null,
    subject text not null,
    body text not null,
    state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed')),
    attempts int not null default 0,
    status int,
    error text,
    created_at timestamptz(3) not null,
    not_before timestamptz(3) not null,
    lease_until timestamptz(3),
    settled_at timestamptz(3),
    primary key (subscription_id, event_id)
  );
  create index subscription_delivery_waiting on subscription_delivery (subscription_id, not_before, event_id)
    where state = 'waiting';
  create index subscription_delivery_oldest on subscription_delivery (subscription_id, created_at desc, event_id desc)
    where state = 'waiting';
  create index subscription_delivery_in_hand on subscription_delivery (subscription_id, lease_until)
    where state = 'sending';
  create index subscription_delivery_newest on subscription_delivery (subscription_id, created_at desc, event_id desc);
  create index subscription_delivery_age on subscription_delivery (created_at);

  -- Subjects that the bus keeps events of for subscriptions, and since when nobody wants them any more.
  create table followed_subject (
    subject text primary key,
    unwanted_since timestamptz(3)
  );

  -- What outside systems have called the facts that they sent here.
  create table outside_subject (
    subject text primary key,
    first_at timestamptz(3) not null
  );
`;

export class CreateSubscriptions implements MigrationInterface {
  readonly name = 'CreateSubscriptions1763800100017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table outside_subject; drop table followed_subject; drop table subscription_delivery;
       drop table subscription_subject; drop table subscription;`,
    );
  }
}
