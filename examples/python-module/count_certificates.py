"""A module of one's own: counts what each person has certified, and says each new count on the bus.

    NATS_URL=nats://127.0.0.1:4222 python3 count_certificates.py

It hears `process.certified` and says `outside.certificate-count`, as docs/asyncapi.yaml describes them. Stop it, start it, kill
it: each certificate is counted once.
"""

import datetime
import json
import os
import signal
import sqlite3
import sys
import uuid

from nats import Nats

STREAM = "RECERT"
MODULE = "count-certificates"
HEARS, SAYS = "process.certified", "outside.certificate-count"

# The events that were counted, and the counts, in one file and one transaction: a repeated delivery finds its row.
TABLES = """
create table if not exists inbox (event_id text primary key);
create table if not exists count (person text primary key, certificates integer not null);
"""


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    database = sqlite3.connect(os.environ.get("COUNTS", "certificates.sqlite"), isolation_level=None)
    database.executescript(TABLES)
    nats = Nats(os.environ.get("NATS_URL", "nats://127.0.0.1:4222"), MODULE)
    introduce(nats)
    nats.make_consumer(STREAM, MODULE, HEARS)
    print("counting", flush=True)
    while True:
        message = nats.fetch(STREAM, MODULE, seconds=5)
        if message is not None:
            count(nats, database, message)
            nats.acknowledge(message)


def count(nats, database, message):
    """Counts one certificate and says so. Said before it is committed: after a crash it is said again, under the same id."""
    event_id, person = message.headers["ce-id"], json.loads(message.data)["by"]
    database.execute("begin immediate")
    try:
        if database.execute("insert or ignore into inbox values (?)", (event_id,)).rowcount == 1:
            database.execute(
                "insert into count values (?, 1) on conflict do update set certificates = certificates + 1", (person,)
            )
            (certificates,) = database.execute(
                "select certificates from count where person = ?", (person,)
            ).fetchone()
            cause = {
                "ce-correlationid": message.headers.get("ce-correlationid", event_id),
                "ce-causationid": event_id,
            }
            say(nats, SAYS, {"person": person, "certificates": certificates}, event_id, cause)
        database.execute("commit")
    except BaseException:
        database.execute("rollback")
        raise


def introduce(nats):
    """Registers as a task of the hub, which then shows what triggers what. Saying it again changes nothing."""
    task = {
        "taskId": MODULE,
        "version": 1,
        "name": "Count certificates",
        "service": MODULE,
        "owner": None,
        "trigger": {"event": HEARS},
        "emits": [SAYS],
        "rhythm": None,
        "grace": "PT1H",
        "active": True,
    }
    say(nats, "task.registered", task, f"{MODULE} 1", {})


def say(nats, subject, data, cause_of_id, more):
    """One event has one id, whenever it is said: made of what it follows from, it is the same after a crash."""
    event_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{subject} {cause_of_id}"))
    headers = {
        "Nats-Msg-Id": event_id,
        "ce-specversion": "1.0",
        "ce-id": event_id,
        "ce-source": MODULE,
        "ce-type": subject,
        "ce-time": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "content-type": "application/json",
        **more,
    }
    nats.publish(subject, json.dumps(data).encode(), headers)


if __name__ == "__main__":
    main()
