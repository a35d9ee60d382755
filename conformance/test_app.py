"""The web application in a real browser: every screen in both languages and looks, and a newcomer's first campaign."""

import json
import re

from harness.barid import until
from harness.browsing import Browsing

LOOKS = [{"name": f"{width}-{'dark' if dark else 'light'}", "width": width, "dark": dark}
         for width in (1280, 390) for dark in (False, True)]
OUTSIDE = ["sign-in", "forgot"]
SCREENS = [
    "home", "setup?step=organisation", "setup?step=about", "setup?step=sending", "setup?step=people", "setup?step=campaign",
    "campaigns", "campaigns?view=calendar", "campaigns/new", "campaigns/new?channel=sms", "campaigns/templates",
    "messaging", "messaging?tab=received", "messaging/routes", "messaging/routes?tab=senders", "messaging/routes?tab=limits",
    "messaging/balance", "messaging/balance?tab=recharge", "messaging/balance?tab=prices",
    "messaging/traffic", "messaging/traffic?by=country&days=7",
    "messaging/numbers", "messaging/numbers?tab=lookup", "messaging/numbers?tab=elsewhere",
    "messaging/verify", "messaging/verify/new", "messaging/verify?tab=log", "messaging/verify?tab=watch",
    "messaging/calls", "messaging/calls?tab=recordings", "messaging/flows", "messaging/flows/new", "messaging/trunks",
    "messaging/call-limits", "messaging/smpp",
    "audience", "audience/segments", "audience/segments/new", "audience/topics", "audience/tags", "audience/fields", "audience/import",
    "forms", "forms/new", "reports",
    "bookings", "bookings?view=day", "bookings?view=month", "bookings?view=list", "bookings/types", "bookings/types/new", "bookings/availability",
    "bookings/resources", "bookings/calendars", "bookings/settings", "bookings/reports",
    "inbox/conversations", "inbox/conversations?view=all", "inbox/visitors", "inbox/team", "inbox/archive",
    "inbox/reports", "inbox/settings/widgets", "inbox/settings/groups", "inbox/settings/routing", "inbox/settings/replies",
    "inbox/settings/bots", "inbox/settings/articles", "inbox/settings/devices", "inbox/settings/notifications",
    "privacy/overview", "privacy/requests", "privacy/replies", "privacy/retention", "privacy/ledger", "privacy/rules",
    *(f"privacy/registers?register={code}" for code in ("responsible", "reviews", "announcements", "transparency")),
    "settings/general", "settings/sending", "settings/members", "settings/keys", "settings/webhooks", "settings/audit",
    "settings/profile", "settings/about", "nowhere",
]


def named(path):
    return re.sub(r"[^a-z0-9]+", "-", path).strip("-")


class App(Browsing):
    def furnished(self):
        """A server with the sample data, at a catcher."""
        server = self.barid()
        server.serve("--catcher")
        self.assertEqual(server.http("POST", "/v1/samples", {"language": "en"}, key=True).code, 202)
        until(lambda: server.http("GET", "/v1/samples", key=True).json["state"] == "loaded", 60, "the samples do not load")
        return server

    def test_every_screen_in_every_look(self):
        server = self.furnished()
        screens = [{"name": named(path), "path": f"//{path}"} for path in OUTSIDE]
        screens += [{"name": named(path), "path": f"/{path}"} for path in SCREENS + self.things(server)]
        task = {"origin": server.url, "languages": ["en", "ar"], "looks": LOOKS, "screens": screens}
        answers = self.node("app.mjs", task, 1800)
        self.assertEqual(len(answers), len(screens) * 2 * len(LOOKS))
        wrong = [answer for answer in answers if answer["violations"] or answer["faults"]]
        self.assertEqual(wrong, [], json.dumps(wrong, indent=1, ensure_ascii=False))

    def things(self, server):
        """The pages of single things: a person, a campaign in each part, a segment, a form."""
        first = lambda path: server.http("GET", path, key=True).json["items"][0]["id"]
        campaign, person = first("/v1/campaigns"), first("/v1/contacts")
        return [
            f"campaigns/{campaign}", f"campaigns/{campaign}/content", f"campaigns/{campaign}/review",
            f"audience/people/{person}", f"audience/people/{person}?tab=consent", f"audience/people/{person}?tab=messages",
            f"audience/segments/{first('/v1/segments')}", f"forms/{first('/v1/forms')}", *self.chats(server),
            *self.texts(server), *self.telephony(server),
        ]

    def asking(self, server):
        def ask(method, path, body, code):
            answer = server.http(method, path, body, key=True)
            self.assertEqual(answer.code, code, answer)
            return answer.json if answer.out else None

        return ask

    def texts(self, server):
        """A message by SMS that was tried out, and one that the gate denied."""
        ask = self.asking(server)
        ask("PUT", "/v1/messages/settings", {"countries": ["SA"], "parts": 10}, 200)
        ask("POST", "/v1/originators", {"value": "+966112345678"}, 201)
        ask("PUT", "/v1/prices", {"items": [{"service": "sms", "country": "SA", "amount_micros": 85_000}]}, 204)
        ask("POST", "/v1/balance/top-ups", {"amount_micros": 5_000_000}, 201)
        access = {"host": "127.0.0.1", "port": 9, "system_id": "barid", "password": "secret"}
        ask("POST", "/v1/routes", {"name": "Main", "access": access}, 201)
        message = {"to": "+966501234567", "text": "مرحبًا “بك”", "basis": "contract", "trial": True}
        tried = ask("POST", "/v1/messages", message, 201)
        denied = ask("POST", "/v1/messages", {"to": "+966501234568", "text": "Sale", "purpose": "marketing"}, 201)
        self.assertEqual(denied["state"], "denied", denied)
        return [f"messaging/messages/{tried['id']}", f"messaging/messages/{denied['id']}"]

    def telephony(self, server):
        """Numbers, a call flow, a call that was tried out and one that was denied, a verification, an account."""
        ask = self.asking(server)
        ask("PUT", "/v1/calls/settings", {"countries": ["SA"], "max_seconds": 600, "max_calls": 5}, 200)
        access = {"host": "127.0.0.1", "port": 9, "user": "line", "password": "secret", "register": True}
        ask("POST", "/v1/trunks", {"name": "خط الفرع", "rules": {"caller_ids": ["+966112345679"]}, "access": access}, 201)
        steps = [
            {"id": "menu", "action": "gather", "prompt": {"text": "For hours press 1."}, "branches": {"1": "hours"}, "otherwise": "bye"},
            {"id": "hours", "action": "say", "text": "From nine to five, {{name}}."},
            {"action": "record", "announcement": {"text": "You are recorded."}},
            {"id": "bye", "action": "say", "text": "مع السلامة", "language": "ar"},
        ]
        flow = ask("POST", "/v1/call-flows", {"title": "Hours", "steps": steps}, 201)["id"]
        forward = {"sms": "conversation", "voice": flow}
        ask("POST", "/v1/numbers", {"number": "+966112345679", "settings": {"capabilities": ["sms", "voice"], "forward": forward, "tags": ["متجر"]}}, 201)
        ask("POST", "/v1/numbers", {"number": "7007", "settings": {"capabilities": ["sms"], "forward": {"sms": "webhook"}}}, 201)
        call = {"to": "+966501234567", "flow_id": flow, "basis": "contract", "trial": True}
        tried = ask("POST", "/v1/calls", call, 201)
        denied = ask("POST", "/v1/calls", {"to": "+966501234568", "flow_id": flow, "purpose": "marketing"}, 201)
        self.assertEqual(denied["state"], "denied", denied)
        settings = {"channels": ["sms", "voice"], "texts": {"ar": "رمزك {code}"}}
        service = ask("POST", "/v1/verification-services", {"name": "Shop", "settings": settings}, 201)["id"]
        verification = ask("POST", "/v1/verifications", {"to": "+966501234567", "service": service}, 201)["id"]
        customer = {"system_id": "shop", "settings": {"name": "متجر", "basis": "contract", "networks": ["203.0.113.0/24"]}}
        ask("POST", "/v1/smpp-accounts", customer, 201)
        return [f"messaging/flows/{flow}", f"messaging/calls/{tried['id']}", f"messaging/calls/{denied['id']}",
                f"messaging/verify/{service}", f"messaging/verify?tab=log&verification={verification}"]

    def chats(self, server):
        """A conversation, and a website chat in each of its parts."""
        widget = {"name": "Shop", "settings": {"origins": ["https://shop.example"]}}
        made = server.http("POST", "/v1/widgets", widget, key=True)
        self.assertEqual(made.code, 201, made)
        place = f"inbox/settings/widgets/{made.json['id']}"
        rows = server.http("GET", "/v1/conversations?view=all", key=True).json["items"]
        tabs = ("look", "texts", "forms", "availability", "encryption", "greetings", "install")
        return [f"inbox/conversations/{row['id']}" for row in rows[:1]] + [f"{place}?tab={tab}" for tab in tabs]

    def test_from_the_first_link_to_a_delivered_campaign(self):
        for language in ("en", "ar"):
            with self.subTest(language=language):
                server = self.barid(init=False)
                server.data = self.directory / language
                server.serve("--catcher")
                link = re.search(r"http://\S+/setup#token=\S+", server.log())
                self.assertIsNotNone(link, server.log())
                steps = self.node("app_first_run.mjs", {"origin": server.url, "link": link.group(0), "language": language}, 240)
                self.assertEqual(steps[-1]["step"], "delivered", steps)
                self.assertGreater(steps[-1]["messages"], 5, steps)
                self.assertLess(sum(step["millis"] for step in steps), 120_000, steps)
                server.stop()
