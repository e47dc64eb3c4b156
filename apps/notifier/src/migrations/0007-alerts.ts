import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the alert relay says of alerts, and where each of them is shown. */
export class CreateAlerts implements MigrationInterface {
  readonly name = 'CreateAlerts1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ALERTS);
    await runner.query(SHOWN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table alert_message; drop table alert_chat; drop table alert;');
  }
}

const ALERTS = `
  create table alert (
    id uuid primary key,
    version int not null,
    source text not null,
    product_id text,
    kind text not null,
    severity text not null check (severity in ('critical', 'warning', 'info')),
    title text not null,
    detail text,
    link text,
    count int not null,
    status text not null check (status in ('firing', 'acknowledged', 'snoozed', 'resolved')),
    started_at timestamptz(3) not null,
    last_at timestamptz(3) not null,
    acknowledged_by text,
    acknowledged_at timestamptz(3),
    snoozed_until timestamptz(3),
    held_by uuid,
    resolved_at timestamptz(3),
    resolved_by text,
    duration_ms bigint,
    -- The button that was pressed last, until the alert shows what came of it.
    wish text,
    wish_by text,
    wish_at timestamptz(3)
  );
  create index alert_open on alert (started_at desc) where status <> 'resolved';
  create index alert_held on alert (held_by) where held_by is not null;
  create index alert_resolved on alert (resolved_at) where status = 'resolved';
`;

const SHOWN = `
  create table alert_chat (
    chat_id bigint primary key,
    topic_id bigint,
    handle text,
    -- The storm that is under way or was last: its digest counts what has no message of its own.
    storm int not null default 0,
    storm_at timestamptz(3)
  );

  create table alert_message (
    alert_id uuid not null references alert (id) on delete cascade,
    chat_id bigint not null references alert_chat (chat_id) on update cascade,
    -- A message of its own, or a number in the digest of a storm.
    place text not null check (place in ('own', 'digest')),
    storm int,
    -- In a digest, whether it shall have a message of its own as soon as there is room.
    is_urgent boolean not null default false,
    -- Of a message of its own, what its buttons carry.
    nonce text unique,
    primary key (alert_id, chat_id)
  );
  create index alert_message_in_storm on alert_message (chat_id, storm) where place = 'digest';
  create index alert_message_urgent on alert_message (chat_id) where place = 'digest' and is_urgent;
`;
