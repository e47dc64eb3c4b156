# A server as a droplet is one: systemd, sshd, cloud-init, and nothing of Recert yet. Its network leaves that of its machine alone,
# and what would reach the kernel or the screen of its machine, or update it in the middle of a test, is off.
FROM debian:trixie-slim
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends systemd-sysv dbus openssh-server cloud-init iproute2 curl ca-certificates procps \
  && rm -rf /var/lib/apt/lists/* /etc/ssh/ssh_host_* \
  && systemctl mask systemd-sysctl.service systemd-modules-load.service systemd-udevd.service systemd-udev-trigger.service \
    getty.target console-getty.service apt-daily.timer apt-daily-upgrade.timer \
  && mkdir -p /var/lib/cloud/seed \
  && printf 'network: {config: disabled}\n' >/etc/cloud/cloud.cfg.d/99-network.cfg \
  && printf 'datasource_list: [NoCloud]\n' >/etc/cloud/cloud.cfg.d/99-datasource.cfg
COPY daemon.json /etc/docker/daemon.json
VOLUME /var/lib/docker
STOPSIGNAL SIGRTMIN+3
CMD ["/sbin/init"]
