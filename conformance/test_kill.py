"""kill -9 in mid-send, and on with it: nobody twice, nobody forgotten."""

import time

from harness import Case, only
from harness.barid import until

PEOPLE = 2_000


class Kill(Case):
    # On PostgreSQL each waits a minute for the leases of the dead process, which another node might still hold.
    @only("sqlite")
    def test_at_the_first_message(self):
        self.killed_after(0.02)

    @only("sqlite")
    def test_after_a_tenth_of_a_second(self):
        self.killed_after(0.1)

    def test_after_a_while(self):
        self.killed_after(0.4)

    def killed_after(self, delay):
        server, inbox = self.sending()
        everybody = [f"p{number}" for number in range(PEOPLE)]
        server.import_(self.people(*everybody))
        campaign = server.campaign(self.html())
        server("campaign", "send", campaign)
        until(lambda: inbox.received, 60, "nothing is sent")
        time.sleep(delay)
        server.kill()
        before = len(inbox.received)
        self.assertLess(before, PEOPLE, "all was sent before the kill: the test proves nothing")
        server.serve("--smtp-relay", inbox.url)

        def ended():
            report = server("campaign", "report", campaign)
            return report if report["state"] == "sent" else None

        report = until(ended, 180, lambda: f"the campaign does not end: {server('campaign', 'report', campaign)}")
        addresses = inbox.addresses()
        self.assertEqual(len(addresses), len(set(addresses)), "somebody was written to twice")
        self.assertEqual(report["sent"] + report["in_doubt"] + report["failed"] + report["denied"], PEOPLE, report)
        self.assertGreaterEqual(len(addresses) + report["in_doubt"] + report["failed"], PEOPLE, report)
        self.assertLessEqual(report["in_doubt"], 600, report)
        server("ledger", "verify")
