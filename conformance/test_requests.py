"""Requests of data subjects: from the form without an account to the answer, and to the certificate."""

import json
import re
import smtplib
from email.message import EmailMessage
from urllib.parse import urlencode

from harness import Case
from harness.barid import until
from harness.machine import free_port

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ADDRESS = "zaynab@people.example"


class Requests(Case):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.server, self.inbox = self.sending("--inbound-smtp", f"127.0.0.1:{self.port}")
        settings = {
            "default_sender": {"name": "Al Noor", "email": "news@sender.example"},
            "data_requests": {"mailbox": "privacy@sender.example", "time_zone": "Asia/Riyadh"},
        }
        changed = self.server.http("PATCH", "/v1/workspace", {"settings": settings}, key=True)
        self.assertEqual(changed.code, 200, changed)
        self.slug = changed.json["slug"]
        self.server.import_(self.people(("zaynab", "Zaynab", "NL"), ("omar", "Omar", "EG")))

    def post(self, path, **fields):
        return self.server.http("POST", path, urlencode(fields), FORM)

    def ask(self, kind, address=ADDRESS, **fields):
        answer = self.post(f"/privacy/{self.slug}/{kind}", email=address, **fields)
        self.assertEqual(answer.code, 200, answer)
        return answer

    def letter(self, count):
        """The link in the newest letter, once there are so many."""
        until(lambda: len(self.inbox.to(ADDRESS)) >= count, 30, lambda: self.server.log()[-2000:])
        text = self.inbox.to(ADDRESS)[-1].part("plain")
        return re.search(r"http://127\.0\.0\.1:\d+/privacy/(?:verify|status)/\S+", text).group().rstrip(").,>")

    def test_from_the_form_to_the_pack_and_the_certificate(self):
        known, unknown = self.ask("access"), self.ask("access", "nobody@people.example")
        plain = lambda page: re.sub(r"dsr_\w+", "dsr", page)
        self.assertEqual(plain(known.out), plain(unknown.out), "nobody learns who is known")
        link = self.letter(1)
        self.assertEqual(self.server.http("GET", link).code, 200)
        listed = self.server.http("GET", "/v1/privacy/requests", key=True).json["items"]
        self.assertEqual(listed, [], "nothing is verified by looking")
        done = self.post(link)
        self.assertEqual(done.code, 200, done)
        self.assertEqual(self.post(link).code, 410, "the link works once")
        data = re.search(r'href="(/privacy/status/[^"]+/data)"', done.out).group(1)
        pack = json.loads(self.server.http("GET", f"{data}.json").out)
        self.assertEqual(pack["format"], "barid-access-pack/1")
        self.assertIn(ADDRESS, str(pack["data"]))
        self.assertIn("Autoriteit", str(pack["rights"]))
        self.assertNotIn("omar", json.dumps(pack).lower())
        page = self.server.http("GET", f"{data}?lang=ar").out
        self.assertIn('dir="rtl"', page)
        self.assertNotIn("<script", page)
        self.letter(2)

        self.ask("erasure")
        erased = self.post(self.letter(3))
        self.assertEqual(erased.code, 200, erased)
        self.assertIn("&quot;signature&quot;", erased.out)
        self.assertNotEqual(self.server.run("contact", "show", ADDRESS, "--json").code, 0)
        self.assertEqual(self.server.http("GET", f"{data}.json").code, 404, "the pack went with the person")
        listed = self.server.http("GET", "/v1/privacy/requests", key=True).json["items"]
        self.assertEqual([(one["type"], one["state"], one["content"]) for one in listed],
                         [("erasure", "fulfilled", None), ("access", "fulfilled", None)])
        self.server("ledger", "verify")

    def test_a_mail_with_a_borrowed_sender_opens_nothing(self):
        for sender in (ADDRESS, "stranger@people.example"):
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = sender, "privacy@sender.example", "My data"
            message["Message-ID"] = f"<{sender}>"
            message.set_content("Please delete everything you have about me.")
            with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
                client.send_message(message, "mallory@elsewhere.example", ["privacy@sender.example"])
        self.letter(1)
        cases = until(lambda: self.server.http("GET", "/v1/privacy/requests", key=True).json["items"], 30, self.server.log)
        cases = [(one["type"], one["channel"], one["subject"], one["state"]) for one in cases]
        self.assertEqual(cases, [("erasure", "mail", None, "received")], "a stranger's mail waits for a human")
        waiting = self.server.http("GET", "/v1/privacy/requests?state=challenged", key=True).json["items"]
        self.assertEqual([(one["type"], one["channel"]) for one in waiting], [("erasure", "mail")])
        self.server("contact", "show", ADDRESS)
        self.assertEqual(self.inbox.to("stranger@people.example"), [])
