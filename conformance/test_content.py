"""Content that is wrong or hostile: told with place and remedy, and never obeyed."""

import csv
import io

from harness import Case

GOOD = '<p>{{ postal_address }}</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>'


class Templates(Case):
    engines = ("sqlite",)

    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()
        self.server.import_(self.people("lina"))

    def create(self, content, subject="News", kind="--html"):
        return self.server.run("campaign", "create", "--name", "x", "--from", "news@sender.example", "--subject", subject,
                               kind, self.file("content", content), "--topic", "News", "--json")

    def test_mistakes_are_told_with_their_place(self):
        for content, kind, words in (
            (f"<p>Hello {{{{ frist_name | fallback: 'x' }}}}</p>{GOOD}", "--html", ["frist_name", "line 1"]),
            (f"<p>Hello</p>\n<p>{{{{ first_name }}}}</p>{GOOD}", "--html", ["first_name", "line 2", "fallback"]),
            (f"<p>Hello {{{{ first_name | fallback: 'x'</p>{GOOD}", "--html", ["line 1"]),
            (f"{{% if country == 'DE' %}}<p>Hello</p>{GOOD}", "--html", ["if", "line 1"]),
            ("<mjml><mj-body><mj-section><mj-column><mj-text>Hello</mj-column></mj-section></mj-body></mjml>", "--mjml", ["mj-text", "line 1"]),
            ("", "--html", []),
        ):
            with self.subTest(content[:60]):
                answer = self.create(content, kind=kind)
                self.assertEqual(answer.code, 2, answer)
                for word in words:
                    self.assertIn(word, answer.out + answer.err)

    def test_what_the_law_asks_for_must_be_there(self):
        for content, element in (
            ('<p>Hello</p><a href="{{ unsubscribe_url }}">Unsubscribe</a>', "postal"),
            ("<p>Hello {{ postal_address }}</p>", "unsubscribe"),
        ):
            with self.subTest(element):
                made = self.create(content)
                if made.code == 0:
                    found = self.server.preflight(made.json["id"])
                    self.assertEqual(found["allowed"], 0, found)
                    self.assertIn(element, str(found))
                    made = self.server.run("campaign", "send", made.json["id"], "--wait", "--json")
                self.assertIn(element, made.out + made.err)
                self.assertEqual(self.inbox.received, [])

    def test_a_subject_of_two_lines_is_refused_or_folded(self):
        answer = self.create(f"<p>Hello</p>{GOOD}", subject="News\r\nBcc: all@people.example")
        if answer.code == 0:
            self.server.send(answer.json["id"])
            self.assertNotIn("Bcc", self.inbox.one("lina@people.example").message)


class Values(Case):
    engines = ("sqlite",)

    """Values from a file are only ever values."""

    HOSTILE = {
        "html": "<script>alert(1)</script><b>x</b>",
        "header": "x\r\nBcc: victim@other.example",
        "merge": "{{ email }}*|EMAIL|*",
        "formula": '=HYPERLINK("http://evil.example";"x")',
        "dot": "\r\n.\r\nMAIL FROM:<x@y.example>",
        "quote": 'x" <victim@other.example>, "y',
        "bidi": "\u202eevil\u202c",
    }

    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(["email", "first name", "country", "consent time", "confirmed at"])
        for local, value in self.HOSTILE.items():
            rows.writerow([f"{local}@people.example", value, "EG", "2026-03-01T10:00:00Z", "2026-03-01T10:05:00Z"])
        self.answer = self.server.import_(self.file("hostile.csv", text.getvalue().encode()))

    def test_in_a_message(self):
        self.assertEqual(self.answer["added"], len(self.HOSTILE), self.answer)
        self.server.send(self.server.campaign(self.html(), subject='Hello {{ first_name | fallback: "you" }}'))
        self.assertEqual(sorted(self.inbox.addresses()), sorted(f"{local}@people.example" for local in self.HOSTILE))
        for local in self.HOSTILE:
            received = self.inbox.one(f"{local}@people.example")
            message = received.message
            self.assertEqual(received.recipients, [f"{local}@people.example"])
            self.assertIsNone(message["Bcc"])
            self.assertEqual([one.addr_spec for one in message["To"].addresses], [f"{local}@people.example"])
            self.assertNotIn("<script", received.part("html"))
            self.assertNotIn("<b>x", received.part("html"))
            self.assertIn("{{ email }}" if local == "merge" else "", received.part("html"))
            self.assertNotIn("\n", message["Subject"])

    def test_in_an_export(self):
        exported = self.server.run("export")
        self.assertEqual(exported.code, 0, exported)
        cells = [cell for row in csv.reader(io.StringIO(exported.out.removeprefix("\ufeff"))) for cell in row]
        self.assertTrue(any("HYPERLINK" in cell for cell in cells))
        self.assertEqual([cell for cell in cells if cell[:1] in "=+@-\t\r" and cell], [])
