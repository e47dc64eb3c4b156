#!/usr/bin/env bash
# Runs a command with the key of a deploy, for whoever has it in variables and not in files: deploy/with-key.sh COMMAND ...
#   DEPLOY_KEY           the private key
#   DEPLOY_KNOWN_HOSTS   lines of known_hosts; a host that is not in them is not believed
# The command finds them in DEPLOY_SSH_OPTIONS, and nothing of them is left behind.
set -Eeuo pipefail

give_up() { printf 'with-key: %s\n' "$*" >&2; exit 64; }

[[ -n ${DEPLOY_TARGET:-} ]] || give_up 'DEPLOY_TARGET says where: user and host, e.g. deploy@recert.example.org'
[[ -n ${DEPLOY_KEY:-} ]] || give_up 'DEPLOY_KEY is empty: the private key of the deploy user'
[[ -n ${DEPLOY_KNOWN_HOSTS:-} ]] || give_up 'DEPLOY_KNOWN_HOSTS is empty: what ssh-keyscan says of the host, compared with the droplet itself'

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(umask 077 && printf '%s\n' "$DEPLOY_KEY" >"$dir/key" && printf '%s\n' "$DEPLOY_KNOWN_HOSTS" >"$dir/known_hosts")
port=${DEPLOY_PORT:-22}
host=${DEPLOY_TARGET#*@}
[[ $port == 22 ]] || host="[$host]:$port"
ssh-keygen -F "$host" -f "$dir/known_hosts" >/dev/null || give_up "DEPLOY_KNOWN_HOSTS has no line for $host"
export DEPLOY_SSH_OPTIONS="-F none -p $port -i $dir/key -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$dir/known_hosts -o GlobalKnownHostsFile=/dev/null"
unset DEPLOY_KEY DEPLOY_KNOWN_HOSTS
"$@"
