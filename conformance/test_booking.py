"""Appointments in a real browser: with and without a script, in Arabic, in another zone, by links, in a frame elsewhere."""

from harness.barid import until
from harness.browsing import Browsing
from harness.machine import free_port

EVERY_DAY = {"days": [1, 2, 3, 4, 5, 6, 7], "start": "08:00", "end": "20:00"}


class Booking(Browsing):
    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()
        if self.server.http("GET", "/w/booking.js").code == 404:
            self.skipTest("a binary with its web parts (built without BARID_WEB=skip)")
        sender = {"name": "Al Noor", "email": "news@sender.example"}
        self.server.http("PATCH", "/v1/workspace", {"settings": {"default_sender": sender}}, key=True)
        self.page = self.offered()

    def made(self, path, body):
        answer = self.server.http("POST", path, body, key=True)
        self.assertEqual(answer.code, 201, answer)
        return answer.json

    def offered(self):
        """A consultation of half an hour that can be booked every day; answers its public page."""
        schedule = self.made("/v1/booking/schedules", {"name": "Hours", "hours": {"timezone": "Asia/Riyadh", "rules": [EVERY_DAY]}})
        member = self.server.http("GET", "/v1/members", key=True).json["items"][0]["user"]
        host = self.made("/v1/booking/hosts", {"member": member, "timezone": "Asia/Riyadh", "schedule": schedule["id"]})
        definition = {"en": {"title": "Consultation"}, "ar": {"title": "استشارة"}, "duration": 30, "min_notice": 0,
                      "hosts": [{"host": host["id"]}], "locations": [{"kind": "address", "text": "12 Harbour Street"}]}
        return self.made("/v1/booking/event-types", {"slug": "consultation", "definition": definition})["url"]

    def bookings(self):
        listed = self.server.http("GET", "/v1/booking/bookings?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&limit=200", key=True)
        return {one["email"]: one for one in listed.json["items"]}

    def test_visitors_book_move_and_call_off(self):
        port = free_port()
        [seen] = self.node("booking.mjs", {"barid": self.server.url, "page": self.page, "port": port})
        booked = self.bookings()

        with self.subTest("without a script, in another zone"):
            plain = booked["plain@people.example"]
            self.assertEqual(plain["attendee_timezone"], "America/New_York")
            self.assertIn("New York", seen["plain"]["end"]["text"].replace("_", " "))
            self.assertIn("Riyadh", seen["plain"]["end"]["text"], "both parties' zones are named")
            self.assertEqual((seen["plain"]["whileHeld"], seen["plain"]["afterwards"]), (False, False), "nobody else is offered it")

        with self.subTest("in Arabic on a phone"):
            arabic = seen["arabic"]
            self.assertEqual((arabic["zone"], arabic["end"]["dir"]), ("Asia/Riyadh", "rtl"))
            self.assertIn("استشارة", arabic["end"]["text"])
            letters = lambda: self.inbox.to("arabic@people.example")
            until(lambda: letters(), 30, "no confirmation")

        with self.subTest("by links"):
            links = seen["links"]
            final = booked["arabic@people.example"]
            self.assertEqual(links["untouched"], arabic["end"]["text"], "opening a link changes nothing")
            self.assertNotEqual(links["moved"]["text"], arabic["end"]["text"])
            self.assertEqual((final["state"], final["ended_by"]), ("cancelled", "attendee"))
            self.assertGreaterEqual(final["sequence"], 2, "moved once, then called off")

        with self.subTest("in a frame on another site"):
            frame = seen["frame"]
            self.assertEqual(frame["name"], "Nora", "what the site knows stands in the form")
            self.assertIn("tz=Europe%2FBerlin", frame["src"])
            self.assertLessEqual(abs(frame["height"] - frame["told"]), 1, "as high as it needs to be")
            self.assertEqual(frame["origins"], [self.server.url])
            for event in ("barid.viewed", "barid.booked", "calendly.event_type_viewed", "calendly.date_and_time_selected", "calendly.event_scheduled"):
                self.assertIn(event, frame["events"])
            self.assertEqual(booked["frame@people.example"]["attendee_timezone"], "Europe/Berlin")

        with self.subTest("in a window, by the keyboard"):
            window = seen["window"]
            self.assertEqual(window["before"], "button.go")
            self.assertEqual(window["opened"], {"focus": "button.x", "modal": True, "name": "حجز موعد"})
            self.assertEqual(window["closed"], {"focus": "button.go", "modal": False, "told": True})
            self.assertEqual((window["stored"], window["cookies"]), ([], []), "nothing is stored before an act")

        self.assertEqual(seen["origins"], sorted({self.server.url, f"http://localhost:{port}"}), "nobody else is asked")
        self.assertEqual((seen["looks"], seen["complaints"]), ([], []))
