#!/usr/bin/env bash
# Says which versions run on a droplet, and the sums of its configuration files: what tools/plan-deploy.mjs goes by.
# DEPLOY_TARGET and DEPLOY_SSH_OPTIONS are as in deploy.sh.
set -Eeuo pipefail

[[ -n ${DEPLOY_TARGET:-} ]] || { echo 'what-runs: DEPLOY_TARGET says where: user and host, e.g. deploy@recert.example.org' >&2; exit 64; }
read -ra options <<<"${DEPLOY_SSH_OPTIONS:-}"
for wish in status configuration; do
  ssh -o BatchMode=yes -o ConnectTimeout=15 "${options[@]}" "$DEPLOY_TARGET" "$wish" ||
    { printf 'what-runs: %s does not say its %s: has it the recert-deploy of this version?\n' "$DEPLOY_TARGET" "$wish" >&2; exit 1; }
done
