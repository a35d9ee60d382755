"""The base of every scenario: a directory of its own, and what was started is ended."""

import os
import re
import shutil
import tempfile
import unittest
from pathlib import Path

from .barid import Barid
from .names import Names
from .relay import Relay

# Every test person lives here, so that one look at a server's log finds what must not stand in it.
PEOPLE = "people.example"
NAMES = ("Zaynab", "زينب")

HTML = """<html><body><p>Dear {{ first_name | fallback: "friend" }},</p>
<p>our new books are <a href="https://shop.example/books">here</a>.</p>
<p>{{ organisation }}, {{ postal_address }}</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>"""

MJML = """<mjml><mj-body><mj-section><mj-column>
<mj-text>Dear {{ first_name | fallback: "friend" }},</mj-text>
<mj-button href="https://shop.example/books">Books</mj-button>
<mj-text>{{ organisation }}, {{ postal_address }}</mj-text>
<mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""


def only(*engines):
    """A test for these engines alone."""
    def mark(test):
        test.engines = engines
        return test

    return mark


class Case(unittest.TestCase):
    maxDiff = None
    # Subjects that the database has no part in run on SQLite alone.
    engines = ("sqlite", "postgres")

    @classmethod
    def setUpClass(cls):
        cls.engine = os.environ.get("BARID_TEST_ENGINE", "sqlite")

    def __call__(self, result=None):
        test = getattr(self, self._testMethodName)
        if os.environ.get("BARID_TEST_ENGINE", "sqlite") in getattr(test, "engines", self.engines):
            super().__call__(result)

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="barid-conformance-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.servers = []
        self.addCleanup(self._logs_are_clean)

    def _logs_are_clean(self):
        for server in self.servers:
            log = server.log()
            found = self._outcome.result
            if any(test is self for test, _ in (*found.failures, *found.errors)):
                print(f"{self.id()}: what the server warned of:", *re.findall(r"^.*(?: WARN | ERROR ).*$", log, re.MULTILINE)[-20:], sep="\n  ")
            for personal in (f"@{PEOPLE}", *NAMES):
                self.assertNotIn(personal, log, "personal values in the server's log")
            self.assertNotIn("panicked", log)

    def barid(self, init=True):
        """A Barid of its own, not yet serving."""
        server = Barid(self.directory, self.engine)
        self.servers.append(server)
        self.addCleanup(server.kill)
        if init:
            server.init()
        return server

    def relay(self, *arguments, **options):
        relay = Relay(*arguments, **options)
        self.addCleanup(relay.stop)
        return relay

    def sending(self, *flags, relay=None):
        """A serving Barid with a recording relay and the sending domain `sender.example`."""
        relay = relay or self.relay()
        barid = self.barid().serve("--smtp-relay", relay.url, *flags)
        barid.domain = barid("domain", "add", "sender.example")
        return barid, relay

    def names(self, records=None):
        """A DNS server that knows these records."""
        names = Names(records)
        self.addCleanup(names.stop)
        return names

    def verified(self, names, *flags, **options):
        """A serving Barid that asks `names`, with `sender.example` published there and verified."""
        barid = self.barid().serve("--resolver", names.address, *flags, **options)
        barid.domain = barid("domain", "add", "sender.example")
        names.publish(barid.domain["records"])
        report = barid.http("POST", "/v1/domains/sender.example/check", {}, key=True)
        self.assertTrue(report.code == 200 and report.json["verified"], report)
        return barid

    def file(self, name, content, encoding="utf-8"):
        path = self.directory / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def people(self, *rows, name="people.csv"):
        """A file of consenting people: rows of (local part, first name, country) or of whole lines."""
        lines = ["email,first name,language,country,consent time,confirmed at"]
        for row in rows:
            local, first, country = (*row, "EG")[:3] if isinstance(row, tuple) else (row, row.title(), "EG")
            lines.append(f"{local}@{PEOPLE},{first},en,{country},2026-03-01T10:00:00Z,2026-03-01T10:05:00Z")
        return self.file(name, "\n".join(lines) + "\n")

    def html(self, text=HTML):
        return self.file("content.html", text)

    def mjml(self, text=MJML):
        return self.file("content.mjml", text)
