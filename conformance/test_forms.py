"""Sign-up forms on another site in a real browser: strict policy, keyboard, phone, two languages, no trace before an act."""

import re

from harness.barid import until
from harness.browsing import Browsing
from harness.machine import free_port

WORDS = {
    "en": {"title": "Letters from the bookshop", "intro": "Four good books a month.",
           "consent": "Write to me about books. I can leave at any time.", "button": "Join"},
    "ar": {"title": "رسائل المكتبة", "intro": "أربعة كتب جميلة كل شهر.",
           "consent": "راسلوني عن الكتب الجديدة. يمكنني الانسحاب في أي وقت.", "button": "اشتراك"},
}


class Forms(Browsing):
    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()
        if self.server.http("GET", "/w/form.js").code == 404:
            self.skipTest("a binary with its web parts (built without BARID_WEB=skip)")
        topics = [self.server.http("POST", "/v1/topics", {"name": name}, key=True) for name in ("News", "Events")]
        self.events = topics[1].json["id"]
        sender = {"name": "Al Noor", "email": "news@sender.example"}
        self.server.http("PATCH", "/v1/workspace", {"settings": {"default_sender": sender}}, key=True)
        self.port = free_port()

    def definition(self, kind, **more):
        field = lambda key, english, arabic, **also: {"key": key, "purpose": "marketing", "label_en": english, "label_ar": arabic, **also}
        return {
            "fields": [field("email", "E-mail", "البريد الإلكتروني", required=True), field("first_name", "First name", "الاسم الأول")],
            **WORDS, "double_opt_in": True, "kind": kind, "origins": [f"http://localhost:{self.port}"],
            "display": {"trigger": {"on": "delay", "seconds": 0}}, **more}

    def form(self, kind, **more):
        definition = self.definition(kind, **more)
        made = self.server.http("POST", "/v1/forms", {"name": kind, "topic": "News", "definition": definition}, key=True)
        self.assertEqual(made.code, 201, made)
        embed = self.server.http("GET", f"/v1/forms/{made.json['id']}/embed", key=True).json
        way = "inline" if kind == "inline" else "popup"
        return made.json["id"], {language: embed[language][way] for language in ("en", "ar")}

    def test_a_form_on_another_site(self):
        click = {"display": {"trigger": {"on": "click", "selector": "#join"}}, "topics": [self.events], "minimum_age": {"years": 18}}
        scroll = {"display": {"trigger": {"on": "scroll", "percent": 40}}, "success": {"then": "redirect", "url": "/thanks"}}
        forms = {name: self.form(kind, **more) for name, kind, more in (
            ("inline", "inline", {}), ("second", "inline", {}), ("popup", "popup", {}), ("click", "popup", click),
            ("slide_in", "slide_in", {}), ("bar", "bar", {}), ("scroll", "slide_in", scroll))}
        previews = [self.server.http("POST", "/v1/forms/preview", {"definition": self.definition(kind), "language": "ar"}, key=True)
                    for kind in ("inline", "popup", "bar")]
        task = {"port": self.port, "barid": self.server.url, "previews": [preview.out for preview in previews],
                "snippets": {name: snippets for name, (_, snippets) in forms.items()}}
        [seen] = self.node("forms.mjs", task)
        nothing = {"stored": [], "cookies": []}
        site = f"http://localhost:{self.port}"
        self.assertEqual(seen["origins"], sorted({site, self.server.url, f"http://127.0.0.1:{self.port}"}), "nobody else is asked")
        self.assertEqual(seen["complaints"], [], "the site's policy is not touched")

        with self.subTest("keyboard"):
            keyboard = seen["keyboard"]
            self.assertEqual(keyboard["before"], nothing)
            self.assertEqual(keyboard["way"], ["input#f-email", "input#f-first_name", "input#f-agreed"])
            self.assertEqual((keyboard["wrong"]["focus"], keyboard["wrong"]["kept"]), ("input#f-email", "not an address"))
            self.assertEqual((len(keyboard["wrong"]["beside"]), keyboard["wrong"]["invalid"]), (2, ["f-email", "f-agreed"]))
            self.assertEqual(keyboard["after"]["focus"], "h2#title")
            self.assertEqual((keyboard["after"]["stored"], keyboard["after"]["cookies"]), ([], []))

        with self.subTest("pop-up"):
            popup = seen["popup"]
            self.assertEqual(popup["before"], nothing, "nothing is stored before an act")
            self.assertEqual((popup["shown"]["direction"], popup["shown"]["focus"], popup["shown"]["wide"]), ("rtl", "h2#title", False))
            self.assertEqual(popup["shown"]["name"], WORDS["ar"]["title"])
            outside = [place for place in popup["inside"] if place.startswith(("button#join", "a#"))]
            self.assertEqual(outside, [], "the keyboard stays in the dialog")
            self.assertIn("input#f-email", popup["inside"])
            self.assertEqual(popup["closed"], {"stored": [f"barid.form.{forms['popup'][0]}"], "cookies": []})
            self.assertEqual(popup["again"], 0, "whoever closed it is left in peace")

        with self.subTest("pressed for"):
            self.assertEqual((seen["pressed"]["unasked"], seen["pressed"]["back"]), (0, "button#join"))
            self.assertEqual(seen["pressed"]["kept"], "pressed@people.example", "closing loses nothing")
            self.assertIn("شكرًا", seen["pressed"]["text"])
        self.assertIn("We have kept nothing", seen["young"]["text"])
        self.assertEqual((seen["young"]["stored"], seen["young"]["cookies"]), ([], []))
        self.assertIn("Thank you", seen["trapped"])
        self.assertEqual(seen["two"], 1, "each form for itself")
        self.assertIn("still here", seen["outage"]["text"])
        self.assertEqual(seen["outage"]["kept"], ["outage@people.example", "Lina", True])
        self.assertEqual((seen["outage"]["stored"], seen["outage"]["cookies"]), ([], []))
        self.assertEqual(seen["scrolled"], {"before": 0, "focus": "body#"})
        self.assertEqual(["شكرًا لك" in text for text in seen["preview"]], [True, True, True])
        self.assertEqual(seen["stranger"], 0)
        self.assertEqual(seen["looks"], [])
        self.what_came_of_it(forms)

    def what_came_of_it(self, forms):
        joined = ("keyboard", "pressed", "first", "second", "outage", "scrolled")
        until(lambda: all(self.inbox.to(f"{one}@people.example") for one in joined), 30, "no confirmation mail")
        for one in ("robot", "young"):
            answer = self.server.http("POST", "/v1/contacts/lookup", {"email": f"{one}@people.example"}, key=True)
            self.assertEqual((answer.code, self.inbox.to(f"{one}@people.example")), (404, []), one)
        letter = self.inbox.one("keyboard@people.example")
        link = re.search(r"http://\S+/p/confirm/\S+", letter.part("plain")).group().rstrip(").,>")
        self.assertEqual(self.server.http("POST", link, "", {"Content-Type": "application/x-www-form-urlencoded"}).code, 200)
        contact = self.server.http("POST", "/v1/contacts/lookup", {"email": "keyboard@people.example"}, key=True).json
        self.assertEqual(contact["topics"], {"News": "subscribed"})
        answer = self.server.http("GET", f"/v1/contacts/{contact['id']}/answer", key=True).out
        self.assertIn(f"http://localhost:{self.port}/", answer, "the page is evidence")
        self.assertIn(WORDS["en"]["consent"], answer)
        total = self.server.http("GET", f"/v1/forms/{forms['inline'][0]}/report", key=True).json["total"]
        self.assertEqual((total["submissions"], total["confirmed"]), (3, 1))
        self.assertGreaterEqual(total["views"], 5)
