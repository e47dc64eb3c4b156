#!/usr/bin/env bash
# Makes a server of Debian 12, Debian 13 or Ubuntu 24.04 ready for Recert. What is as it should be is left alone, so it may run
# as often as one likes. As root: provision.sh [--help]
set -Eeuo pipefail

usage() {
  cat <<'TEXT'
provision.sh makes this server ready for Recert: Docker, a firewall, swap, security updates, limits for logs, and a user who
can deploy and do nothing else. Run it as root, again whenever you like: it changes only what is not as it should be.

  --deploy-key KEY      public key of somebody who may deploy, as one line of a .pub file (DEPLOY_KEY); once for each of them
  --swap-mb MB          size of the swap file where there is no swap (SWAP_MB), 1024; 0 for none
  --reboot-time HH:MM   when it may start anew for an update, in the server's own time (REBOOT_TIME), 04:30; or never
  --help                this text

recert-deploy has to lie beside it. Whoever logs in by password needs a key first: passwords are refused from then on.
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
user=deploy
# What tells our user from somebody else's of the same name.
mark='Deploys Recert'
home=/srv/recert
key=${DEPLOY_KEY:-}
swap_mb=${SWAP_MB:-1024}
reboot_time=${REBOOT_TIME:-04:30}
# Compose asks for them: start_interval.
oldest_engine=25.0 oldest_compose=2.20
docker_fingerprint=9DC858229FC7DD38854AE2D88D81803C0EBFCD88

step='the options'
changed=0 unchanged=0 skipped=0
changed() { printf 'changed    %s: %s\n' "$step" "$*"; changed=$((changed + 1)); }
as_it_was() { printf 'as it was  %s: %s\n' "$step" "$*"; unchanged=$((unchanged + 1)); }
skip() { printf 'skipped    %s: %s\n' "$step" "$*"; skipped=$((skipped + 1)); }
give_up() {
  trap - ERR
  printf 'provision: stopped at %s: %s\n' "$step" "$*" >&2
  if ((changed == 0)); then
    printf 'provision: NOT DONE, and nothing was changed: mend it and run it again\n' >&2
  else
    printf 'provision: NOT DONE: %d changed before, which holds: mend it and run it again\n' "$changed" >&2
  fi
  exit 1
}
trap '((BASH_SUBSHELL == 0)) || exit 1; give_up "\"$BASH_COMMAND\" failed (line $LINENO), see above"' ERR

read_options() {
  while (($# > 0)); do
    case $1 in
      --help) usage; exit 0 ;;
      --deploy-key | --swap-mb | --reboot-time) (($# > 1)) || give_up "$1 wants a value: --help" ;;
      *) give_up "there is no option \"$1\": --help" ;;
    esac
    case $1 in
      --deploy-key) key=$2 ;;
      --swap-mb) swap_mb=$2 ;;
      --reboot-time) reboot_time=$2 ;;
    esac
    shift 2
  done
  [[ $swap_mb =~ ^(0|[1-9][0-9]{1,4})$ ]] || give_up "\"$swap_mb\" is no size of a swap file: megabytes such as 1024, or 0"
  [[ $reboot_time =~ ^(([01][0-9]|2[0-3]):[0-5][0-9]|never)$ ]] || give_up "\"$reboot_time\" is no time of day: 04:30, or never"
  # A key that brought options of its own would not be held to one command.
  [[ -z $key ]] || is_key || give_up 'the deploy key is no public key: give the one line of a .pub file, such as "ssh-ed25519 AAAA... ada@laptop"'
}
is_key() { [[ $key =~ ^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+' '[A-Za-z0-9+/=]+(' '[^[:cntrl:]]*)?$ ]] && ssh-keygen -l -f - <<<"$key" >/dev/null 2>&1; }

check_system() {
  ((EUID == 0)) || give_up 'run it as root'
  [[ -f $here/recert-deploy ]] || give_up "recert-deploy is not beside it, in $here"
  # shellcheck source=/dev/null
  . /etc/os-release
  case "$ID ${VERSION_ID:-}" in
    'debian 12' | 'debian 13' | 'ubuntu 24.04') ;;
    *) give_up "it knows Debian 12, Debian 13 and Ubuntu 24.04, and this is ${PRETTY_NAME:-$ID}" ;;
  esac
  exec 8>/run/recert-provision.lock
  flock -n 8 || give_up 'it runs here already'
}

has_systemd() { [[ -d /run/systemd/system ]]; }
# Its kernel is another machine's, and so are swap and the settings of the kernel.
in_container() { [[ -f /.dockerenv || -f /run/.containerenv || -f /run/systemd/container ]] || grep -qz '^container=' /proc/1/environ; }

# put FILE MODE: standard input becomes the file, whole or not at all. `did` says whether anything changed.
put() {
  local file=$1 mode=$2 new
  mkdir -p "$(dirname "$file")"
  new=$(mktemp "$file.XXXXXX")
  cat >"$new"
  chmod "$mode" "$new"
  if [[ -f $file ]] && cmp -s "$new" "$file" && [[ $(stat -c '%a %U' "$file") == "$mode root" ]]; then
    rm "$new"
    did=no
  else
    mv "$new" "$file"
    did=yes
  fi
}

apt_get() {
  local log=/var/log/recert-provision.log
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold "$@" >>"$log" 2>&1 ||
    { tail -15 "$log" >&2; give_up "apt-get $1 failed (see above, and $log)"; }
}
is_installed() { [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == 'install ok installed' ]]; }
is_updated=no
update_lists() { [[ $is_updated == yes ]] || { apt_get update; is_updated=yes; }; }

install_packages() {
  local each missing=()
  for each in "$@"; do is_installed "$each" || missing+=("$each"); done
  ((${#missing[@]} > 0)) || { as_it_was "$*"; return 0; }
  update_lists
  apt_get install -y --no-install-recommends "${missing[@]}"
  changed "installed ${missing[*]}"
}

is_at_least() { [[ $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -1) == "$1" ]]; }

install_docker() {
  if command -v docker >/dev/null && command -v dockerd >/dev/null && docker compose version >/dev/null 2>&1; then
    local engine compose
    engine=$(dockerd --version | sed 's/^Docker version \([0-9.]*\).*/\1/')
    compose=$(docker compose version --short)
    compose=${compose#v}
    { is_at_least $oldest_engine "$engine" && is_at_least $oldest_compose "$compose"; } ||
      give_up "there is Docker $engine with Compose $compose, and $oldest_engine with $oldest_compose is wanted: bring it up to date, or take it away"
    as_it_was "Docker $engine, Compose $compose"
    return 0
  fi
  if is_installed docker-ce; then install_packages docker-compose-plugin; return 0; fi
  update_lists
  local candidate
  candidate=$(apt-cache policy docker.io | sed -n 's/^ *Candidate: //p')
  if ! is_at_least $oldest_engine "${candidate:-0}"; then
    add_docker_repository
    install_packages docker-ce docker-ce-cli containerd.io docker-compose-plugin
  elif [[ $ID == debian ]]; then
    install_packages docker.io docker-cli docker-compose
  else
    install_packages docker.io docker-compose-v2
  fi
}

# Where the system's own engine is too old: Docker's packages, by a key that is known here.
add_docker_repository() {
  install_packages gnupg
  local keyring=/etc/apt/keyrings/docker.asc url=https://download.docker.com/linux/$ID found
  mkdir -p /etc/apt/keyrings
  curl -fsS --retry 3 -o "$keyring.new" "$url/gpg" || give_up "$url/gpg cannot be fetched (see above)"
  found=$(gpg --batch --with-colons --show-keys "$keyring.new" | sed -n '/^fpr:/{s/^fpr:*\([^:]*\):$/\1/p;q}')
  [[ $found == "$docker_fingerprint" ]] || { rm -f "$keyring.new"; give_up "the key of $url is $found, and not $docker_fingerprint: it is not used"; }
  mv "$keyring.new" "$keyring"
  chmod 644 "$keyring"
  put /etc/apt/sources.list.d/docker.list 644 <<<"deb [arch=$(dpkg --print-architecture) signed-by=$keyring] $url $VERSION_CODENAME stable"
  is_updated=no
  update_lists
}

# What is there already goes before ours.
limit_docker_logs() {
  local file=/etc/docker/daemon.json before='{}' ours after
  ours='{"live-restore":true,"log-driver":"json-file","log-opts":{"max-size":"10m","max-file":"3"}}'
  if [[ -s $file ]]; then
    before=$(jq -ce 'objects' "$file" 2>&1) || give_up "$file is not JSON: ${before:-it holds no object}. Nothing of it was changed: mend it, or move it away"
    # Another driver has other options, and Docker does not start with those of json-file.
    [[ $(jq -r '."log-driver" // "json-file"' "$file") == json-file ]] || ours='{"live-restore":true}'
  fi
  after=$(jq -n --argjson ours "$ours" --argjson before "$before" '($before + $ours) * $before')
  if [[ $(jq -cS . <<<"$after") == "$(jq -cS . <<<"$before")" ]]; then
    as_it_was "$file"
  else
    mkdir -p /etc/docker
    printf '%s\n' "$after" >"$file.new"
    dockerd --validate --config-file "$file.new" >&2 || { rm -f "$file.new"; give_up "Docker would not start with what $file and our limits are together (see above)"; }
    mv "$file.new" "$file"
    changed "$file: three files of 10 MB for each container, and containers outlive an update of Docker"
    if has_systemd; then systemctl restart docker; fi
  fi
}

start_docker() {
  if ! has_systemd; then skip 'there is no systemd here: start dockerd as this machine starts its services'; return 0; fi
  if systemctl -q is-enabled docker && systemctl -q is-active docker; then as_it_was 'runs, and starts with the machine'; return 0; fi
  systemctl enable --now docker
  changed 'runs, and starts with the machine'
}

make_user() {
  if ! id "$user" >/dev/null 2>&1; then
    useradd --create-home --shell /bin/bash --comment "$mark" --password '*' --groups docker "$user"
    changed "$user, without a password, in the group docker alone"
    return 0
  fi
  [[ $(getent passwd "$user" | cut -d: -f5) == "$mark" ]] ||
    give_up "there is a user \"$user\" already, who was not made by this script: rename them first (usermod -l)"
  if [[ $(id -Gn "$user" | tr ' ' '\n' | sort | xargs) == "deploy docker" && $(getent shadow "$user" | cut -d: -f2) == '*' ]]; then
    as_it_was "$user"
    return 0
  fi
  usermod --groups docker --password '*' "$user"
  changed "$user is without a password and in the group docker alone again"
}

# Root's, so that whoever deploys cannot let others in.
let_in() {
  local file=/home/$user/.ssh/authorized_keys before='' line
  if [[ ! -d /home/$user/.ssh || $(stat -c '%U %a' "/home/$user/.ssh") != 'root 755' ]]; then
    install -d -m 755 -o root -g root "/home/$user/.ssh"
  fi
  if [[ -z $key ]]; then
    if [[ -s $file ]]; then as_it_was "$(grep -c . "$file") of them"; else skip 'nobody may deploy yet: run it again with --deploy-key'; fi
    return 0
  fi
  line="restrict,command=\"/usr/local/bin/recert-deploy\" $key"
  if grep -qxF "$line" "$file" 2>/dev/null; then as_it_was "$(ssh-keygen -l -f - <<<"$key")"; return 0; fi
  [[ ! -s $file ]] || before=$(<"$file")$'\n'
  put "$file" 644 <<<"$before$line"
  changed "may deploy: $(ssh-keygen -l -f - <<<"$key")"
}

own_home() {
  mkdir -p "$home"
  if [[ -z $(find "$home" ! -user "$user" -print -quit) ]]; then as_it_was "$home is $user's"; return 0; fi
  chown -Rh "$user:" "$home"
  changed "$home is $user's"
}

# Whether anybody but the deploy user comes in with a key: whoever does not would be shut out for good.
has_administrator() {
  local name uid folder
  while IFS=: read -r name _ uid _ _ folder _; do
    if [[ $name == "$user" ]] || ((uid > 0 && uid < 1000)); then continue; fi
    grep -qsE '(^|[[:space:]])(ssh-|ecdsa-|sk-)' "$folder/.ssh/authorized_keys" && return 0
  done < <(getent passwd)
  return 1
}

# put_sshd FILE: standard input becomes a part of the configuration of sshd, unless sshd would not start with it.
put_sshd() {
  local file=/etc/ssh/sshd_config.d/$1 before=
  [[ ! -f $file ]] || before=$(<"$file")
  mkdir -p /run/sshd
  put "$file" 644
  if [[ $did == no ]]; then return 0; fi
  if ! sshd -t >&2; then
    if [[ -n $before ]]; then printf '%s\n' "$before" >"$file"; else rm -f "$file"; fi
    give_up "sshd would not start with $file (see above). It was taken back; sshd runs as before"
  fi
  if has_systemd; then systemctl try-reload-or-restart ssh; elif [[ -f /run/sshd.pid ]]; then kill -HUP "$(</run/sshd.pid)"; fi
}

harden_sshd() {
  # The first word on a matter counts: 00 comes before what cloud-init writes.
  put_sshd 00-recert-deploy.conf <<CONF
Match User $user
  ForceCommand /usr/local/bin/recert-deploy
  DisableForwarding yes
  PermitTTY no
  PasswordAuthentication no
CONF
  local forced=$did
  if ! has_administrator; then
    skip 'passwords are still taken: nobody else has a key in ~/.ssh/authorized_keys, and would not come in again. Add one and run this again'
    return 0
  fi
  put_sshd 00-recert.conf <<'CONF'
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
CONF
  [[ $(sshd -T | grep -cE '^(passwordauthentication no|kbdinteractiveauthentication no|permitrootlogin (prohibit-password|without-password|no))$') == 3 ]] ||
    give_up 'sshd takes passwords in spite of 00-recert.conf: look for what stands before the Include in /etc/ssh/sshd_config'
  if [[ $did == yes || $forced == yes ]]; then changed 'keys alone, and one command for the deploy user'; else as_it_was 'keys alone'; fi
}

# What Docker publishes does not pass ufw. In docker-compose.yml that is Caddy's 80 and 443, which are to be open anyway.
raise_firewall() {
  local complaint wanted=() each added before after
  if ! complaint=$(iptables -n -L INPUT 2>&1 >/dev/null); then skip "this machine may set no rules: $complaint"; return 0; fi
  while read -r each; do wanted+=("$each/tcp"); done < <(sshd -T | sed -n 's/^port //p')
  wanted+=(80/tcp 443/tcp 443/udp)
  before=$(ufw status verbose)
  added=$(ufw show added)
  for each in "${wanted[@]}"; do grep -qxE "ufw (allow|limit) $each" <<<"$added" || ufw allow "$each" >/dev/null; done
  if ! grep -q '^Status: active' <<<"$before"; then ufw --force enable >/dev/null; fi
  if ! ufw status verbose | grep -q '^Default: deny (incoming)'; then ufw default deny incoming >/dev/null; fi
  after=$(ufw status verbose)
  if [[ $before == "$after" ]]; then as_it_was "open are ${wanted[*]}"; else changed "open are ${wanted[*]}, and what ufw had opened before"; fi
}

make_swap() {
  local free
  if (($(wc -l </proc/swaps) > 1)); then as_it_was 'there is some'; return 0; fi
  if ((swap_mb == 0)); then skip 'none is wanted'; return 0; fi
  if in_container; then skip 'a container shares the swap of its machine'; return 0; fi
  free=$(df --output=avail -m / | tail -1)
  ((free > swap_mb + 1024)) || give_up "$free MB are free on /, too little for $swap_mb MB of swap: --swap-mb, or a larger disk"
  rm -f /swapfile.new
  (umask 077 && fallocate -l "${swap_mb}M" /swapfile.new)
  mkswap /swapfile.new >/dev/null
  mv /swapfile.new /swapfile
  swapon /swapfile
  grep -q '^/swapfile ' /etc/fstab || printf '/swapfile none swap sw 0 0\n' >>/etc/fstab
  changed "$swap_mb MB in /swapfile"
}

set_swappiness() {
  if in_container; then skip 'a container shares the kernel of its machine'; return 0; fi
  put /etc/sysctl.d/60-recert.conf 644 <<<'vm.swappiness = 10'
  if [[ $did == no && $(</proc/sys/vm/swappiness) == 10 ]]; then as_it_was 'vm.swappiness = 10'; return 0; fi
  sysctl -q -p /etc/sysctl.d/60-recert.conf
  changed 'vm.swappiness = 10'
}

limit_journal() {
  if ! has_systemd; then skip 'there is no systemd here, and no journal'; return 0; fi
  put /etc/systemd/journald.conf.d/recert.conf 644 <<<$'[Journal]\nSystemMaxUse=200M'
  if [[ $did == no ]]; then as_it_was 'up to 200 MB'; return 0; fi
  systemctl restart systemd-journald
  changed 'up to 200 MB'
}

upgrade_by_itself() {
  local reboot=true at=$reboot_time docker=''
  [[ $reboot_time != never ]] || { reboot=false; at=04:30; }
  [[ ! -f /etc/apt/sources.list.d/docker.list ]] || docker='Unattended-Upgrade::Origins-Pattern:: "origin=Docker";'
  put /etc/apt/apt.conf.d/52recert 644 <<CONF
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "$reboot";
Unattended-Upgrade::Automatic-Reboot-Time "$at";
$docker
CONF
  [[ $(apt-config dump Unattended-Upgrade::Automatic-Reboot) == *"\"$reboot\";" ]] || give_up 'another file in /etc/apt/apt.conf.d stands before 52recert'
  if [[ $did == yes ]]; then changed "daily, new start: $reboot_time"; else as_it_was "daily, new start: $reboot_time"; fi
}

main() {
  read_options "$@"
  check_system
  step='packages'; install_packages ca-certificates curl jq openssh-server ufw unattended-upgrades
  step='Docker'; install_docker
  step='limits of logs'; limit_docker_logs
  step='engine'; start_docker
  step='deploy user'; make_user
  step='recert-deploy'
  put /usr/local/bin/recert-deploy 755 <"$here/recert-deploy"
  if [[ $did == no ]]; then as_it_was '/usr/local/bin/recert-deploy'; else changed '/usr/local/bin/recert-deploy'; fi
  step='keys of deployers'; let_in
  step='folder'; own_home
  step='sshd'; harden_sshd
  step='firewall'; raise_firewall
  step='swap'; make_swap
  step='swappiness'; set_swappiness
  step='journal'; limit_journal
  step='security updates'; upgrade_by_itself
  local left=
  ((skipped == 0)) || left=", $skipped skipped (see above)"
  if ((changed == 0)); then
    printf 'provision: ready, and nothing was changed: %d as they were%s\n' "$unchanged" "$left"
  else
    printf 'provision: ready: %d changed, %d as they were%s\n' "$changed" "$unchanged" "$left"
  fi
}

main "$@"
