"""The public pages in a real browser: axe finds nothing, in both languages, light and dark, wide and narrow."""

import json
import re
import subprocess
import time
from urllib.parse import urlencode

from harness import Barid, mail
from harness.barid import environment_of, until
from harness.browsing import Browsing
from harness.machine import binary, free_port
from test_pages import FORM, fields

LOOKS = [{"name": f"{width}-{'dark' if dark else 'light'}", "width": width, "dark": dark}
         for width in (1280, 390) for dark in (False, True)]
WORDS = {
    "en": {"title": "Letters from the bookshop", "consent": "Write to me about books.", "button": "Join"},
    "ar": {"title": "رسائل المكتبة", "consent": "راسلوني عن الكتب الجديدة.", "button": "اشترك"},
}


class Browser(Browsing):
    def judge(self, pages):
        """Opens pages (name to path or URL) in both languages; fails with everything that axe found."""
        found = []
        for name, url in pages.items():
            for language in ("en", "ar"):
                found.append({"name": f"{name}-{language}", "url": url + ("&" if "?" in url else "?") + f"lang={language}",
                              "sandboxed": name == "view"})
        answers = self.node("browser.mjs", {"looks": LOOKS, "pages": found})
        self.assertEqual(len(answers), len(found) * len(LOOKS))
        wrong = [answer for answer in answers if answer["violations"] or answer["faults"] or answer["status"] >= 500]
        self.assertEqual(wrong, [], json.dumps(wrong, indent=1, ensure_ascii=False))
        return answers

    def form(self, server):
        field = lambda key, english, arabic, **more: {"key": key, "purpose": "marketing", "label_en": english, "label_ar": arabic, **more}
        definition = {"fields": [field("email", "E-mail", "البريد الإلكتروني", required=True),
                                 field("first_name", "First name", "الاسم الأول")], **WORDS, "double_opt_in": True}
        made = server.http("POST", "/v1/forms", {"name": "Site", "topic": "News", "definition": definition}, key=True)
        self.assertEqual(made.code, 201, made)
        return f"{server.url}/w/forms/{made.json['id']}"

    def test_what_people_reach_from_their_mail(self):
        server, inbox = self.sending()
        for topic in ("News", "Events"):
            server.http("POST", "/v1/topics", {"name": topic}, key=True)
        server.http("PATCH", "/v1/workspace", {"settings": {"default_sender": {"email": "news@sender.example"}}}, key=True)
        form, opened = self.form(server), time.monotonic()
        filled = fields(server.http("GET", form).out)
        text = self.html().read_text().replace("</body>", '<a href="{{ preferences_url }}">P</a><a href="{{ view_url }}">V</a></body>')
        server.import_(self.people("zaynab", "omar"))
        server.send(server.campaign(self.html(text)))
        letter = inbox.one("zaynab@people.example")
        links = mail.page(letter.part("html")).links
        view = next(link for link in links if link.endswith("/view"))
        preferences = next(link for link in links if "/p/" in link and link != view)
        left = inbox.one("omar@people.example").link()
        self.assertEqual(server.http("POST", left, "List-Unsubscribe=One-Click", FORM).code, 200)
        pages = {
            "unsubscribe": letter.link(), "unsubscribed": left, "view": view, "preferences": preferences,
            "data": f"{preferences}/data", "forget": f"{preferences}/forget", "form": form,
            "nowhere": f"{server.url}/u/nothing", "invite": f"{server.url}/account/invite?token=abc",
            "reset": f"{server.url}/account/reset?token=abc", "confirm-address": f"{server.url}/account/confirm?token=abc",
            "change-address": f"{server.url}/account/change?token=abc", "exists": f"{server.url}/account/exists",
        }
        pages["confirm"] = self.invitation(server, inbox, form, opened, filled)
        if server.http("GET", "/privacy").code == 200:
            pages["privacy"] = f"{server.url}/privacy"
        self.judge(pages)

    def invitation(self, server, inbox, form, opened, filled):
        """The confirmation link that a sign-up brings; a form posted at once is taken for a machine's."""
        time.sleep(max(0.0, opened + 4 - time.monotonic()))
        filled |= {name: "yes" for name in filled if "agree" in name} | {"v-email": "lina@people.example"}
        self.assertEqual(server.http("POST", form, urlencode(filled), FORM).code, 200)
        until(lambda: inbox.to("lina@people.example"), 30, "no confirmation mail")
        return re.search(r"http://\S+/p/confirm/\S+", inbox.one("lina@people.example").part("plain")).group().rstrip(").,>")

    def test_what_the_mail_catcher_shows(self):
        port = free_port()
        server = Barid(self.directory, "sqlite")
        self.addCleanup(server.kill)
        server.process = subprocess.Popen(
            [binary(), "demo", "--listen", f"127.0.0.1:{port}", "--data", self.directory / "demo", "--json"], text=True,
            env=environment_of(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.directory)
        self.addCleanup(server.process.stdout.close)
        server.url = f"http://127.0.0.1:{port}"
        server.until_ready(120)
        server.key = json.loads(server.process.stdout.readline())["api_key"]
        campaign = server.http("GET", "/v1/campaigns", key=True).json["items"][0]["id"]
        self.assertGreater(server.send(campaign)["sent"], 0)
        # A forgotten password is mailed by the demo, too.
        self.assertLess(server.http("POST", "/v1/account/reset", {"email": "owner@barid.example"}).code, 300)
        until(lambda: "/account/reset" in self.newest(server), 20, "the link is not caught")
        caught = re.search(r'href="(/catcher/[^"]+)"', server.http("GET", "/catcher").out).group(1)
        self.judge({"catcher": f"{server.url}/catcher", "caught": server.url + caught})

    @staticmethod
    def newest(server):
        """The newest caught message, as its page shows it."""
        found = re.search(r'href="(/catcher/[^"]+)"', server.http("GET", "/catcher").out)
        return server.http("GET", found.group(1)).out if found else ""
