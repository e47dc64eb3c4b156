#!/usr/bin/env bash
# Builds the image of one service and pushes it, where RECERT_IMAGES names a registry: deploy/push-image.sh SERVICE VERSION
# What is there already is not built again: a version is a commit, and a commit is always the same.
set -Eeuo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
give_up() { printf 'push-image: %s\n' "$*" >&2; exit 64; }
(($# == 2)) || give_up 'which image? deploy/push-image.sh SERVICE VERSION'
[[ ${RECERT_IMAGES:-} == */* ]] || give_up 'RECERT_IMAGES names no registry, e.g. ghcr.io/example/recert'
image=${RECERT_IMAGES,,}-$1:$2
target=app
[[ $1 == console ]] && target=console

if docker manifest inspect "$image" >/dev/null 2>&1; then
  printf '%s is there already\n' "$image"
  exit
fi
printf 'building %s\n' "$image"
docker build -q -f "$root/deploy/Dockerfile" --target "$target" --build-arg "APP=$1" -t "$image" "$root" >/dev/null
docker push -q "$image"
