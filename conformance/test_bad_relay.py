"""Relays that refuse, stall, break off or lie: clear outcomes, nothing lost, nobody twice."""

import time

from harness import Case, ScriptedRelay
from harness.barid import until


class Refusing(Case):
    engines = ("sqlite",)

    def campaign(self, answer, people=("a", "b", "c", "d")):
        relay = self.relay(answer)
        server, _ = self.sending(relay=relay)
        server.import_(self.people(*people))
        return server, relay, server.campaign(self.html())

    def test_an_unknown_person_bounces_at_once(self):
        def answer(kind, address, number):
            return "550 5.1.1 user unknown" if kind == "RCPT" and address.startswith("b@") else None

        server, relay, campaign = self.campaign(answer)
        self.assertEqual(server.send(campaign), {"sent": 3, "denied": 0, "failed": 1, "in_doubt": 0})
        report = server("campaign", "report", campaign)
        self.assertIn("hard_address", str(report))
        found = server.preflight(server.campaign(self.html(), subject="Again"))
        self.assertEqual((found["allowed"], found["denied"]), (3, {"hard_bounce": 1}))

    def test_a_refusal_of_the_content_suppresses_nobody(self):
        def answer(kind, address, number):
            return "550 5.7.1 looks like spam" if kind == "DATA" else None

        server, relay, campaign = self.campaign(answer)
        self.assertEqual(server.send(campaign), {"sent": 0, "denied": 0, "failed": 4, "in_doubt": 0})
        self.assertEqual(server.preflight(server.campaign(self.html(), subject="Again"))["allowed"], 4)

    def test_a_temporary_refusal_is_tried_again(self):
        first = set()

        def answer(kind, address, number):
            if kind == "RCPT" and address not in first:
                first.add(address)
                return "451 4.3.0 later"
            return None

        server, relay, campaign = self.campaign(answer)
        self.assertEqual(server.send(campaign), {"sent": 4, "denied": 0, "failed": 0, "in_doubt": 0})
        self.assertEqual(sorted(relay.addresses()), [f"{local}@people.example" for local in "abcd"])


class Misbehaving(Case):
    engines = ("sqlite",)

    """The relay misbehaves at first and is fine afterwards."""

    def started(self, talk):
        relay = ScriptedRelay(talk)
        self.addCleanup(relay.stop)
        server = self.barid().serve("--smtp-relay", relay.url)
        server("domain", "add", "sender.example")
        server.import_(self.people("a", "b", "c"))
        campaign = server.campaign(self.html())
        return server, campaign

    def outcome(self, server, campaign, seconds=150):
        def ended():
            report = server("campaign", "report", campaign)
            return report if report["state"] == "sent" else None

        return until(ended, seconds, lambda: f"the campaign does not end: {server('campaign', 'report', campaign)}")

    def honest(self, lines, say, received, extensions=("SIZE 10000000", "8BITMIME", "SMTPUTF8")):
        """A well-behaved conversation; every accepted message's recipient is noted."""
        say("220 relay ready")
        recipient = None
        for line in lines:
            word = line.strip().upper()
            if word.startswith(b"EHLO"):
                for extension in extensions:
                    say(f"250-{extension}")
                say("250 HELP")
            elif word.startswith(b"RCPT"):
                recipient = line.split(b"<")[1].split(b">")[0].decode()
                say("250 ok")
            elif word == b"DATA":
                say("354 go on")
                while lines.readline().rstrip(b"\r\n") != b".":
                    pass
                received.append(recipient)
                say("250 taken")
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    def test_breaking_off_after_the_final_dot_is_in_doubt(self):
        """Nobody can know whether the relay kept it: it is not sent again."""
        received = []

        def talk(lines, say, connection):
            say("220 relay ready")
            for line in lines:
                word = line.strip().upper()
                if word.startswith(b"RCPT"):
                    recipient = line.split(b"<")[1].split(b">")[0].decode()
                if word.startswith(b"EHLO"):
                    say("250 relay")
                elif word == b"DATA":
                    say("354 go on")
                    while lines.readline().rstrip(b"\r\n") != b".":
                        pass
                    received.append(recipient)
                    return
                elif word == b"QUIT":
                    return
                else:
                    say("250 ok")

        server, campaign = self.started(talk)
        server("campaign", "send", campaign)
        report = self.outcome(server, campaign)
        self.assertEqual((report["sent"], report["in_doubt"]), (0, 3), report)
        self.assertEqual(sorted(received), [f"{local}@people.example" for local in "abc"])

    def test_breaking_off_in_the_middle_of_data_is_tried_again(self):
        received, broken = [], []

        def talk(lines, say, connection):
            if len(broken) >= 3:
                return self.honest(lines, say, received)
            say("220 relay ready")
            for line in lines:
                word = line.strip().upper()
                if word.startswith(b"EHLO"):
                    say("250 relay")
                elif word == b"DATA":
                    broken.append(1)
                    say("354 go on")
                    lines.readline()
                    return
                else:
                    say("250 ok")

        server, campaign = self.started(talk)
        server("campaign", "send", campaign)
        report = self.outcome(server, campaign)
        self.assertEqual(len(received), len(set(received)))
        self.assertEqual(report["sent"] + report["in_doubt"], 3, report)
        self.assertEqual(report["sent"], len(received), report)

    def lying(self, swallow):
        """Offers PIPELINING, but reads one command per packet; what came with it is `swallow`ed or refused."""
        received = []

        def talk(lines, say, connection):
            say("220 relay ready")
            recipient = None
            while data := connection.recv(65536):
                line, _, rest = data.partition(b"\r\n")
                word = line.upper()
                if rest and not swallow:
                    say("503 5.5.1 improper use of SMTP command pipelining")
                    return
                if word.startswith(b"EHLO"):
                    say("250-relay\r\n250 PIPELINING")
                elif word.startswith(b"RCPT"):
                    recipient = line.split(b"<")[1].split(b">")[0].decode()
                    say("250 ok")
                elif word == b"DATA":
                    say("354 go on")
                    body = rest
                    while not body.endswith(b"\r\n.\r\n"):
                        more = connection.recv(65536)
                        if not more:
                            return
                        body += more
                    received.append((recipient, body))
                    say("250 taken")
                elif word == b"QUIT":
                    return
                else:
                    say("250 ok")

        server, campaign = self.started(talk)
        server("campaign", "send", campaign)
        return server, campaign, received

    def test_a_lie_about_pipelining_that_breaks_off(self):
        server, campaign, received = self.lying(swallow=False)
        time.sleep(5)
        self.assert_nobody_was_misled(server, campaign, received)

    def test_a_lie_about_pipelining_that_stalls(self):
        server, campaign, received = self.lying(swallow=True)
        time.sleep(5)
        self.assert_nobody_was_misled(server, campaign, received)
        server.stop()

    def assert_nobody_was_misled(self, server, campaign, received):
        """Each message went to the one it was written to, nobody got two, and nobody is forgotten."""
        for recipient, body in received:
            self.assertIn(recipient.encode(), body)
        self.assertEqual(len(received), len({recipient for recipient, _ in received}))
        report = server("campaign", "report", campaign)
        self.assertEqual(sum(report[state] for state in ("queued", "sending", "sent", "failed", "in_doubt")), 3, report)
        self.assertGreaterEqual(len(received), report["sent"])
        self.assertEqual(server.http("GET", "/readyz").code, 200)

    def test_a_relay_that_says_nothing_blocks_nothing_else(self):
        def talk(lines, say, connection):
            time.sleep(120)

        server, campaign = self.started(talk)
        server("campaign", "send", campaign)
        time.sleep(2)
        self.assertEqual(server.http("GET", "/readyz").code, 200)
        server("contact", "unsubscribe", "a@people.example")
        server("campaign", "pause", campaign)
        self.assertEqual(server("campaign", "report", campaign)["sent"], 0)
        server("campaign", "cancel", campaign)
        server.stop()

    def test_a_relay_that_is_not_there_loses_nothing(self):
        received = []
        server, campaign = self.started(lambda lines, say, connection: self.honest(lines, say, received))
        url = server.process.args[server.process.args.index("--smtp-relay") + 1]
        server.stop()
        server.serve("--smtp-relay", "smtp://127.0.0.1:9")
        server("campaign", "send", campaign)
        until(lambda: server("campaign", "report", campaign)["queued"] == 3, 20, "not queued")
        time.sleep(1)
        server.stop()
        server.serve("--smtp-relay", url)
        report = self.outcome(server, campaign)
        self.assertEqual(report["sent"], 3, report)
        self.assertEqual(sorted(received), [f"{local}@people.example" for local in "abc"])
