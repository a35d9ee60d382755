"""Leaving: the one-click link, mail to the inbound listener, and what the gate says afterwards."""

import smtplib
from urllib.parse import unquote

from harness import Case, mail
from harness.barid import until
from harness.machine import free_port

ONE_CLICK = "List-Unsubscribe=One-Click"


class Leaving(Case):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.server, self.inbox = self.sending("--inbound-smtp", f"127.0.0.1:{self.port}")
        self.server.import_(self.people(("zaynab", "Zaynab")))
        self.server.send(self.server.campaign(self.html()))
        self.received = self.inbox.one("zaynab@people.example")
        self.next = self.server.campaign(self.html(), subject="The next one")

    def allowed(self):
        return self.server.preflight(self.next)["allowed"]

    def assert_denied(self, *reasons):
        """Preflight of the next campaign denies the person; mail that comes in is worked off in the background."""
        until(lambda: self.allowed() == 0, 10, lambda: f"still allowed: {self.server.preflight(self.next)}")
        denied = self.server.preflight(self.next)["denied"]
        self.assertTrue(denied == {} or set(denied) <= set(reasons), denied)
        self.server.send(self.next)
        self.assertEqual(len(self.inbox.received), 1)

    def feed(self, to, text, sender="<>"):
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
            client.sendmail("" if sender == "<>" else sender, [to], text.encode())

    def test_get_never_acts(self):
        for _ in range(2):
            page = self.server.http("GET", self.received.link())
            self.assertEqual(page.code, 200)
            self.assertIn("<form", page.out)
        self.assertIn(self.server.http("HEAD", self.received.link()).code, (200, 405))
        self.assertEqual(self.allowed(), 1)

    def test_one_click_form_encoded(self):
        for _ in range(2):
            answer = self.server.http("POST", self.received.link(), ONE_CLICK,
                                      {"Content-Type": "application/x-www-form-urlencoded"})
            self.assertEqual(answer.code, 200, answer)
            self.assertEqual(self.allowed(), 0)
        self.assert_denied("opt_out", "consent_withdrawn")

    def test_one_click_multipart(self):
        body = f'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
        for _ in range(2):
            answer = self.server.http("POST", self.received.link(), body, {"Content-Type": "multipart/form-data; boundary=x"})
            self.assertEqual(answer.code, 200, answer)
        self.assert_denied("opt_out", "consent_withdrawn")

    def test_a_forged_link_does_nothing(self):
        forged = self.received.link()[:-4] + "AAAA"
        answer = self.server.http("POST", forged, ONE_CLICK, {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertIn(answer.code, (400, 404, 410))
        self.assertEqual(self.allowed(), 1)

    def test_a_hard_bounce(self):
        self.feed(self.received.sender, mail.bounce(self.received))
        self.assert_denied("hard_bounce")

    def test_a_delay_is_no_bounce(self):
        self.feed(self.received.sender, mail.bounce(self.received, "4.4.1", "delayed", "451 4.4.1 later"))
        self.feed(self.received.sender, mail.bounce(self.received, "4.2.2", "failed", "452 4.2.2 full"))
        self.assertEqual(self.allowed(), 1)

    def test_a_complaint_with_redacted_addresses(self):
        self.feed(self.received.sender, mail.complaint(self.received, self.received.sender), "fbl@provider.example")
        self.assert_denied("complaint", "objection", "unsubscribe_all")

    def test_unsubscribe_mail(self):
        address = unquote(self.received.unsubscribe()[1].removeprefix("mailto:").partition("?")[0])
        text = f"From: zaynab@people.example\nTo: {address}\nSubject: unsubscribe\n\n"
        self.feed(address, text, "zaynab@people.example")
        self.assert_denied("opt_out", "consent_withdrawn")

    def test_an_arabic_no_thanks(self):
        to, text = mail.reply(self.received, "لا شكرًا\n\nOn Sat, Al Noor wrote:\n> News", "zaynab@people.example")
        self.feed(to, text, "zaynab@people.example")
        self.assert_denied("opt_out", "consent_withdrawn")

    def test_an_answer_that_asks_to_stay(self):
        to, text = mail.reply(self.received, "Please don't unsubscribe me!", "zaynab@people.example")
        self.feed(to, text, "zaynab@people.example")
        to, text = mail.reply(self.received, "شكرًا، وصلتني الرسالة", "zaynab@people.example")
        self.feed(to, text, "zaynab@people.example")
        self.assertEqual(self.allowed(), 1)

    def test_strangers_mail_changes_nothing(self):
        """Without our signed token a report about somebody is hearsay."""
        forged = self.received.sender.replace("+", "+q", 1)
        try:
            self.feed(forged, f"From: MAILER-DAEMON@x.example\nTo: {forged}\nSubject: Undeliverable\n\n550 5.1.1 user unknown\n")
        except smtplib.SMTPException:
            pass
        self.assertEqual(self.allowed(), 1)

    def test_importing_again_does_not_bring_them_back(self):
        self.server.http("POST", self.received.link(), ONE_CLICK, {"Content-Type": "application/x-www-form-urlencoded"})
        self.server.import_(self.people(("zaynab", "Zaynab")))
        self.assert_denied("opt_out", "consent_withdrawn")

    def test_the_command_line(self):
        self.server("contact", "unsubscribe", "zaynab@people.example")
        self.assert_denied("unsubscribe_all", "objection", "opt_out", "consent_withdrawn")
