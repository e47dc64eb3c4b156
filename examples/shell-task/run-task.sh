#!/bin/sh
# Runs a command as a task of Recert: tells that it starts, and how it ended, with the end of what it said.
#
#   RECERT_URL=https://recert.example.org RECERT_TOKEN=... run-task.sh nightly-backup pg_dump -f backup.sql mydb
#
# It needs nothing but curl. The exit status is the command's own, also while Recert cannot be reached.
set -u

if [ $# -lt 2 ] || [ -z "${RECERT_URL:-}" ] || [ -z "${RECERT_TOKEN:-}" ]; then
  echo "usage: RECERT_URL=... RECERT_TOKEN=... $0 TASK COMMAND [ARGUMENT ...]" >&2
  exit 2
fi
task=$1
shift

# What is said goes in as text, so that nothing of a log has to be made JSON: the status stands in the address.
report() {
  curl --silent --show-error --fail --output /dev/null --max-time 10 --retry 3 --retry-connrefused \
    --header "Authorization: Bearer $RECERT_TOKEN" --header 'Content-Type: text/plain' \
    --data-binary @- "$RECERT_URL/hooks/tasks/$task?status=$1" || echo "$0: Recert was not told of $1" >&2
}

log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

report start </dev/null
# A pipe would hide the command's status.
"$@" >"$log" 2>&1
status=$?
cat "$log"
if [ "$status" -eq 0 ]; then word=success; else word=fail; fi
tail -c 10000 "$log" | report "$word"
exit "$status"
