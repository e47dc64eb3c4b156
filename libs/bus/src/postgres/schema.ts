import { lockKey } from '../lock-key';

/** Taken shared by a publisher and alone by a new consumer, so that it sees each message either in the past or in future. */
export const MEMBERSHIP_LOCK = lockKey('bus.membership');
/** Taken while the schema is made. */
export const SCHEMA_LOCK = lockKey('bus.schema');
/** First half of the lock that a process holds on its own number for as long as it lives. */
export const OWNER_LOCK = 7_236_003;
export const CHANNEL = 'recert_bus';
/** What stands on the schema when it is as this version of the program needs it. */
export const SCHEMA_MARK = 'recert bus 3';

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
    primary key (seq, durable)
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
  create index if not exists delivery_available on bus.delivery (durable, available_at, seq);

  -- One round trip and one commit for a batch. Each statement in it sees what was committed before that statement
  -- began, so that the consumers are read after the lock was waited for. Of each consumer in here, which the calling
  -- process serves itself, it takes as many deliveries at once as there is room for; others are told of the rest.
  create or replace function bus.publish(ids uuid[], subjects text[], payloads text[], headers jsonb[],
    sender int, here text[], room int[], lease float8)
  returns table (id uuid, sequence bigint, takers text[]) language plpgsql as $$
  declare
    added_rows bigint;
  begin
    perform pg_advisory_xact_lock_shared(${MEMBERSHIP_LOCK});
    return query
      with clock as materialized (select clock_timestamp() as at),
      added as (
        insert into bus.message (event_id, subject, payload, headers)
        select t.i, t.s, t.p, t.h from unnest(ids, subjects, payloads, headers) with ordinality as t(i, s, p, h, n)
        order by t.n on conflict (event_id) do nothing returning seq, event_id, subject),
      fanned as materialized (
        select c.durable, a.seq,
          coalesce(row_number() over (partition by c.durable order by a.seq) <= local.room, false) as taken
        from added a join bus.consumer c on c.subject = a.subject
          left join unnest(here, room) as local(durable, room) on local.durable = c.durable),
      delivered as (
        insert into bus.delivery (durable, seq, available_at, deliveries, owner)
        select f.durable, f.seq, clock.at + case when f.taken then make_interval(secs => lease) else '0' end,
          f.taken::int, case when f.taken then sender end
        from fanned f cross join clock),
      hint as (
        select count(pg_notify('${CHANNEL}', sender::text)) from (select from fanned where not taken limit 1) as left_over)
      select a.event_id, a.seq, (select array_agg(f.durable) from fanned f where f.seq = a.seq and f.taken)
      from added a cross join hint;
    get diagnostics added_rows = row_count;
    if added_rows < cardinality(ids) then
      return query select m.event_id, m.seq, null::text[] from bus.message m where m.event_id = any(ids);
    end if;
  end $$;

  comment on schema bus is '${SCHEMA_MARK}';
`;
