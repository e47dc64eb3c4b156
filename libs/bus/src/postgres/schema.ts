/** The postgres transport's own schema. Made on connect, under a lock, so that any number of processes may start at once. */
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
  create table if not exists bus.consumer (
    durable text primary key,
    subject text not null,
    created_at timestamptz not null default now()
  );
  create table if not exists bus.delivery (
    durable text not null,
    seq bigint not null,
    available_at timestamptz not null default now(),
    deliveries int not null default 0,
    primary key (durable, seq)
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
  create index if not exists delivery_available on bus.delivery (durable, available_at, seq);
`;

/** Taken shared by a publisher and alone by a new consumer, so that it sees each message either in the past or in future. */
export const MEMBERSHIP_LOCK = 7_236_001;
/** Taken while the schema is made. */
export const SCHEMA_LOCK = 7_236_002;
export const CHANNEL = 'recert_bus';
/** A delivery that is neither acked nor put off by then is delivered again. */
export const LEASE_SECONDS = 30;
/** Messages without an open delivery are kept this long for consumers that come later. */
export const RETENTION_DAYS = 30;
