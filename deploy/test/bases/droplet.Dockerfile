# A server as a droplet is one: sshd, an engine of its own, and nothing of Recert yet.
FROM debian:trixie-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends openssh-server docker.io docker-cli docker-compose iptables curl ca-certificates procps \
  && rm -rf /var/lib/apt/lists/* /etc/ssh/ssh_host_* && mkdir -p /run/sshd && useradd --create-home --shell /bin/bash --groups docker deploy
COPY --chmod=755 droplet-init.sh /usr/local/sbin/init-droplet
VOLUME /var/lib/docker
CMD ["init-droplet"]
