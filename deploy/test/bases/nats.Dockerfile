FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends nats-server busybox && rm -rf /var/lib/apt/lists/* && busybox --install -s /usr/local/bin
ENTRYPOINT ["nats-server"]
