"""Campaigns by SMS, against a message centre that nobody here wrote."""

import re
from datetime import datetime, timedelta, timezone

from harness.barid import until
import test_sms

TEXT = ('مرحبا {{ first_name | fallback: "صديقنا" }}، كتبنا الجديدة هنا: https://shop.example/books/2026/autumn?from=sms '
        "لإيقاف الرسائل أرسل: إلغاء")


def noon():
    """A time zone in which it is about noon, so that people may be written to whenever this runs, and a country whose day
    off it is not there."""
    now = datetime.now(timezone.utc)
    offset = 12 - now.hour
    zone = "Etc/UTC" if offset == 0 else f"Etc/GMT{'-' if offset > 0 else '+'}{abs(offset)}"
    friday = (now + timedelta(hours=offset)).weekday() == 4
    return zone, ("MA", "+21261234567") if friday else ("SA", "+96650123456")


class SmsCampaign(test_sms.Sms):
    test_texts_arrive_whole_and_receipts_in_any_order_are_understood = None
    test_stop_in_arabic_is_kept_acted_upon_and_confirmed_once = None
    test_a_refused_bind_and_refused_input_say_so = None

    def house(self):
        barid, centre = self.connected()
        zone, (country, number) = noon()
        allowed = {"countries": [country], "parts": 10, "parts_a_day": None, "parts_a_day_by_country": None,
                   "parts_a_day_by_block": None}
        self.ask(barid, "PUT", "/v1/messages/settings", allowed)
        self.ask(barid, "PUT", "/v1/prices", {"items": [{"service": "sms", "country": country, "amount_micros": 40_000}]})
        topic = self.ask(barid, "POST", "/v1/topics", {"name": "Offers", "double_opt_in": False})["id"]
        numbers = [f"{number}{n}" for n in range(3)]
        for number, name in zip(numbers, ("لينا", "سارة", "نور")):
            person = {"phone": number, "first_name": name, "country": country, "time_zone": zone, "language": "ar"}
            self.ask(barid, "POST", "/v1/subscribe", {"topic": topic, "contact": person, "proof": {"wording": "كتب بالرسائل"}})
        return barid, centre, topic, numbers

    def sent(self, barid, topic, name):
        """A campaign that was sent to its end; its id."""
        made = self.ask(barid, "POST", "/v1/campaigns", {"channel": "sms", "name": name, "topic": topic, "language": "ar",
                                                         "text": TEXT, "originator": f"+{test_sms.OURS}"})["id"]
        checklist = self.ask(barid, "GET", f"/v1/campaigns/{made}/checklist")
        self.assertTrue(checklist["ready"], checklist)
        answer = barid.http("POST", f"/v1/campaigns/{made}/send", {}, key=True)
        self.assertEqual(answer.code, 202, answer)
        until(lambda: self.ask(barid, "GET", f"/v1/campaigns/{made}")["state"] == "sent", 60,
              lambda: str(self.ask(barid, "GET", f"/v1/campaigns/{made}/report")))
        return made

    def whole(self, centre):
        """What telephones would show: number and text, put together by the references of the headers."""
        shown, parts = [], {}
        for event in centre.got():
            if not event["udh"]:
                shown.append((event["to"], event["text"]))
                continue
            reference, total, number = bytes.fromhex(event["udh"][0])[-3:]
            parts.setdefault((event["to"], reference, total), {})[number] = event["text"]
        for (to, _, total), found in parts.items():
            if len(found) == total:
                shown.append((to, "".join(found[number] for number in sorted(found))))
        return shown

    def test_an_arabic_campaign_arrives_and_whoever_stops_it_gets_no_second_one(self):
        barid, centre, topic, numbers = self.house()
        first = self.sent(barid, topic, "First")
        report = lambda one: self.ask(barid, "GET", f"/v1/campaigns/{one}/report")
        until(lambda: report(first)["delivered"] == 3, 30, lambda: str(report(first)))
        texts = self.whole(centre)
        self.assertEqual(sorted(to for to, _ in texts), sorted(number[1:] for number in numbers))
        for to, text in texts:
            self.assertRegex(text, r"^مرحبا (لينا|سارة|نور)، كتبنا الجديدة هنا: http://\S+/s/[0-9A-Za-z]{9} لإيقاف الرسائل أرسل: إلغاء$")
        # Nobody allowed counting, so all have the same link, which leads to the page.
        links = {re.search(r"http\S+", text).group() for _, text in texts}
        self.assertEqual(len(links), 1, texts)
        led = barid.http("GET", links.pop())
        self.assertEqual(led.code, 302, led)
        shown = report(first)
        parts = shown["sms"]["parts"]
        self.assertEqual((shown["selected"], shown["sent"], shown["denied"], shown["failed"]), (3, 3, 0, 0), shown)
        self.assertEqual((shown["sms"]["cost_micros"], shown["sms"]["reserved_micros"]), (40_000 * parts, 0), shown)
        self.assertEqual(self.ask(barid, "GET", "/v1/balance")["spent_micros"], 40_000 * parts)
        # One answers.
        centre.deliver(numbers[0][1:], "إلغاء")
        until(lambda: report(first)["unsubscribed"] == 1, 30, lambda: str(report(first)))
        second = self.sent(barid, topic, "Second")
        until(lambda: report(second)["delivered"] == 2, 30, lambda: str(report(second)))
        shown = report(second)
        self.assertEqual((shown["selected"], shown["sent"], shown["denied"]), (3, 2, 1), shown)
        self.assertEqual(sum(shown["denied_by_reason"].values()), 1, shown)
        reached = [to for to, text in self.whole(centre) if text.startswith("مرحبا")]
        self.assertEqual(sorted(reached), sorted([numbers[0][1:]] + 2 * [numbers[1][1:], numbers[2][1:]]))
        denied = self.ask(barid, "GET", f"/v1/campaigns/{second}/recipients?outcome=denied")["items"]
        self.assertEqual([one["phone"] for one in denied], [numbers[0]])

    def test_kill_nine_in_the_middle_doubles_nothing_and_loses_nothing(self):
        barid, centre, topic, numbers = self.house()
        made = self.ask(barid, "POST", "/v1/campaigns", {"channel": "sms", "name": "Killed", "topic": topic, "language": "ar",
                                                         "text": TEXT})["id"]
        barid.http("POST", f"/v1/campaigns/{made}/send", {}, key=True)
        barid.kill()
        barid.serve()
        report = lambda: self.ask(barid, "GET", f"/v1/campaigns/{made}/report")
        until(lambda: report()["state"] == "sent", 90, lambda: str(report()))
        shown = report()
        self.assertEqual(shown["sent"] + shown["in_doubt"], 3, shown)
        reached = [to for to, _ in self.whole(centre)]
        self.assertEqual(len(reached), len(set(reached)), reached)
        self.assertGreaterEqual(len(reached), shown["sent"])
