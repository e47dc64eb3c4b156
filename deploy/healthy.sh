#!/usr/bin/env bash
# Whether the service in this container is ready. Bash alone, since another Node would want half as much memory again.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${PORT:-3000}"
printf 'GET /health/%s HTTP/1.0\r\nHost: localhost\r\n\r\n' "${1:-ready}" >&3
IFS= read -r -t 2 status <&3
[[ $status == *' 200 '* ]]
