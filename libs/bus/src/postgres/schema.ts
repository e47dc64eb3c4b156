import { lockKey } from '../lock-key';

/** Taken shared by a publisher and alone by a new consumer, so that it sees each message either in the past or in future. */
export const MEMBERSHIP_LOCK = lockKey('bus.membership');
/** Taken while the schema is made. */
export const SCHEMA_LOCK = lockKey('bus.schema');
/** First half of the lock that a process holds on its own number for as long as it lives. */
export const OWNER_LOCK = 7_236_003;
export const CHANNEL = 'recert_bus';
/** What stands on the schema when it is as this version of the program needs it. */
export const SCHEMA_MARK = 'recert bus 1';

/** The postgres transport's own schema. May be run again; made under a lock, so that any number of processes may start. */
export const BUS_SCHEMA = `
  create schema if not exists bus;
  create table if not exists bus.store (id uuid primary key default gen_random_uuid(), one boolean unique default true check (one));
  insert into bus.store default values on conflict do nothing;
  create table if not exists bus.message (
    seq bigint generated always as identity primary key,
    event_id uuid not null unique,
    subject text not null,
    payload text not null,
    headers jsonb not null,
    at timestamptz not null default now()
  );
  create index if not exists message_at on bus.message (at);
  create index if not exists message_subject on bus.message (subject, seq);
  create table if not exists bus.consumer (
    durable text primary key,
    subject text not null,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
  );
  create table if not exists bus.delivery (
    durable text not null,
    seq bigint not null,
    available_at timestamptz not null,
    deliveries int not null default 0,
    owner int,
    primary key (durable, seq)
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
  create index if not exists delivery_available on bus.delivery (durable, available_at, seq);
  create index if not exists delivery_seq on bus.delivery (seq);

  -- One round trip and one commit for a batch. Each statement in it sees what was committed before that statement
  -- began, so that the consumers are read after the lock was waited for.
  create or replace function bus.publish(ids uuid[], subjects text[], payloads text[], headers jsonb[], sender text)
  returns table (id uuid, sequence bigint) language plpgsql as $$
  begin
    perform pg_advisory_xact_lock_shared(${MEMBERSHIP_LOCK});
    with added as (
      insert into bus.message (event_id, subject, payload, headers)
      select t.i, t.s, t.p, t.h from unnest(ids, subjects, payloads, headers) with ordinality as t(i, s, p, h, n)
      order by t.n on conflict (event_id) do nothing returning seq, subject)
    insert into bus.delivery (durable, seq, available_at)
      select c.durable, a.seq, (select clock_timestamp()) from added a join bus.consumer c on c.subject = a.subject;
    perform pg_notify('${CHANNEL}', sender);
    return query select m.event_id, m.seq from bus.message m where m.event_id = any(ids);
  end $$;

  comment on schema bus is '${SCHEMA_MARK}';
`;
