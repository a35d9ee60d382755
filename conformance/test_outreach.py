"""Cold outreach to French companies: refused until everything is stated, told why in both parts, stopped by an answer."""

import smtplib

from harness import Case, mail
from harness.barid import until
from harness.machine import free_port

PERSON = "zaynab@people.example"
OTHER = "achats@people.example"

LETTER = """<html><body><p>Dear {{ first_name | fallback: "colleague" }}, we repair cranes for {{ company | fallback: "you" }}.</p>
<p>{{ lawful_notice }}</p><p>{{ organisation }}, {{ postal_address }} <a href="{{ unsubscribe_url }}">No more letters</a></p>
</body></html>"""


class Outreach(Case):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.server, self.inbox = self.sending("--inbound-smtp", f"127.0.0.1:{self.port}")
        lia = self.server.assessment("Crane users")
        activity = self.post("/v1/privacy/business-activities", {"code": "33.12", "description": "Repair of cranes"})
        segment = self.post("/v1/segments", {"name": "France", "where": {"field": "country", "op": "is", "value": "FR"}})
        self.segment = segment["id"]
        self.stated = {"targeting": "Buyers of French companies that run cranes", "activity": activity["id"],
                       "assessment": lia}
        rows = ["email,first name,country,recipient type,company",
                f"{PERSON},Zaynab,FR,corporate named,Grues SA",
                f"{OTHER},,FR,corporate generic,Ports SARL",
                "jean@people.example,Jean,FR,corporate named,",
                "uwe@people.example,Uwe,DE,corporate named,Kran GmbH"]
        self.server.import_(self.file("cold.csv", "\n".join(rows) + "\n"), "--assessment", lia,
                            "--reason", "They run cranes", basis="legitimate_interest")

    def post(self, path, body, code=None):
        answer = self.server.http("POST", path, body, key=True)
        if code is None:
            self.assertIn(answer.code, (200, 201, 204), answer)
        else:
            self.assertEqual(answer.code, code, answer)
        return answer.json if answer.out else None

    def reply(self, received, text):
        to, message = mail.reply(received, text, PERSON)
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
            client.sendmail(PERSON, [to], message.encode())

    def assert_lawful(self, received):
        for kind in ("plain", "html"):
            text = received.message.get_body((kind,)).get_content()
            for told in ("You buy crane parts for Grues SA.", "only: your e-mail address, your first name, the company"):
                self.assertIn(told, text, kind)

    def test_a_campaign_is_refused_until_all_is_stated(self):
        bare = self.server.campaign(self.html(LETTER), "--prospecting")
        refused = self.post(f"/v1/campaigns/{bare}/send", {}, 422)
        named = {field["field"] for field in refused["fields"]}
        self.assertEqual(named, {"prospecting.targeting", "segment", "reason", "prospecting.activity",
                                 "prospecting.assessment"})
        flags = ["--prospecting", "--segment", self.segment, "--reason", "You buy crane parts for {{ company | required }}."]
        for name, value in self.stated.items():
            flags += [f"--{name}", value]
        cut = self.server.campaign(self.html(LETTER.replace("{{ lawful_notice }}", "{{ notice_reason }}")), *flags)
        refused = self.post(f"/v1/campaigns/{cut}/send", {}, 422)
        self.assertEqual({field["field"] for field in refused["fields"]}, {
            "notice_processing:html", "notice_processing:text", "notice_rights:html", "notice_rights:text"})
        whole = self.server.campaign(self.html(LETTER), *flags)
        before = self.server.preflight(whole)
        self.assertEqual((before["selected"], before["allowed"], before["denied"]), (3, 2, {"reason_missing": 1}))
        self.server.send(whole)
        self.assertEqual(sorted(self.inbox.addresses()), sorted([PERSON, OTHER]))
        self.assert_lawful(self.inbox.one(PERSON))

    def test_a_sequence_stops_when_the_person_answers(self):
        content = {"subject": "Cranes", "html": LETTER, "language": "en"}
        sequence = self.post("/v1/sequences", {
            "name": "Cold", "from": "Al Noor <news@sender.example>", "topic": "News", "segment": self.segment,
            "prospecting": self.stated, "reason": "You buy crane parts for {{ company | required }}.", "thread": True,
            "steps": [{"wait_days": 0, "content": content}, {"wait_days": 3, "content": content}]})["id"]
        self.post(f"/v1/sequences/{sequence}/start", None)
        until(lambda: len(self.inbox.received) == 2, 30, lambda: f"{len(self.inbox.received)} received")
        self.assert_lawful(self.inbox.one(PERSON))
        person = self.server.http("POST", "/v1/contacts/lookup", {"email": PERSON}, key=True).json["id"]
        self.reply(self.inbox.one(PERSON), "Thank you, please call me next week about the harbour crane.")
        state = until(lambda: self.state(sequence, person, "stopped"), 30, lambda: self.states(sequence))
        self.assertEqual(state["reason"], "replied")
        report = self.server.http("GET", f"/v1/sequences/{sequence}/report", key=True).json
        self.assertEqual((report["enrolled"], report["stopped"]), (3, {"replied": 1, "reason_missing": 1}))
        self.assertEqual(report["people"]["waiting"], 1)
        # Whoever says no is not only out of the series: the prospect is erased, and comes back by no import.
        self.reply(self.inbox.one(PERSON), "لا شكرًا")
        until(lambda: self.server.http("POST", "/v1/contacts/lookup", {"email": PERSON}, key=True).code == 404, 30,
              "the prospect is still there")

    def states(self, sequence):
        return self.server.http("GET", f"/v1/sequences/{sequence}/people", key=True).json["items"]

    def state(self, sequence, person, state):
        found = [one for one in self.states(sequence) if one["contact"] == person and one["state"] == state]
        return found[0] if found else None
