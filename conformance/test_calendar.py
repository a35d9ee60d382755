"""Hosts' calendars on servers of other people's making, edited behind Barid's back and watched by python-caldav."""

import random
import time
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import caldav
import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr

from harness import Case
from harness.barid import until
from harness.calendars import Radicale, Synchroniser, WebFile, Xandikos
from harness.case import only

UTC = timezone.utc
BERLIN = ZoneInfo("Europe/Berlin")


def text_of(body):
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + body + "END:VCALENDAR\r\n"


def event(uid, *lines):
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", ""])


def utc(moment):
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def instant(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Calendars(Case):
    """What the tests of one calendar server share."""

    peer = None

    def setUp(self):
        if type(self) is Calendars:
            self.skipTest("the base of the others")
        super().setUp()

    def world(self):
        """A Barid whose owner is a host with a calendar on the other server."""
        self.server = self.barid()
        self.server.serve("--calendar-allowed-host", "127.0.0.1")
        self.dav = self.peer(self.directory / "dav")
        self.addCleanup(self.dav.stop)
        self.observer = caldav.DAVClient(self.dav.url, **getattr(self.peer, "credentials", {})).principal()
        calendars = self.observer.calendars()
        self.calendar = calendars[0] if calendars else self.observer.make_calendar(name="Work")
        member = self.get("/v1/members")["items"][0]
        made = self.post("/v1/booking/schedules", {"name": "Always", "hours": {
            "timezone": "Europe/Berlin", "rules": [{"days": [1, 2, 3, 4, 5, 6, 7], "start": "00:00", "end": "24:00"}]}})
        self.host = self.post("/v1/booking/hosts", {
            "member": member["user"], "timezone": "Europe/Berlin", "schedule": made["id"]})["id"]
        self.event_type = self.post("/v1/booking/event-types", {"slug": "talk", "definition": {
            "en": {"title": "Talk"}, "ar": {"title": "حديث"}, "duration": 60, "rolling_days": 366, "hosts": [{"host": self.host}]}})["id"]
        self.account = self.post("/v1/booking/calendars/accounts", {
            "host": self.host, "kind": "caldav", "url": self.dav.url, "username": "host1", "password": "secret"})
        self.synced()

    def request(self, method, path, body=None, code=None):
        answer = self.server.http(method, path, body, key=True)
        self.assertIn(answer.code, [code] if code else [200, 201, 202, 204], f"{method} {path}: {answer.out}")
        return answer.json if answer.out else None

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body=None):
        return self.request("POST", path, body)

    def synced(self):
        """Reads the calendars now, and waits until that is done."""
        path = f"/v1/booking/calendars/accounts/{self.account['id']}"
        before = {one["id"]: one["tried_at"] for one in self.get(path)["calendars"]}

        def done():
            now = self.get(path)["calendars"]
            return all(one["tried_at"] and one["tried_at"] != before.get(one["id"]) for one in now)

        self.request("POST", path + "/sync")
        until(done, 30, "the calendars are not read")
        for one in self.get(path)["calendars"]:
            self.assertIsNone(one["error"], one)

    def starts(self, day, days=1):
        """The offered starts from a day on, as local times of Berlin."""
        first = datetime.combine(day, datetime.min.time(), BERLIN)
        last = first + timedelta(days=days)
        offered = self.get(f"/v1/booking/slots?event_type={self.event_type}&from={instant(first)}&to={instant(last)}"
                           "&timezone=Europe/Berlin")
        found = [slot["start"] for slots in offered["days"].values() for slot in slots]
        return [datetime.fromisoformat(start).astimezone(BERLIN).strftime("%d %H:%M") for start in sorted(found)]

    def book(self, start, code=None):
        return self.request("POST", "/v1/booking/bookings", {
            "event_type": self.event_type, "start": instant(start),
            "attendee": {"name": "Zaynab", "email": "zaynab@people.example", "timezone": "Asia/Beirut"}}, code)

    def written(self):
        """The bookings that the observer sees in the calendar, by UID."""
        found = {}
        for one in self.calendar.events():
            for part in icalendar.Calendar.from_ical(one.data).walk("VEVENT"):
                if str(part["UID"]).startswith("bkg_"):
                    found[str(part["UID"])] = part
        return found


class Scenarios:
    """The same for every server."""

    def day(self, days):
        return (datetime.now(BERLIN) + timedelta(days=days)).date()

    def test_what_the_host_enters_is_not_offered(self):
        self.world()
        day = self.day(3)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)
        self.assertIn(noon.strftime("%d 12:00"), self.starts(day))
        self.calendar.save_event(text_of(event("a", f"DTSTART:{utc(noon)}", "DURATION:PT1H")))
        self.synced()
        self.assertNotIn(noon.strftime("%d 12:00"), self.starts(day))
        self.assertIn(noon.strftime("%d 13:00"), self.starts(day))
        for one in self.calendar.events():
            one.delete()
        self.synced()
        self.assertIn(noon.strftime("%d 12:00"), self.starts(day))
        # A whole day is the host's day, and a cancelled or free one nobody's.
        self.calendar.save_event(text_of(event("b", f"DTSTART;VALUE=DATE:{day:%Y%m%d}")))
        after = day + timedelta(days=1)
        self.calendar.save_event(text_of(event("c", f"DTSTART;VALUE=DATE:{after:%Y%m%d}", "TRANSP:TRANSPARENT")))
        self.calendar.save_event(text_of(event("d", f"DTSTART;VALUE=DATE:{after:%Y%m%d}", "STATUS:CANCELLED")))
        self.synced()
        self.assertEqual(self.starts(day), [])
        self.assertGreater(len(self.starts(after)), 22)

    def test_a_booking_is_written_moved_and_taken_out(self):
        self.world()
        start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=4)
        booking = self.book(start)
        until(lambda: len(self.written()) == 1, 30, "the booking is not in the calendar")
        uid, part = next(iter(self.written().items()))
        self.assertEqual(uid, booking["uid"])
        self.assertEqual(part.decoded("DTSTART"), start)
        self.assertEqual(part.decoded("DTEND"), start + timedelta(hours=1))
        self.assertEqual(int(part["SEQUENCE"]), 0)
        for attendee in [part["ATTENDEE"]] if "ATTENDEE" in part else []:
            self.assertEqual(attendee.params["SCHEDULE-AGENT"], "CLIENT")
        moved = start + timedelta(hours=5)
        self.post(f"/v1/booking/bookings/{booking['id']}/reschedule", {"start": instant(moved)})
        until(lambda: self.written()[uid].decoded("DTSTART") == moved, 30, "the booking is not moved")
        self.assertEqual(list(self.written()), [uid])
        self.assertEqual(int(self.written()[uid]["SEQUENCE"]), 1)
        # Read back, the copy blocks nothing that the booking does not.
        self.synced()
        offered = self.starts(start.astimezone(BERLIN).date(), 2)
        self.assertIn(start.astimezone(BERLIN).strftime("%d %H:%M"), offered)
        self.assertNotIn(moved.astimezone(BERLIN).strftime("%d %H:%M"), offered)
        self.post(f"/v1/booking/bookings/{booking['id']}/cancel", {})
        until(lambda: self.written() == {}, 30, "the booking is still in the calendar")

    def test_another_program_synchronises_the_calendar_meanwhile(self):
        self.world()
        other = Synchroniser(self.directory / "vdirsyncer", self.dav)
        start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=4)
        booking = self.book(start)
        until(lambda: len(self.written()) == 1, 30, "the booking is not in the calendar")
        found = [text for text in other.events().values() if booking["uid"] in text]
        self.assertEqual(len(found), 1)
        part = icalendar.Calendar.from_ical(found[0]).walk("VEVENT")[0]
        self.assertEqual((part.decoded("DTSTART"), int(part["SEQUENCE"])), (start, 0))
        self.assertNotIn("METHOD", found[0])
        # What its user enters blocks; what they delete of ours is a question to a member.
        folder = next(iter(other.events())).parent
        busy = start + timedelta(hours=3)
        (folder / "typed-in.ics").write_text(text_of(event("typed-in", f"DTSTART:{utc(busy)}", "DURATION:PT1H")))
        other.run("sync")
        self.synced()
        self.assertNotIn(busy.astimezone(BERLIN).strftime("%d %H:%M"), self.starts(busy.astimezone(BERLIN).date()))
        next(path for path, text in other.events().items() if booking["uid"] in text).unlink()
        other.run("sync")
        self.synced()
        asked = self.get("/v1/booking/calendars/suggestions")["items"]
        self.assertEqual([(one["booking"], one["kind"]) for one in asked], [(booking["id"], "deleted")])
        self.assertEqual(self.get(f"/v1/booking/bookings/{booking['id']}")["state"], "confirmed")

    def test_the_host_deletes_a_booking(self):
        self.world()
        start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=4)
        booking = self.book(start)
        until(lambda: len(self.written()) == 1, 30, "the booking is not in the calendar")
        self.synced()
        for one in self.calendar.events():
            one.delete()
        self.synced()
        open_ = self.get("/v1/booking/calendars/suggestions")["items"]
        self.assertEqual([(one["booking"], one["kind"]) for one in open_], [(booking["id"], "deleted")])
        self.assertEqual(self.get(f"/v1/booking/bookings/{booking['id']}")["state"], "confirmed")
        self.request("DELETE", f"/v1/booking/calendars/suggestions/{booking['id']}")
        until(lambda: len(self.written()) == 1, 30, "the booking is not written again")
        self.assertEqual(self.get("/v1/booking/calendars/suggestions")["items"], [])

    def test_a_time_entered_a_moment_ago_cannot_be_booked(self):
        self.world()
        start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=4)
        self.calendar.save_event(text_of(event("late", f"DTSTART:{utc(start)}", "DURATION:PT1H")))
        # What was read a few seconds ago is not asked for again.
        time.sleep(6)
        self.book(start, 409)
        self.assertEqual(self.written(), {})
        self.book(start + timedelta(hours=2))

    def test_a_weekly_meeting_keeps_its_hour(self):
        self.world()
        first = self.day(1)
        lines = [f"DTSTART;TZID=Europe/Berlin:{first:%Y%m%d}T100000", f"DTEND;TZID=Europe/Berlin:{first:%Y%m%d}T110000",
                 "RRULE:FREQ=WEEKLY"]
        self.calendar.save_event(text_of(event("weekly", *lines)))
        self.synced()
        changes = [day for day in (first + timedelta(weeks=week) for week in range(48))]
        offsets = {datetime(day.year, day.month, day.day, 10, tzinfo=BERLIN).utcoffset() for day in changes}
        self.assertEqual(len(offsets), 2, "both kinds of time within a year")
        for day in changes:
            starts = self.starts(day)
            self.assertNotIn(day.strftime("%d 10:00"), starts, day)
            self.assertIn(day.strftime("%d 09:00"), starts, day)
            self.assertIn(day.strftime("%d 11:00"), starts, day)

    def test_a_server_that_forgets_and_one_that_is_away(self):
        self.world()
        day = self.day(3)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)
        self.calendar.save_event(text_of(event("a", f"DTSTART:{utc(noon)}", "DURATION:PT1H")))
        self.synced()
        self.dav.forget()
        self.calendar.save_event(text_of(event("b", f"DTSTART:{utc(noon + timedelta(hours=2))}", "DURATION:PT1H")))
        self.synced()
        starts = self.starts(day)
        self.assertNotIn(noon.strftime("%d 12:00"), starts)
        self.assertNotIn(noon.strftime("%d 14:00"), starts)
        self.dav.stop()
        # What is known still holds, and is not stale yet.
        self.assertEqual(self.starts(day), starts)
        self.request("POST", f"/v1/booking/calendars/accounts/{self.account['id']}/sync")
        path = f"/v1/booking/calendars/accounts/{self.account['id']}"
        until(lambda: self.get(path)["state"] == "failing", 30, "nobody notices that the server is away")
        self.assertEqual([one["error"] for one in self.get(path)["calendars"]][:1], ["connect"])
        self.book(noon + timedelta(hours=5))
        self.dav.start()
        until(lambda: len(self.written()) == 1, 60, "the booking is not written when the server is back")


class OnRadicale(Scenarios, Calendars):
    peer = Radicale


class OnXandikos(Scenarios, Calendars):
    peer = Xandikos
    engines = ("sqlite",)


def united(stretches):
    """The time that stretches take, those that overlap or touch as one; each with its beginning and its end."""
    out = []
    for begin, ends in sorted((begin, ends) for begin, ends in stretches if begin < ends):
        if out and begin <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], ends))
        else:
            out.append((begin, ends))
    return out


class Expansion(Case):
    """The second opinion on recurrences: recurring-ical-events over dateutil."""

    engines = ("sqlite",)

    def rules(self, rng, count):
        weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

        def some(items, most):
            return ",".join(str(item) for item in rng.sample(items, rng.randint(1, most)))

        for _ in range(count):
            freq = rng.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
            parts = [f"FREQ={freq}"]
            if rng.random() < 0.5:
                parts.append(f"INTERVAL={rng.randint(1, 4)}")
            if freq == "WEEKLY" and rng.random() < 0.7:
                parts.append("BYDAY=" + some(weekdays, 3))
            if freq == "MONTHLY":
                kind = rng.randrange(4)
                if kind == 0:
                    parts.append("BYMONTHDAY=" + some([1, 2, 15, 28, 30, 31, -1, -2], 3))
                elif kind == 1:
                    parts.append(f"BYDAY={rng.choice([1, 2, 3, 4, -1, -2])}{rng.choice(weekdays)}")
                elif kind == 2:
                    parts.append("BYDAY=" + ",".join(weekdays[:5]) + f";BYSETPOS={rng.choice([1, 2, -1, -2])}")
            if freq == "YEARLY":
                kind = rng.randrange(5)
                if kind == 0:
                    parts.append("BYMONTH=" + some(range(1, 13), 3) + f";BYDAY={rng.choice([1, 2, -1])}{rng.choice(weekdays)}")
                elif kind == 1:
                    parts.append("BYYEARDAY=" + some([1, 60, 100, 200, 365, -1, -100], 3))
                elif kind == 2:
                    parts.append("BYWEEKNO=" + some([1, 2, 10, 20, 52, 53, -1], 3) + f";BYDAY={rng.choice(weekdays)}")
                elif kind == 3:
                    parts.append("BYMONTH=" + some(range(1, 13), 3) + ";BYMONTHDAY=" + some([1, 13, 29, 31, -1], 2))
            if freq == "DAILY" and rng.random() < 0.4:
                parts.append("BYHOUR=" + some(range(24), 3))
            if rng.random() < 0.2:
                parts.append(f"WKST={rng.choice(weekdays)}")
            if rng.random() < 0.3:
                parts.append(f"COUNT={rng.randint(1, 60)}")
            yield ";".join(parts)

    def test_recurrences_agree_with_an_independent_expansion(self):
        rng = random.Random(20261122)
        zones = ["Europe/Berlin", "America/New_York", "Africa/Cairo", "Africa/Casablanca", "Asia/Riyadh",
                 "Australia/Lord_Howe", "America/Asuncion", "Asia/Beirut"]
        today = datetime.now(UTC).date()
        body = []
        for number, rule in enumerate(self.rules(rng, 120)):
            zone = rng.choice(zones)
            # DTSTART is an occurrence of its own rule, or the two standards' readings differ.
            first = self.first(rule, today - timedelta(days=rng.randint(0, 2000)), rng)
            lines = [f"DTSTART;TZID={zone}:{first:%Y%m%dT%H%M%S}", "DURATION:PT45M", f"RRULE:{rule}"]
            body.append(event(f"rule-{number}", *lines))
        file = WebFile(text_of("".join(body)))
        self.addCleanup(file.stop)
        server = self.barid()
        server.serve("--calendar-allowed-host", "127.0.0.1")
        made = lambda path, body: server.http("POST", f"/v1/booking/{path}", body, key=True).json
        hours = {"timezone": "UTC", "rules": [{"days": [1, 2, 3, 4, 5, 6, 7], "start": "00:00", "end": "24:00"}]}
        schedule = made("schedules", {"name": "Always", "hours": hours})["id"]
        member = server.http("GET", "/v1/members", key=True).json["items"][0]["user"]
        host = made("hosts", {"member": member, "timezone": "UTC", "schedule": schedule})["id"]
        # Calendars are read as far ahead as somebody can book.
        made("event-types", {"slug": "far", "definition": {"en": {"title": "Far"}, "rolling_days": 366, "hosts": [{"host": host}]}})
        account = server.http("POST", "/v1/booking/calendars/accounts",
                              {"host": host, "kind": "feed", "url": file.url, "time_zone": "UTC"}, key=True)
        self.assertEqual(account.code, 201, account)
        path = f"/v1/booking/calendars/accounts/{account.json['id']}"
        until(lambda: server.http("GET", path, key=True).json["calendars"][0]["synced_at"], 30, "the feed is not read")
        self.assertEqual(server.http("GET", path, key=True).json["calendars"][0]["doubtful"], 0)
        feed = server.http("POST", "/v1/booking/calendars/feeds", {"host": host, "detail": "busy"}, key=True).json
        published = icalendar.Calendar.from_ical(server.http("GET", feed["url"].replace(
            feed["url"].split("/book/")[0], server.url)).out)
        start, end = datetime.now(UTC) + timedelta(days=2), datetime.now(UTC) + timedelta(days=360)
        # What is published is the time that is taken: stretches that touch are one.
        clipped = lambda begin, ends: (max(begin, start), min(ends, end))
        ours = united(clipped(part.decoded("DTSTART"), part.decoded("DTEND")) for part in published.walk("VEVENT"))
        theirs = []
        for one in recurring_ical_events.of(icalendar.Calendar.from_ical(file.text)).between(start, end):
            begin = one.decoded("DTSTART").astimezone(UTC)
            theirs.append(clipped(begin, begin + timedelta(minutes=45)))
        self.assertGreater(len(theirs), 1000)
        theirs = united(theirs)
        self.assertEqual(sorted(set(theirs) - set(ours))[:5], [], "only they have these")
        self.assertEqual(sorted(set(ours) - set(theirs))[:5], [], "only we have these")

    def first(self, rule, day, rng):
        """The first occurrence of a rule from a day on, by dateutil."""
        base = datetime.combine(day, datetime.min.time()).replace(hour=rng.randrange(24), minute=rng.choice([0, 15, 30]))
        without = ";".join(part for part in rule.split(";") if not part.startswith("COUNT"))
        return rrulestr(without, dtstart=base)[0]


class Feeds(Case):
    @only("sqlite")
    def test_hostile_feeds_end_clearly(self):
        server = self.barid()
        server.serve("--calendar-allowed-host", "127.0.0.1")
        room = server.http("POST", "/v1/booking/resources", {"name": "Room", "timezone": "UTC"}, key=True).json
        host = "hst_" + room["id"].split("_")[1]
        bomb = text_of(event("b", "DTSTART:20260101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"))
        for text, code in [("<html>", 422), ("x" * (100 << 20), 422), (bomb, 201),
                           (text_of(event("z", "DTSTART;TZID=Mars/Base:20260101T000000")), 201)]:
            file = WebFile(text)
            self.addCleanup(file.stop)
            answer = server.http("POST", "/v1/booking/calendars/accounts",
                                 {"host": host, "kind": "feed", "url": file.url}, key=True)
            self.assertEqual(answer.code, code, answer.out[:300])
        for url in ["http://169.254.169.254/", "http://10.0.0.1/", "http://localhost:1/", "file:///etc/passwd"]:
            answer = server.http("POST", "/v1/booking/calendars/accounts",
                                 {"host": host, "kind": "feed", "url": url}, key=True)
            self.assertEqual(answer.code, 422, answer.out)
