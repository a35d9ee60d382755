"""Delivery to the recipients' own mail servers: which of them, in what order, how fast."""

from harness import Case
from harness.barid import until
from harness.machine import free_port

HEAD = "email,first name,country,consent time,confirmed at\n"
WHEN = "EG,2026-03-01T10:00:00Z,2026-03-01T10:05:00Z"

ZONE = {
    ("two.people.example", "MX"): ["20 second.mx.example.", "10 first.mx.example."],
    ("fallover.people.example", "MX"): ["20 second.mx.example.", "10 down.mx.example."],
    ("null.people.example", "MX"): ["0 ."],
    ("bare.people.example", "A"): ["127.0.0.2"],
    ("first.mx.example", "A"): ["127.0.0.2"],
    ("second.mx.example", "A"): ["127.0.0.3"],
    ("down.mx.example", "A"): ["127.0.0.4"],
}


class Direct(Case):
    engines = ("sqlite",)

    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.first = self.relay(host="127.0.0.2", port=self.port)
        self.second = self.relay(host="127.0.0.3", port=self.port)
        self.zone = self.names(ZONE)

    def serving(self, *addresses, env=None):
        server = self.verified(self.zone, "--mx-port", self.port, env=env)
        server.import_(self.file("people.csv", HEAD + "".join(f"{address},A,{WHEN}\n" for address in addresses)))
        return server

    def test_each_domain_is_served_as_its_records_say(self):
        server = self.serving("a@two.people.example", "b@fallover.people.example", "c@null.people.example",
                              "d@nowhere.people.example", "e@bare.people.example")
        report = server.send(server.campaign(self.html()))
        self.assertEqual([report[name] for name in ("sent", "failed", "in_doubt", "denied")], [3, 2, 0, 0], report)
        self.assertEqual(sorted(self.first.addresses()), ["a@two.people.example", "e@bare.people.example"],
                         "the best preference, and a domain without MX takes its mail itself")
        self.assertEqual(self.second.addresses(), ["b@fallover.people.example"], "the second when the first is down")
        # A domain that takes no mail, and one that does not exist, are not tried again.
        def next_denied():
            return server.preflight(server.campaign(self.html()))["denied"]

        until(lambda: sum(next_denied().values()) == 2, 20, next_denied)
        self.assertIn("hard_bounce", str(next_denied()))

    def test_silent_name_servers_only_delay(self):
        server = self.serving("a@two.people.example")
        self.zone.silent = True
        campaign = server.campaign(self.html())
        server("campaign", "send", campaign)

        def waiting():
            report = server("campaign", "report", campaign)
            return report["queued"] == 1 and report["sending"] == 0 and ("two.people.example", "MX") in self.zone.asked

        until(waiting, 60, lambda: server("campaign", "report", campaign))
        self.assertEqual(self.first.received, [])
        report = server("campaign", "report", campaign)
        self.assertEqual((report["failed"], report["denied"]), (0, 0), report)

    def test_a_new_machine_sends_at_its_pace(self):
        people = [f"p{number}@two.people.example" for number in range(16)]
        server = self.serving(*people, "x@bare.people.example",
                              env={"BARID_SMTP_MESSAGES_PER_SECOND_PER_HOST": "5"})
        report = server.send(server.campaign(self.html()))
        self.assertEqual(report["sent"], 17, report)
        times = [one.at for one in self.first.received if "x@bare.people.example" not in one.recipients]
        self.assertGreater(max(times) - min(times), 15 / 5 - 0.8, "5 a second")
        self.assertLess(max(times) - min(times), 20)
