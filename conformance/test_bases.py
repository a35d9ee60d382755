"""Other bases than consent, through a whole campaign: customers, and companies on legitimate interest."""

import re

from harness import Case
from harness.barid import until

NOTICE = """<html><body><p>Hello</p><p>{{ lawful_notice }}</p><p>{{ postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>"""
REASON = "You buy harbour cranes for the port of Marseille"


class Bases(Case):
    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()
        self.lia = self.server.assessment()

    def denied(self, campaign):
        return self.server.preflight(campaign)["denied"]

    def interested(self, *rows, name="prospects.csv", flags=()):
        lines = "".join(f"{local}@people.example,{country},{kind}\n" for local, country, kind in rows)
        return self.server.import_(self.file(name, "email,country,recipient type\n" + lines), "--assessment", self.lia,
                                   "--reason", REASON, *flags, basis="legitimate_interest")

    def test_customers_are_written_to_where_the_law_lets_them(self):
        rows = "email,country,recipient type\na@people.example,FR,individual\nb@people.example,SA,individual\n"
        self.server.import_(self.file("customers.csv", rows), "--sale-date", "2026-02-01", basis="soft_opt_in")
        campaign = self.server.campaign(self.html())
        ready = self.server.preflight(campaign)
        self.assertEqual((ready["selected"], ready["allowed"]), (2, 1), ready)
        self.assertEqual(sum(ready["denied"].values()), 1, ready)
        report = self.server.send(campaign)
        self.assertEqual((report["sent"], report["denied"]), (1, 1), report)
        self.assertEqual(self.inbox.addresses(), ["a@people.example"])
        shown = self.server("contact", "show", "a@people.example")
        message = next(section["records"][0] for section in shown["sections"] if section["table"] == "delivery")
        self.assertEqual(message["basis"]["type"], "soft_opt_in")

    def test_a_customer_who_leaves_has_left(self):
        rows = "email,country,recipient type\na@people.example,FR,individual\n"
        path = self.file("customers.csv", rows)
        self.server.import_(path, "--sale-date", "2026-02-01", basis="soft_opt_in")
        self.server.send(self.server.campaign(self.html()))
        link = self.inbox.one("a@people.example").link()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self.server.http("POST", link, "List-Unsubscribe=One-Click", form).code, 200)
        self.server.import_(path, "--sale-date", "2026-02-01", basis="soft_opt_in")
        self.assertEqual(self.server.preflight(self.server.campaign(self.html()))["allowed"], 0)

    def test_companies_on_legitimate_interest(self):
        self.interested(("a", "FR", "corporate_named"), ("b", "DE", "corporate_named"), ("c", "FR", "individual"))
        bare = self.server.campaign(self.html())
        self.assertEqual(self.server.preflight(bare)["allowed"], 0, "without the notice nobody may be written to")
        campaign = self.server.campaign(self.html(NOTICE), "--reason", REASON)
        ready = self.server.preflight(campaign)
        self.assertEqual((ready["selected"], ready["allowed"]), (3, 1), ready)
        self.assertIn("basis_not_allowed", ready["denied"])
        report = self.server.send(campaign)
        self.assertEqual((report["sent"], report["denied"]), (1, 2), report)
        letter = self.inbox.one("a@people.example")
        for kind in ("plain", "html"):
            text = re.sub(r"\s+", " ", letter.part(kind))
            for said in (REASON, "Of your data we process only", "See, change or delete", "Harbour Street", "/u/"):
                self.assertIn(said, text, kind)

    def test_a_prospect_who_opts_out_is_erased_and_stays_away(self):
        self.interested(("a", "FR", "corporate_named"))
        self.server.send(self.server.campaign(self.html(NOTICE), "--reason", REASON))
        link = self.inbox.one("a@people.example").link()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self.server.http("POST", link, "List-Unsubscribe=One-Click", form).code, 200)

        def gone():
            return self.server.run("contact", "show", "a@people.example", "--json").code != 0

        until(gone, 20, "the prospect is still there")
        self.interested(("a", "FR", "corporate_named"), name="again.csv")
        self.assertEqual(self.server.preflight(self.server.campaign(self.html(NOTICE), "--reason", REASON))["allowed"], 0)
        self.server("ledger", "verify")

    def test_what_is_missing_is_said(self):
        path = self.file("a.csv", "email,country,recipient type\na@people.example,FR,corporate_named\n")
        for basis, flags, lacking in (("legitimate_interest", ("--assessment", self.lia), "reason"),
                                      ("legitimate_interest", ("--reason", REASON), "assessment"),
                                      ("soft_opt_in", (), "sale")):
            answer = self.server.run("import", path, "--topic", "News", "--basis", basis, "--source", "fair",
                                     "--collected-on", "2026-03-01", "--wait", "--json", *flags)
            self.assertEqual(answer.code, 2, answer)
            self.assertIn(lacking, answer.json["error"]["detail"].lower() + str(answer.json["error"]["fields"]).lower())
