"""Receiving mail servers: one that records, one that misbehaves by script."""

import asyncio
import email
import email.policy
import socket
import threading
import time
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller

from .machine import free_port


@dataclass
class Received:
    sender: str
    recipients: list
    raw: bytes
    at: float
    _message: object = field(default=None, repr=False)

    @property
    def message(self):
        if self._message is None:
            self._message = email.message_from_bytes(self.raw, policy=email.policy.default)
        return self._message

    def part(self, kind):
        """The text of the part `text/KIND`."""
        return self.message.get_body((kind,)).get_content()

    def link(self):
        """The one-click address of List-Unsubscribe."""
        return self.unsubscribe()[0]

    def unsubscribe(self):
        """The addresses of List-Unsubscribe, in their order."""
        return [part.strip().strip("<>") for part in str(self.message["List-Unsubscribe"]).split(",")]


class Relay:
    """Takes every message and keeps it. `answer(kind, address, number)` may refuse: kind is "RCPT" or "DATA".
    Further options are aiosmtpd's (TLS, sign-in)."""

    def __init__(self, answer=None, pause=0.0, host="127.0.0.1", port=None, **options):
        self.received = []
        self.answer = answer
        self.pause = pause
        self.asked = 0
        self._controller = Controller(self, hostname=host, port=port or free_port(), enable_SMTPUTF8=True,
                                      decode_data=False, data_size_limit=0, **options)
        self._controller.start()
        self.port = self._controller.port
        self.url = f"smtp://{host}:{self.port}"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked += 1
        refusal = self.answer and self.answer("RCPT", address, self.asked)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        if self.pause:
            await asyncio.sleep(self.pause)
        refusal = self.answer and self.answer("DATA", envelope.rcpt_tos[0], len(self.received))
        if refusal:
            return refusal
        self.received.append(Received(envelope.mail_from, list(envelope.rcpt_tos), envelope.content, time.monotonic()))
        return "250 2.0.0 taken"

    def to(self, address):
        """The messages that went to an address."""
        return [one for one in self.received if address in one.recipients]

    def one(self, address):
        found = self.to(address)
        assert len(found) == 1, f"{len(found)} messages went to {address}"
        return found[0]

    def addresses(self):
        return [address for one in self.received for address in one.recipients]

    def stop(self):
        self._controller.stop(no_assert=True)


class ScriptedRelay:
    """Speaks raw SMTP, one thread per connection, by the script `talk(lines, say, connection)`."""

    def __init__(self, talk):
        self.talk = talk
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._speak, args=(connection,), daemon=True).start()

    def _speak(self, connection):
        with connection, connection.makefile("rb") as lines:
            def say(text):
                connection.sendall(text.encode() + b"\r\n")

            try:
                self.talk(lines, say, connection)
            except OSError:
                pass

    def stop(self):
        # Its number may be given to the next listener: whoever still waits at it must have gone before.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
