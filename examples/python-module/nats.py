"""As much of NATS as a module needs, with nothing but the standard library.

The protocol is text over a socket: https://docs.nats.io/reference/reference-protocols/nats-protocol. JetStream is asked by
messages to subjects that begin with $JS.API: https://docs.nats.io/reference/reference-protocols/nats_api_reference.
"""

import json
import socket
import uuid
from urllib.parse import urlparse


class Message:
    """What came: its data as bytes, its headers, and where to say that it is done with."""

    def __init__(self, subject, reply, headers, data):
        self.subject, self.reply, self.headers, self.data = subject, reply, headers, data


class Nats:
    """One connection. Everything is asked and answered in turn; raises OSError when the server is gone."""

    def __init__(self, url, name):
        address = urlparse(url)
        self._socket = socket.create_connection((address.hostname, address.port or 4222), timeout=60)
        self._stream = self._socket.makefile("rb")
        self._line()  # INFO
        options = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True, "name": name}
        if address.username is not None:
            options.update({"user": address.username, "pass": address.password})
        self._inbox = f"_INBOX.{uuid.uuid4().hex}"
        self._send(f"CONNECT {json.dumps(options)}\r\nSUB {self._inbox}.* 1\r\nPING\r\n")
        while self._line() != "PONG":
            pass

    def request(self, subject, data, headers=None):
        """Asks, and waits for the one answer."""
        reply = self._publish(subject, data, headers)
        while True:
            message = self._next()
            if message.subject == reply:
                return message

    def publish(self, subject, data, headers):
        """Says an event. Returns when JetStream has it on its disk; raises when it does not take it."""
        answer = json.loads(self.request(subject, data, headers).data or "{}")
        if "stream" not in answer:
            raise RuntimeError(f"JetStream did not take {subject}: {answer}")

    def make_consumer(self, stream, durable, subject):
        """A durable pull consumer: JetStream remembers under this name what was acknowledged."""
        config = {"durable_name": durable, "filter_subject": subject, "ack_policy": "explicit", "deliver_policy": "all"}
        asked = json.dumps({"stream_name": stream, "config": config}).encode()
        answer = json.loads(self.request(f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{durable}", asked).data or "{}")
        if "error" in answer:
            raise RuntimeError(f"JetStream made no consumer: {answer['error']}")

    def fetch(self, stream, durable, seconds):
        """The next message, or None when there is none within this time."""
        asked = json.dumps({"batch": 1, "expires": int(seconds * 1_000_000_000)}).encode()
        self._publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}", asked, None)
        message = self._next()
        return None if "Status" in message.headers else message

    def acknowledge(self, message):
        self._send(f"PUB {message.reply} 4\r\n+ACK\r\n")

    def _publish(self, subject, data, headers):
        reply = f"{self._inbox}.{uuid.uuid4().hex}"
        if headers is None:
            self._send(f"PUB {subject} {reply} {len(data)}\r\n".encode() + data + b"\r\n")
        else:
            head = "NATS/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
            size = len(head.encode())
            line = f"HPUB {subject} {reply} {size} {size + len(data)}\r\n"
            self._send((line + head).encode() + data + b"\r\n")
        return reply

    def _next(self):
        while True:
            words = self._line().split(" ")
            if words[0] == "PING":
                self._send("PONG\r\n")
            elif words[0] == "MSG":
                return Message(words[1], words[3] if len(words) == 5 else None, {}, self._bytes(int(words[-1])))
            elif words[0] == "HMSG":
                head, whole = int(words[-2]), self._bytes(int(words[-1]))
                reply = words[3] if len(words) == 6 else None
                return Message(words[1], reply, _headers(whole[:head]), whole[head:])
            elif words[0] == "-ERR":
                raise RuntimeError(f"NATS says: {' '.join(words[1:])}")

    def _line(self):
        line = self._stream.readline()
        if line == b"":
            raise ConnectionError("NATS has closed the connection")
        return line.decode().rstrip("\r\n")

    def _bytes(self, count):
        data = self._stream.read(count)
        self._stream.read(2)
        return data

    def _send(self, data):
        self._socket.sendall(data.encode() if isinstance(data, str) else data)


def _headers(head):
    first, *lines = head.decode().split("\r\n")
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    headers = {name.strip(): value.strip() for name, value in pairs}
    # "NATS/1.0 404 No Messages" is no event but an answer of the server.
    if len(first.split(" ")) > 1:
        headers["Status"] = first.split(" ")[1]
    return headers
