#!/usr/bin/env bash
# Stands in for docker where no engine is: keeps images and containers as files below $STAND_IN_DOCKER, writes every call into
# calls there, and ends with 99 at a call that it does not know. What an image does stands in its Dockerfile, or in remote/NAME:
# "unhealthy" never gets healthy, "broken" cannot be built, "fails" ends with an error, "slow" is built when there is a file go.
# A compose file is JSON here, which is YAML, too, as Compose itself shows it.
set -Eeuo pipefail

here=$STAND_IN_DOCKER
mkdir -p "$here"/{images,contents,containers,remote}
printf '%s\n' "$*" >>"$here/calls"

file_of() { printf '%s' "${1//\//%}"; }
unknown() { printf 'stand-in: %s\n' "$*" | tee -a "$here/unknown" >&2; exit 99; }
image_id() { if [[ $1 == sha256:* ]]; then [[ -f $here/contents/$1 ]] && printf '%s\n' "$1"; else cat "$here/images/$(file_of "$1")" 2>/dev/null; fi; }
does() { grep -qw "$2" "$here/contents/$1"; }
# Fields of a container: service, id of its image, name of its image, hash, project, folder.
field() { local all; IFS='|' read -ra all <"$here/containers/$1"; printf '%s\n' "${all[$2 - 1]}"; }
containers_of() { (cd "$here/containers" && grep -lE "^${1:-[^|]*}\|.*\|$project\|[^|]*\$" -- * | sort -n) || true; }
keep() { local id; id=sha256:$(sha256sum <<<"$2" | cut -c 1-64); printf '%s\n' "$2" >"$here/contents/$id"; printf '%s\n' "$id" >"$here/images/$(file_of "$1")"; }
healthy() { if does "$(field "$1" 2)" unhealthy; then echo unhealthy; else echo healthy; fi; }

config() { local text; text=$(<"$folder/docker-compose.yml"); printf '{"name": "%s",%s\n' "${project:-${folder##*/}}" "${text/#?/}" | sed "s/\${VERSION}/${VERSION:-}/g"; }
image_name() { config | jq -r --arg s "$1" --arg p "$project" '.services[$s].image // "\($p)-\($s)"'; }
hash_of() { local sum; sum=$(config | jq -cS --arg s "$1" '.services[$s] | del(.build)' | md5sum); printf '%s\n' "${sum%% *}"; }

create() {
  local name id next
  name=$(image_name "$1")
  id=$(image_id "$name") || { printf 'No such image: %s\n' "$name" >&2; exit 1; }
  next=$(($(cat "$here/next" 2>/dev/null || echo 100) + 1))
  printf '%s\n' "$next" >"$here/next"
  printf '%s\n' "$1|$id|$name|$(hash_of "$1")|$project|$folder" >"$here/containers/$next"
}

up() {
  local services=() recreate=1 orphans=0 scale=1 each service want=''
  while (($# > 0)); do
    case $1 in
      -d | --no-build | --no-deps | --wait) ;;
      --wait-timeout) shift ;;
      --no-recreate) recreate=0 ;;
      --remove-orphans) orphans=1 ;;
      --scale) shift; scale=${1#*=} ;;
      -*) unknown "up $1" ;;
      *) services+=("$1") ;;
    esac
    shift
  done
  if ((orphans)); then
    for each in $(containers_of); do [[ $(config | jq --arg s "$(field "$each" 1)" '.services | has($s)') == true ]] || rm "$here/containers/$each"; done
  fi
  for service in "${services[@]}"; do
    want="$(image_id "$(image_name "$service")")|$(hash_of "$service")"
    for each in $(containers_of "$service"); do
      ((recreate)) || continue
      [[ "$(field "$each" 2)|$(field "$each" 4)" == "$want" ]] || { rm "$here/containers/$each"; create "$service"; }
    done
    while (($(containers_of "$service" | wc -l) < scale)); do create "$service"; done
    while (($(containers_of "$service" | wc -l) > scale)); do rm "$here/containers/$(containers_of "$service" | tail -1)"; done
  done
  for service in "${services[@]}"; do
    for each in $(containers_of "$service"); do
      [[ $(healthy "$each") == healthy ]] || { printf 'container %s is unhealthy\n' "$service-$each" >&2; exit 1; }
    done
  done
}

build() {
  local text
  text=$(<"$folder/$(config | jq -r --arg s "$1" '.services[$s].build.context')/Dockerfile")
  while grep -qw slow <<<"$text" && [[ ! -f $here/go ]]; do sleep 0.05; done
  ! grep -qw broken <<<"$text" || { echo 'failed to solve' >&2; exit 1; }
  keep "$(image_name "$1")" "$text"
}

compose() {
  project='' folder=''
  while [[ ${1:-} == --project-* ]]; do
    [[ $1 != --project-name ]] || project=$2
    [[ $1 != --project-directory ]] || folder=$2
    shift 2
  done
  local wish=${1:-}
  shift
  case "$wish $*" in
    'version --short') echo "${STAND_IN_COMPOSE:-2.26.1}" ;;
    'config --format json') config ;;
    'config --hash '*) printf '%s %s\n' "$2" "$(hash_of "$2")" ;;
    'ps -q' | 'ps -a -q') containers_of ;;
    'ps -q '* | 'ps -a -q '*) containers_of "${!#}" ;;
    'ps --format '*) for each in $(containers_of); do printf '%s %s\n' "$(field "$each" 1)" "$(field "$each" 3)"; done ;;
    'build --quiet '*) build "$2" ;;
    'up '*) up "$@" ;;
    'run --rm --no-deps -T '*) ! does "$(image_id "$(image_name "$4")")" fails || { echo 'it fails' >&2; exit 1; } ;;
    'rm -s -f '*) for each in "${@:3}"; do for id in $(containers_of "$each"); do rm "$here/containers/$id"; done; done ;;
    *) unknown "compose $wish $*" ;;
  esac
}

inspect() {
  local format=$1 each
  shift
  for each in "$@"; do
    case $format in
      *service*) printf '%s\t%s\t%s\n' "$(field "$each" 1)" "$(field "$each" 2)" "$(field "$each" 3)" ;;
      *config-hash*) printf '%s %s\n' "$(field "$each" 2)" "$(field "$each" 4)" ;;
      *State*) printf 'running %s\n' "$(healthy "$each")" ;;
      *) unknown "inspect $format" ;;
    esac
  done
}

remove_image() {
  local id each
  id=$(image_id "$1") || exit 1
  for each in "$here"/containers/*; do [[ $(cut -d '|' -f 2 "$each") != "$id" ]] || { echo 'image is being used' >&2; exit 1; }; done
  [[ $1 == sha256:* ]] || rm "$here/images/$(file_of "$1")"
  grep -qrxF "$id" "$here/images" || rm "$here/contents/$id"
}

pull() {
  [[ -f $here/remote/$(file_of "$1") ]] || { printf 'manifest unknown: %s\n' "$1" >&2; exit 1; }
  keep "$1" "$(<"$here/remote/$(file_of "$1")")"
}

case "$*" in
  compose\ *) compose "${@:2}" ;;
  'ps -a --filter label=com.docker.compose.project='*) project=${4##*=}; for each in $(containers_of); do field "$each" 6; done ;;
  'inspect -f '*) inspect "${@:3}" ;;
  'image inspect -f {{.Id}} '*) image_id "$5" ;;
  'image inspect '*) image_id "$3" ;;
  'image rm '*) remove_image "$3" ;;
  'pull -q '*) pull "$3" ;;
  'tag '*) image_id "$2" >/dev/null && printf '%s\n' "$2" >"$here/images/$(file_of "$3")" ;;
  'logs --tail 20 '*) echo "the last words of $4, of postgres://me:secret@db/x" ;;
  'stop '*) ;;
  'rm '*) for each in "$@"; do [[ ! -f $here/containers/$each ]] || rm "$here/containers/$each"; done ;;
  *) unknown "$*" ;;
esac
