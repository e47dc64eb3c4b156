FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends busybox && rm -rf /var/lib/apt/lists/* && busybox --install -s /usr/local/bin
