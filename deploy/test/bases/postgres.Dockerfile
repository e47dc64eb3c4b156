# Debian's PostgreSQL with as much of the official image's entrypoint as ours needs.
FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-17 locales && rm -rf /var/lib/apt/lists/* \
  && localedef -i en_US -f UTF-8 en_US.UTF-8 && mkdir -p /docker-entrypoint-initdb.d \
  && usermod -u 999 postgres && groupmod -g 999 postgres && rm -rf /var/lib/postgresql/* \
  && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data && install -d -o postgres -g postgres -m 3777 /var/run/postgresql
COPY --chmod=755 postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/17/bin LANG=en_US.utf8 PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
