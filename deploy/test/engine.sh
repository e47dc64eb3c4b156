#!/usr/bin/env bash
# Starts a Docker engine of its own for the tests, out of Debian's packages, and prints how to reach it. Nothing is
# installed as a service and nothing is left running: engine-down.sh ends it by its pid. Root only.
# For Debian 12, whose own engine is too old: the engine is Debian 13's, unpacked beside the system; runc and iptables
# are Debian 12's, since those of Debian 13 want another libc.
set -Eeuo pipefail

dir=${TEST_DOCKER_DIR:-/var/tmp/recert-docker}
suite=trixie
packages=(docker.io docker-cli docker-compose docker-buildx containerd tini)
# shellcheck disable=SC2016 # apt-get fills in $(SITE).
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | sed -n '1s,/debian.*,,p')

say() { printf 'engine: %s\n' "$*" >&2; }

# A view of Debian 13 for downloads alone; the machine's own lists stay as they are.
apt_beside() { APT_CONFIG=$dir/apt.conf apt-get -qq "$@" >&2; }

fetch() {
  mkdir -p "$dir"/{lists/partial,archives/partial,etc,none,debs,root,bin,config/cli-plugins}
  local program
  for program in runc iptables mmdebstrap; do
    command -v "$program" >/dev/null && continue
    say 'installing runc, iptables and mmdebstrap'
    apt-get -qq update >&2
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends runc iptables mmdebstrap >&2
  done
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s/debian %s main\n' "$mirror" "$suite" >"$dir/etc/sources.list"
  : >"$dir/status"
  cat >"$dir/apt.conf" <<CONF
Dir::Etc::SourceList "$dir/etc/sources.list";
Dir::Etc::SourceParts "$dir/none";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "$dir/none";
Dir::State::Lists "$dir/lists";
Dir::State::Status "$dir/status";
Dir::Cache "$dir";
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
  [[ -x $dir/bin/dockerd ]] && return
  say "fetching the engine from Debian $suite"
  apt_beside update
  (cd "$dir/debs" && apt_beside download "${packages[@]}")
  local each
  for each in "$dir"/debs/*.deb; do dpkg-deb -x "$each" "$dir/root"; done
  rm -f "$dir"/debs/*.deb
  ln -sf "$dir"/root/usr/libexec/docker/cli-plugins/* "$dir/config/cli-plugins/"
  ln -sf "$dir"/root/usr/bin/{containerd,containerd-shim-runc-v2,docker} "$dir"/root/usr/sbin/{dockerd,docker-proxy} "$dir/bin/"
  ln -sf "$dir/root/usr/bin/tini-static" "$dir/bin/docker-init"
}

answers() { DOCKER_HOST=unix://$dir/docker.sock "$dir/bin/docker" version >/dev/null 2>&1; }

start() {
  answers && return
  rm -f "$dir/dockerd.pid"
  # Put back by engine-down.sh.
  iptables-save >"$dir/iptables.before"
  cat /proc/sys/net/ipv4/ip_forward >"$dir/ip_forward.before"
  cat >"$dir/daemon.json" <<CONF
{
  "data-root": "$dir/data", "exec-root": "$dir/exec", "pidfile": "$dir/dockerd.pid", "hosts": ["unix://$dir/docker.sock"],
  "bip": "172.29.0.1/24", "default-address-pools": [{ "base": "172.28.0.0/16", "size": 24 }], "mtu": 1400,
  "storage-driver": "overlay2", "shutdown-timeout": 10
}
CONF
  (
    # Whoever called may hold a lock in a file that is open: the engine would keep it for as long as it runs.
    for each in /proc/self/fd/*; do ((${each##*/} < 3)) || eval "exec ${each##*/}>&-"; done
    PATH=$dir/bin:$PATH exec setsid dockerd --config-file "$dir/daemon.json" >"$dir/dockerd.log" 2>&1 </dev/null
  ) &
  local tries
  for ((tries = 0; tries < 150; tries += 1)); do answers && return; sleep 0.1; done
  tail -20 "$dir/dockerd.log" >&2
  say 'dockerd did not start'
  exit 1
}

fetch
start
printf 'DOCKER_HOST=unix://%s/docker.sock\nDOCKER_CONFIG=%s/config\nPATH=%s/bin:%s\n' "$dir" "$dir" "$dir" "$PATH"
