"""A campaign from draft to the wire: what arrives is parsed and its signatures are verified independently."""

from harness import Case, mail
from harness.barid import POSTAL, until

AR = """<html lang="ar" dir="rtl"><body><p>مرحبًا {{ first_name | fallback: "بك" }}،</p>
<p>كتبنا الجديدة <a href="https://shop.example/books">هنا</a>.</p><p>{{ organisation }}، {{ postal_address }}</p>
<p><a href="{{ unsubscribe_url }}">إلغاء الاشتراك</a></p></body></html>"""


class Message(Case):
    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()

    def sent(self, content, *flags, imported=(), **options):
        """One person imported, one campaign sent: the message as received."""
        self.server.import_(self.people(("zaynab", "Zaynab", "EG")), *imported)
        campaign = self.server.campaign(content, *flags, **options)
        outcome = self.server.send(campaign)
        self.assertEqual(outcome, {"sent": 1, "denied": 0, "failed": 0, "in_doubt": 0})
        return self.inbox.one("zaynab@people.example")

    def judge(self, received):
        message = received.message
        self.assertEqual(message.defects, [])
        self.assertEqual(message["To"].addresses[0].addr_spec, "zaynab@people.example")
        self.assertEqual(message["From"].addresses[0].addr_spec, "news@sender.example")

        self.assertEqual(mail.verify(received.raw, mail.keys(self.server.domain)), ["rsa-sha256", "ed25519-sha256"])
        for signature in mail.signatures(message):
            signed = signature["h"].lower().split(":")
            for header in ("from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"):
                self.assertIn(header, signed)
            self.assertEqual(signed.count("from"), 2, "From is oversigned")
            self.assertEqual(signature["d"], "sender.example")
            self.assertNotIn("l", signature)

        first, second = received.unsubscribe()
        self.assertTrue(first.startswith(self.server.url + "/u/"), first)
        self.assertTrue(second.startswith("mailto:"), second)
        self.assertEqual(message["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertIn("<", message["List-Id"])
        self.assertEqual(message["Feedback-ID"].count(":"), 3)
        self.assertTrue(message["Message-ID"].strip().endswith("sender.example>"))
        self.assertNotEqual(received.sender, "news@sender.example")
        self.assertTrue(received.sender.endswith("sender.example"), received.sender)
        self.assertTrue(all(len(line) <= 998 for line in received.raw.split(b"\r\n")))
        for kind in ("plain", "html"):
            part = received.part(kind)
            self.assertIn(POSTAL, part)
            self.assertIn(first, part)
            self.assertNotIn("{{", part)

    def test_html(self):
        received = self.sent(self.html(), subject='News for {{ first_name | fallback: "you" }}')
        self.judge(received)
        self.assertEqual(received.message["Subject"], "News for Zaynab")
        self.assertIn("Dear Zaynab,", received.part("plain"))
        (tag, attributes) = next(one for one in mail.page(received.part("html")).elements if one[0] == "html")
        self.assertEqual((attributes["lang"], attributes.get("dir", "ltr")), ("en", "ltr"))

    def test_mjml(self):
        received = self.sent(self.mjml())
        self.judge(received)
        self.assertIn("https://shop.example/books", mail.page(received.part("html")).links)

    def test_arabic(self):
        subject = "أخبار المكتبة " + "وجديدها " * 12
        received = self.sent(self.html(AR), "--language", "ar", subject=subject.strip())
        self.judge(received)
        self.assertEqual(received.message["Subject"], subject.strip())
        (_, attributes) = next(one for one in mail.page(received.part("html")).elements if one[0] == "html")
        self.assertEqual((attributes["lang"], attributes["dir"]), ("ar", "rtl"))
        self.assertEqual(received.message["Content-Language"], "ar")
        for line in received.raw.split(b"\r\n\r\n")[0].split(b"\r\n"):
            self.assertLessEqual(len(line), 998)
            line.decode("ascii")

    def test_a_text_part_that_was_given_is_used(self):
        text = self.file("content.txt", "Salam {{ first_name | fallback: \"you\" }}\n{{ postal_address }}\n{{ unsubscribe_url }}\n")
        received = self.sent(self.html(), "--text", text)
        self.judge(received)
        self.assertIn("Salam Zaynab", received.part("plain"))

    def test_links_stay_as_written_without_the_tracking_purpose(self):
        page = mail.page(self.sent(self.html()).part("html"))
        self.assertIn("https://shop.example/books", page.links)
        self.assertEqual(page.images, [])

    def test_links_are_counted_with_the_tracking_purpose_and_lead_nowhere_else(self):
        received = self.sent(self.html(), imported=["--tracking"])
        page = mail.page(received.part("html"))
        link = next(link for link in page.links if "/t/" in link)
        pixel = next(image for image in page.images if "/t/" in image)
        self.assertNotIn("https://shop.example/books", page.links)
        answer = self.server.http("GET", link, headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
        self.assertIn(answer.code, (302, 303, 307))
        self.assertIn("https://shop.example/books", answer.err)
        self.assertEqual(self.server.http("GET", pixel).code, 200)
        forged = link[:-4] + ("AAAA" if not link.endswith("AAAA") else "BBBB")
        self.assertNotIn(self.server.http("GET", forged).code, (301, 302, 303, 307, 308))

    def test_the_report_counts(self):
        self.server.import_(self.people("zaynab", ("paul", "Paul", "DE")), "--tracking")
        campaign = self.server.campaign(self.html())
        self.server.send(campaign)
        received = self.inbox.one("zaynab@people.example")
        link = next(link for link in mail.page(received.part("html")).links if "/t/" in link)
        browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
        for _ in range(2):
            self.server.http("GET", link, headers=browser)
        self.server.http("POST", received.link(), "List-Unsubscribe=One-Click", {"Content-Type": "application/x-www-form-urlencoded"})

        def counted():
            report = self.server("campaign", "report", campaign)
            return report if sum(report["clicks"][kind] for kind in ("human", "probable_machine", "machine")) == 2 else None

        report = until(counted, 20, lambda: self.server("campaign", "report", campaign))
        self.assertEqual((report["sent"], report["unsubscribed"], report["state"]), (2, 1, "sent"), report)
        self.assertEqual([link["url"] for link in report["links"]], ["https://shop.example/books"])


class Preflight(Case):
    def test_says_who_is_denied_and_why(self):
        server, inbox = self.sending()
        rows = "email,country,consent time,confirmed at\n" + "".join([
            "doi@people.example,DE,2026-03-01T10:00:00Z,2026-03-01T10:05:00Z\n",
            "single1@people.example,DE,2026-03-01T10:00:00Z,\n",
            "single2@people.example,DE,2026-03-01T10:00:00Z,\n",
            "france@people.example,FR,2026-03-01T10:00:00Z,\n",
            "nowhere@people.example,,2026-03-01T10:00:00Z,\n",
        ])
        server.import_(self.file("a.csv", rows))
        campaign = server.campaign(self.html())
        found = server.preflight(campaign)
        self.assertEqual((found["selected"], found["allowed"]), (5, 2))
        self.assertEqual(found["denied"], {"doi_missing": 3})
        self.assertEqual(inbox.received, [])
        self.assertEqual(server.send(campaign), {"sent": 2, "denied": 3, "failed": 0, "in_doubt": 0})
        self.assertEqual(sorted(inbox.addresses()), ["doi@people.example", "france@people.example"])

    def test_away_from_this_machine_a_domain_must_be_verified(self):
        server = self.barid().serve("--smtp-relay", "smtp://192.0.2.1:25", "--resolver", "127.0.0.1:1")
        server("domain", "add", "sender.example")
        server.import_(self.people("lina"))
        campaign = server.campaign(self.html())
        found = server.preflight(campaign)
        self.assertEqual(found["allowed"], 0, found)
        self.assertIn("sender_domain_unverified", str(found))
        sent = server.run("campaign", "send", campaign, "--wait", "--json", timeout=60)
        self.assertIn("not verified", sent.out + sent.err)
