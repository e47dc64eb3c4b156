#!/usr/bin/env bash
# A role for each service, which owns its own schema and sees no other. Run when the data folder is made, and by hand after a
# service was added or a password was changed:
#   docker compose up -d postgres && docker compose exec postgres /docker-entrypoint-initdb.d/create-roles.sh
set -Eeuo pipefail

role() {
  local name=$1 password=$2
  psql -v ON_ERROR_STOP=1 --no-psqlrc -U "$POSTGRES_USER" -d "$POSTGRES_DB" -v name="$name" -v password="$password" <<'SQL'
select format('create role %I', :'name') where not exists (select from pg_roles where rolname = :'name') \gexec
alter role :"name" login password :'password' connection limit 14;
grant connect on database recert to :"name";
create schema if not exists :"name" authorization :"name";
alter role :"name" in database recert set search_path = :"name";
SQL
}

psql -v ON_ERROR_STOP=1 --no-psqlrc -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
revoke all on database recert from public;
revoke all on schema public from public;
SQL
role registry "$REGISTRY_DB_PASSWORD"
role scheduler "$SCHEDULER_DB_PASSWORD"
role notifier "$NOTIFIER_DB_PASSWORD"
role kpi-ingest "$KPI_INGEST_DB_PASSWORD"
role alert-relay "$ALERT_RELAY_DB_PASSWORD"
