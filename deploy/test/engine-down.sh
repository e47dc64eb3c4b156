#!/usr/bin/env bash
# Ends the engine that engine.sh has started, and puts the machine's network back as it was.
set -Eeuo pipefail

dir=${TEST_DOCKER_DIR:-/var/tmp/recert-docker}
[[ -f $dir/dockerd.pid ]] || exit 0
pid=$(<"$dir/dockerd.pid")
kill "$pid" 2>/dev/null || true
# Whoever has ended may stay a zombie where nobody waits for it.
for ((tries = 0; tries < 200; tries += 1)); do
  grep -qs '^State:[[:space:]]*[^Z]' "/proc/$pid/status" || break
  sleep 0.1
done
iptables-restore <"$dir/iptables.before"
cat "$dir/ip_forward.before" >/proc/sys/net/ipv4/ip_forward
rm -f "$dir/dockerd.pid"
