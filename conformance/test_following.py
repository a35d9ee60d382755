"""Following a campaign: grace period, pause, resume, cancel, test messages; and unusual addresses."""

import time

from harness import Case
from harness.barid import until


class Following(Case):
    def started(self, count, pause=0.0, *flags):
        self.inbox = self.relay(pause=pause)
        self.server, _ = self.sending(relay=self.inbox)
        self.server.import_(self.people(*(f"p{number}" for number in range(count))))
        self.campaign = self.server.campaign(self.html())
        self.server("campaign", "send", self.campaign, *flags)

    def state(self):
        return self.server("campaign", "report", self.campaign)

    def test_called_back_in_the_grace_period(self):
        self.started(3, 0.0, "--grace", "600")
        self.server("campaign", "cancel", self.campaign)
        report = until(lambda: self.state() if self.state()["state"] == "cancelled" else None, 20, self.state)
        self.assertEqual((report["sent"], self.inbox.received), (0, []))

    def test_paused_resumed_and_each_once(self):
        self.started(2000, 0.03)
        until(lambda: self.inbox.received, 30, "nothing is sent")
        self.server("campaign", "pause", self.campaign)
        until(lambda: self.state()["sending"] == 0, 30, self.state)
        paused = len(self.inbox.received)
        self.assertLess(paused, 2000)
        self.assertEqual(self.state()["sent"], paused)
        self.server("campaign", "resume", self.campaign)
        until(lambda: self.state()["state"] == "sent", 90, self.state)
        self.assertEqual(len(self.inbox.addresses()), 2000)
        self.assertEqual(len(set(self.inbox.addresses())), 2000)

    def test_cancelled_in_the_middle(self):
        self.started(2000, 0.03)
        until(lambda: self.inbox.received, 30, "nothing is sent")
        self.server("campaign", "cancel", self.campaign)
        report = until(lambda: self.state() if self.state()["sending"] == 0 and self.state()["queued"] == 0 else None, 30, self.state)
        self.assertGreater(report["cancelled"], 0)
        time.sleep(2)
        self.assertEqual((self.state()["queued"], self.state()["sent"]), (0, len(self.inbox.received)))
        self.assertLess(len(self.inbox.received), 2000)

    def test_a_stop_in_the_middle_loses_and_doubles_nothing(self):
        self.started(3000, 0.03)
        until(lambda: self.inbox.received, 30, "nothing is sent")
        self.server.stop()
        self.assertLess(len(self.inbox.received), 3000)
        self.server.serve("--smtp-relay", self.inbox.url)
        report = until(lambda: self.state() if self.state()["state"] == "sent" else None, 90, self.state)
        self.assertEqual((report["sent"], report["in_doubt"]), (3000, 0), report)
        self.assertEqual(len(set(self.inbox.addresses())), len(self.inbox.addresses()))

    def test_a_test_message_goes_to_those_named_alone(self):
        self.server, self.inbox = self.sending()
        self.server.import_(self.people("lina"))
        campaign = self.server.campaign(self.html())
        self.server("campaign", "test", campaign, "--to", "owner@barid.example")
        until(lambda: self.inbox.received, 20, "no test message")
        self.assertEqual(self.inbox.addresses(), ["owner@barid.example"])
        self.assertEqual(self.server.preflight(campaign)["allowed"], 1)


class Addresses(Case):
    def test_international_addresses(self):
        server, inbox = self.sending()
        rows = ("email,country,consent time,confirmed at\n"
                "لينا@people.example,EG,2026-03-01T10:00:00Z,2026-03-01T10:05:00Z\n"
                "info@مثال.people.example,EG,2026-03-01T10:00:00Z,2026-03-01T10:05:00Z\n")
        self.assertEqual(server.import_(self.file("a.csv", rows))["added"], 2)
        self.assertEqual(server.send(server.campaign(self.html()))["sent"], 2)
        inbox.one("لينا@people.example")
        inbox.one("info@xn--mgbh0fb.people.example")

    def test_one_person_by_two_spellings_is_one(self):
        server, inbox = self.sending()
        answer = server.import_(self.people("Lina", "lina", "LINA"))
        self.assertEqual((answer["read"], answer["added"]), (3, 1), answer)
        self.assertEqual(server.send(server.campaign(self.html()))["sent"], 1)
