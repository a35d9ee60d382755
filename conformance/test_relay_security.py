"""A relay that wants a sign-in: TLS first, the right certificate, and clear words when something is wrong."""

import ssl

from aiosmtpd.smtp import AuthResult

from harness import Authority, Case, ScriptedRelay
from harness.barid import until

HOST = "submission.sender.example"
USER, PASSWORD = "al-noor", "correct-horse-battery"


class Submission(Case):
    engines = ("sqlite",)

    def setUp(self):
        super().setUp()
        self.zone = self.names({(HOST, "A"): ["127.0.0.1"]})
        self.authority = Authority(self.directory, "trusted")
        self.tried = []

    def server_of(self, authority, host=HOST, **options):
        """A submission server with a certificate, and the rights of `USER`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*authority.issue(host))

        def authenticate(server, session, envelope, mechanism, data):
            said = (data.login.decode(), data.password.decode())
            self.tried.append((said, session.ssl is not None))
            return AuthResult(success=said == (USER, PASSWORD), handled=False)

        return self.relay(tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate,
                          **options)

    def sending_over(self, port, password=PASSWORD, scheme="smtp"):
        """A campaign to one person, on its way over the relay."""
        trust = {"SSL_CERT_FILE": str(self.authority.certificate)}
        server = self.verified(self.zone, "--smtp-relay", f"{scheme}://{USER}:{password}@{HOST}:{port}", env=trust)
        server.import_(self.people("zaynab"))
        campaign = server.campaign(self.html())
        server("campaign", "send", campaign)
        return server, campaign

    def stuck(self, server, campaign, *words):
        """Nothing left, nothing is lost, and the log says why, without the password."""
        def told():
            log = server.log().lower()
            return all(word in log for word in words)

        until(told, 30, server.log)
        report = until(lambda: self.waiting(server, campaign), 20, lambda: server("campaign", "report", campaign))
        self.assertEqual((report["sent"], report["failed"], report["in_doubt"]), (0, 0, 0), report)
        self.assertNotIn(PASSWORD, server.log())
        self.assertNotIn("wrong-password", server.log())

    def waiting(self, server, campaign):
        report = server("campaign", "report", campaign)
        return report if report["queued"] == 1 and report["sending"] == 0 else None

    def test_signs_in_over_tls_with_a_private_authority(self):
        relay = self.server_of(self.authority)
        server, campaign = self.sending_over(relay.port)
        until(lambda: relay.received, 30, server.log)
        self.assertEqual(self.tried, [((USER, PASSWORD), True)])
        until(lambda: server("campaign", "report", campaign)["sent"] == 1, 20, "not counted")
        self.assertNotIn(PASSWORD, server.log())

    def test_a_wrong_password(self):
        relay = self.server_of(self.authority)
        server, campaign = self.sending_over(relay.port, password="wrong-password")
        self.stuck(server, campaign, HOST, "login", "535")
        self.assertEqual(relay.received, [])
        self.assertEqual({said for said, _ in self.tried}, {(USER, "wrong-password")})
        self.assertLess(len(self.tried), 4, "trying again and again locks accounts")

    def test_a_certificate_of_somebody_else(self):
        for name, relay in (("stranger", self.server_of(Authority(self.directory, "stranger"))),
                            ("another host", self.server_of(self.authority, "other.example"))):
            with self.subTest(name):
                server, campaign = self.sending_over(relay.port)
                self.stuck(server, campaign, HOST, "certificate")
                self.assertEqual((relay.received, self.tried), ([], []), "no password goes to a stranger")
                server.stop()

    def test_no_tls_no_password(self):
        heard = []

        def talk(lines, say, connection):
            say("220 submission ESMTP")
            for line in lines:
                heard.append(line.strip())
                if line.upper().startswith(b"EHLO"):
                    say("250-submission\r\n250 AUTH PLAIN LOGIN")
                elif line.upper().startswith(b"QUIT"):
                    return
                else:
                    say("250 fine")

        relay = ScriptedRelay(talk)
        self.addCleanup(relay.stop)
        server, campaign = self.sending_over(relay.url.rpartition(":")[2])
        self.stuck(server, campaign, HOST, "does not offer tls")
        self.assertTrue(heard)
        self.assertEqual([line for line in heard if not line.upper().startswith((b"EHLO", b"QUIT"))], [])
