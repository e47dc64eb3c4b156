#!/usr/bin/env bash
# Deploys one service to a droplet: deploy/deploy.sh SERVICE [VERSION]
#   DEPLOY_TARGET        user and host, e.g. deploy@recert.example.org
#   DEPLOY_SSH_OPTIONS   more options of ssh, e.g. -p 2222 -i key
#   RECERT_IMAGES        where the images are, e.g. ghcr.io/example/recert; without a slash they are built here and streamed
# The exit status is 0 when the new version runs and something else when it does not; the last line says what runs now.
set -Eeuo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
services='registry scheduler notifier kpi-ingest alert-relay console'
prefix=${RECERT_IMAGES:-recert}

give_up() { printf 'deploy: %s\n' "$*" >&2; exit "${status:-1}"; }

(($# == 1 || $# == 2)) || status=64 give_up "which service? deploy/deploy.sh SERVICE [VERSION], with SERVICE one of $services"
service=$1
[[ " $services " == *" $service "* ]] || status=64 give_up "there is no service \"$service\": $services"
version=${2:-$(git -C "$root" rev-parse --short=12 HEAD)}
[[ -n ${DEPLOY_TARGET:-} ]] || status=64 give_up 'DEPLOY_TARGET says where: user and host, e.g. deploy@recert.example.org'
read -ra options <<<"${DEPLOY_SSH_OPTIONS:-}"
image=$prefix-$service:$version

# A connection that is dead is noticed within a minute. A host key that changed ends everything here, before anything is sent.
on_droplet() { ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=4 "${options[@]}" "$DEPLOY_TARGET" "$@"; }

build() {
  local target=app
  [[ $service == console ]] && target=console
  printf 'building %s\n' "$image"
  docker build -q -f "$root/deploy/Dockerfile" --target "$target" --build-arg "APP=$service" -t "$image" "$root" >/dev/null
}

bring_image() {
  local found=0
  on_droplet has-image "$service" "$version" || found=$?
  ((found == 255)) && status=255 give_up "no connection to $DEPLOY_TARGET (see above). Nothing was changed."
  ((found == 0)) && return
  docker image inspect "$image" >/dev/null 2>&1 || build || give_up "$image cannot be built. Nothing was changed."
  printf 'sending %s\n' "$image"
  docker save "$image" | gzip -1 | on_droplet load || give_up "$image did not arrive. Nothing was changed; try again."
}

[[ $prefix == */* ]] || bring_image

outcome=0
on_droplet deploy "$service" "$version" || outcome=$?
# 255 is a connection that broke, and above 128 an ssh that was ended here. The droplet goes on without us; what became of it is
# asked for until it says so.
for ((tries = 1; outcome > 128 && tries <= 20; tries += 1)); do
  printf 'the connection was lost; asking again what became of it\n' >&2
  sleep 3
  outcome=0
  on_droplet outcome "$service" "$version" || outcome=$?
done
((outcome <= 128)) || status=255 give_up "the connection was lost for good, and with it what became of $service $version: ssh $DEPLOY_TARGET outcome"
((outcome == 0)) || status=$outcome give_up "$service $version does not run"
printf 'deployed: %s %s\n' "$service" "$version"
