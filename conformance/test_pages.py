"""The public pages, as a reader without JavaScript uses them: sign-up, confirmation, preferences, view in browser."""

import re
import time
from html.parser import HTMLParser
from urllib.parse import urlencode

from harness import Case, mail
from harness.barid import until

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields = {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "input" and attributes.get("name"):
            self.fields[attributes["name"]] = attributes.get("value", "")


def fields(page):
    """The names and values of a page's inputs."""
    parsed = _Fields()
    parsed.feed(page)
    return parsed.fields


class Pages(Case):
    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()
        made = self.server.http("POST", "/v1/topics", {"name": "News"}, key=True)
        self.assertEqual(made.code, 201, made)
        sender = {"name": "Al Noor", "email": "news@sender.example"}
        changed = self.server.http("PATCH", "/v1/workspace", {"settings": {"default_sender": sender}}, key=True)
        self.assertEqual(changed.code, 200, changed)

    def test_pages_need_no_script_and_load_nothing_from_elsewhere(self):
        self.server.import_(self.people("zaynab"))
        self.server.send(self.server.campaign(self.html()))
        link = self.inbox.one("zaynab@people.example").link()
        for language, direction in (("en", "ltr"), ("ar", "rtl")):
            page = self.server.http("GET", f"{link}?lang={language}").out
            self.assertNotIn("<script", page)
            self.assertEqual(re.findall(r'(?:src|href)="(https?:)?//(?!127\.0\.0\.1)', page), [])
            html = next(attributes for tag, attributes in mail.page(page).elements if tag == "html")
            self.assertEqual((html["lang"], html["dir"]), (language, direction))

    def sign_up(self, address):
        words = {"title": "News", "consent": "Write to me about books.", "button": "Join"}
        email = {"key": "email", "purpose": "marketing", "required": True, "label_en": "E-mail", "label_ar": "البريد"}
        definition = {"fields": [email], "en": words, "ar": words, "double_opt_in": True}
        made = self.server.http("POST", "/v1/forms", {"name": "Site", "topic": "News", "definition": definition}, key=True)
        self.assertEqual(made.code, 201, made)
        path = f"/w/forms/{made.json['id']}"
        values = fields(self.server.http("GET", path).out)
        values |= {name: "yes" for name in values if "agree" in name}
        values["v-email"] = address
        time.sleep(4)
        return self.server.http("POST", path, urlencode(values), FORM)

    def test_signing_up_counts_once_it_is_confirmed(self):
        answer = self.sign_up("zaynab@people.example")
        self.assertEqual(answer.code, 200, answer)
        until(lambda: self.inbox.received, 20, lambda: answer.out)
        letter = self.inbox.one("zaynab@people.example")
        link = re.search(r"http://127\.0\.0\.1:\d+/p/confirm/\S+", letter.part("plain")).group().rstrip(").,>")
        campaign = self.server.campaign(self.html())
        self.assertEqual(self.server.preflight(campaign)["allowed"], 0)
        self.assertEqual(self.server.http("GET", link).code, 200)
        self.assertEqual(self.server.preflight(campaign)["allowed"], 0, "GET does not confirm")
        for _ in range(2):
            self.assertEqual(self.server.http("POST", link, "", FORM).code, 200)
        self.assertEqual(self.server.preflight(campaign)["allowed"], 1)
        evidence = str(self.server("contact", "show", "zaynab@people.example"))
        self.assertIn("confirmed_at", evidence)
        self.assertIn("127.0.0.1", evidence)

    def test_the_preference_centre_and_the_message_in_a_browser(self):
        text = self.html().read_text().replace("</body>", '<a href="{{ preferences_url }}">P</a><a href="{{ view_url }}">V</a></body>')
        self.server.import_(self.people("zaynab"))
        self.server.send(self.server.campaign(self.html(text)))
        links = mail.page(self.inbox.one("zaynab@people.example").part("html")).links
        view = next(link for link in links if link.endswith("/view"))
        self.assertIn("our new books", self.server.http("GET", view).out)
        preferences = next(link for link in links if "/p/" in link and link != view)
        page = self.server.http("GET", preferences)
        self.assertEqual(page.code, 200)
        self.assertIn("News", page.out)
        self.assertNotIn("zaynab@people.example", page.out.split("</title>")[0])
        forged = preferences[:-4] + "AAAA"
        self.assertNotEqual(self.server.http("GET", forged).code, 200)

    def test_links_of_somebody_erased_are_harmless(self):
        self.server.import_(self.people("zaynab"))
        self.server.send(self.server.campaign(self.html()))
        link = self.inbox.one("zaynab@people.example").link()
        self.server("contact", "erase", "zaynab@people.example", "--yes")
        for method, body in (("GET", None), ("POST", "List-Unsubscribe=One-Click")):
            answer = self.server.http(method, link, body, FORM)
            self.assertLess(answer.code, 500, answer)
            self.assertNotIn("zaynab@", answer.out)
