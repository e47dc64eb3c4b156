FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends caddy busybox && rm -rf /var/lib/apt/lists/* && busybox --install -s /usr/local/bin
ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
