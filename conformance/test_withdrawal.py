"""A withdrawal beats the queue: nothing goes to people whose withdrawal was acknowledged."""

import threading
import time

from harness import Case
from harness.barid import until

PEOPLE = 10_000


class Withdrawal(Case):
    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()
        self.server.import_(self.people(*(f"p{number}" for number in range(PEOPLE))))
        self.campaign = self.server.campaign(self.html())

    def leave(self, number):
        """Unsubscribes through the API; the moment of the acknowledgement."""
        address = f"p{number}@people.example"
        found = self.server.http("POST", "/v1/contacts/lookup", {"email": address}, key=True).json
        answer = self.server.http("POST", f"/v1/contacts/{found['id']}/unsubscribe", {}, key=True)
        self.assertEqual(answer.code, 200, answer)
        return address, time.monotonic()

    def test_during_the_grace_period(self):
        self.server("campaign", "send", self.campaign, "--grace", "15")
        left = {self.leave(number)[0] for number in range(0, PEOPLE, 500)}
        self.assertEqual(self.inbox.received, [], "nothing leaves before the grace period ends")
        until(lambda: len(self.inbox.received) >= PEOPLE - len(left), 240, lambda: f"{len(self.inbox.received)} received")
        report = until(lambda: self.ended(), 60, "the campaign does not end")
        self.assertEqual(report["sent"], PEOPLE - len(left))
        self.assertEqual(left & set(self.inbox.addresses()), set())
        self.assertEqual(len(self.inbox.addresses()), len(set(self.inbox.addresses())))

    def ended(self):
        report = self.server("campaign", "report", self.campaign)
        return report if report["state"] == "sent" else None

    def test_while_sending(self):
        sending = threading.Thread(target=self.server.send, args=[self.campaign])
        sending.start()
        until(lambda: self.inbox.received, 60, "nothing is sent")
        acknowledged = dict(self.leave(number) for number in range(PEOPLE - 1, 0, -250))
        sending.join(240)
        late = [one for one in self.inbox.received
                if one.recipients[0] in acknowledged and one.at > acknowledged[one.recipients[0]] + 0.05]
        self.assertEqual([one.recipients for one in late], [])
        spared = set(acknowledged) - set(self.inbox.addresses())
        self.assertTrue(spared, "everybody had been written to before they left: the test proves nothing")
        self.assertEqual(len(self.inbox.addresses()), len(set(self.inbox.addresses())))
        self.assertEqual(self.ended()["sent"], len(self.inbox.addresses()))
