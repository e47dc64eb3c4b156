#!/usr/bin/env bash
# Process 1 of the stand-in: what systemd starts on a real one.
ssh-keygen -A >/dev/null
rm -f /var/run/docker.pid
dockerd --bip 172.26.0.1/24 --default-address-pool base=172.27.0.0/16,size=24 --mtu 1400 >/var/log/dockerd.log 2>&1 &
engine=$!
/usr/sbin/sshd -D &
trap 'kill %2; kill $engine; wait $engine; exit 0' TERM INT
wait -n
exit 1
