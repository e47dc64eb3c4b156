#!/usr/bin/env bash
# Deploys services one after another, in the order in which they are named: deploy/deploy-services.sh VERSION SERVICE ...
# The first that fails ends it: what follows may need it. The last line says what runs in the version and what does not.
set -Eeuo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
(($# > 1)) || { echo 'deploy-services: which ones? deploy/deploy-services.sh VERSION SERVICE ...' >&2; exit 64; }
version=$1
shift
deployed=()
while (($# > 0)); do
  printf -- '-- %s\n' "$1"
  status=0
  "$here/deploy.sh" "$1" "$version" || status=$?
  if ((status != 0)); then
    printf 'failed: %s %s; deployed before it: %s; not tried: %s\n' "$1" "$version" "${deployed[*]:-nothing}" "${*:2}" >&2
    exit "$status"
  fi
  deployed+=("$1")
  shift
done
printf 'deployed: %s %s\n' "${deployed[*]}" "$version"
