"""Replies in four languages to the inbound listener of a running server, and what the queue does with them."""

import smtplib

from harness import Case, mail
from harness.barid import OWNER, until
from harness.browsing import Browsing
from harness.machine import free_port

WHO = "zaynab@people.example"


class Listening(Case):
    """A server that takes mail, one message sent to one person."""

    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.server, self.inbox = self.sending("--inbound-smtp", f"127.0.0.1:{self.port}")
        self.server.import_(self.people(("zaynab", "Zaynab")))
        self.server.send(self.server.campaign(self.html()))
        self.received = self.inbox.one(WHO)
        self.next = self.server.campaign(self.html(), subject="The next one")

    def answer(self, text, subject="Re: News", who=WHO):
        to, message = mail.reply(self.received, text, who, subject)
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
            client.sendmail(who, [to], message.encode())

    def queue(self, query=""):
        return self.server.http("GET", f"/v1/replies{query}", key=True).json["items"]

    def waiting(self, count=1):
        return until(lambda: len(found := self.queue()) == count and found, 10, lambda: f"the queue has {self.queue()}")


class Replies(Listening):
    def allowed(self):
        return self.server.preflight(self.next)["allowed"]

    def post(self, path, body):
        return self.server.http("POST", f"/v1/replies/{path}", body, key=True)

    def leaves(self, text):
        self.answer(text)
        until(lambda: self.allowed() == 0, 10, f"still allowed after {text}")

    def test_arabic(self):
        self.leaves("مش عايز رسايل تاني")

    def test_russian(self):
        self.leaves("Отпишите меня, пожалуйста, от рассылки.")

    def test_german(self):
        self.leaves("Bitte nehmen Sie mich aus Ihrem Verteiler.")

    def test_doubt_pauses_and_a_human_lets_it_go_on(self):
        self.answer("Bitte senden Sie keine Rechnungen mehr an die alte Adresse")
        (message,) = self.waiting()
        self.assertEqual((message["intent"], message["severity"]), ("ambiguous", "p2"))
        self.assertEqual(self.allowed(), 0)
        settled = self.post(f"{message['id']}/settle", {"decision": "not_optout"})
        self.assertEqual(settled.code, 200, settled)
        self.assertEqual(self.allowed(), 1)
        self.assertEqual(self.queue(), [])
        self.assertIn(self.post(f"{message['id']}/settle", {"decision": "optout"}).code, (409, 412))

    def test_a_question_is_drafted_and_answered_by_a_human(self):
        self.answer("Where did you get my email address?")
        (message,) = self.waiting()
        opened = self.server.http("GET", f"/v1/replies/{message['id']}", key=True).json
        self.assertIn("Where did you get", opened["message"]["text"])
        self.assertIn("sign-up form", opened["answer"]["text"])
        sent = self.post(f"{message['id']}/answer", {})
        self.assertEqual(sent.code, 202, sent)
        until(lambda: len(self.inbox.received) == 2, 20, "the answer did not leave")
        self.assertEqual(self.queue(), [])

    def test_a_question_is_answered_once_when_the_workspace_says_so(self):
        set_ = self.server.http("PATCH", "/v1/workspace", {"settings": {"answers": {"automatic": True}}}, key=True)
        self.assertEqual(set_.code, 200, set_)
        self.answer("من أين حصلتم على بريدي الإلكتروني؟")
        until(lambda: len(self.inbox.received) == 2, 20, "no answer left")
        self.assertEqual(self.queue(), [])
        self.answer("أكرر: من أين حصلتم على بريدي؟")
        self.waiting()
        self.assertEqual(len(self.inbox.received), 2)

    def test_law_and_fixed_subjects_are_urgent(self):
        self.answer("Mein Anwalt wird sich bei Ihnen melden.")
        (message,) = self.waiting()
        self.assertEqual((message["intent"], message["severity"]), ("complaint_legal", "p1"))
        self.assertEqual(self.allowed(), 0)
        self.answer("Somebody uses my account.", "Credential theft")
        self.waiting(2)
        (urgent,) = [found for found in self.queue("?severity=p1") if found["triage"]]
        self.assertEqual(urgent["triage"], "credential_theft")
        self.assertEqual(len(self.inbox.received), 1)


class Stolen(Listening, Browsing):
    def test_a_member_who_reports_a_thief_is_signed_out_by_a_button(self):
        self.answer("Somebody uses my account.", "Credential theft", OWNER[0])
        (report,) = self.waiting()
        found = self.node("flows/stolen.mjs", {"origin": self.server.url, "language": "ar", "reply": report["id"]}, 90)[-1]
        self.assertNotIn("stuck", found)
        self.assertEqual((found["before"], found["after"]), (200, 401))
