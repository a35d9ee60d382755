"""Appointments that cost something, from the page to the money's way back, at a provider that speaks Stripe's interface."""

import re
from datetime import datetime, timedelta, timezone

from harness import Case
from harness.barid import until
from harness.till import SECRET_KEY, SIGNING, Till

EVERY_DAY = {"days": [1, 2, 3, 4, 5, 6, 7], "start": "00:00", "end": "24:00"}


class Payments(Case):
    def setUp(self):
        super().setUp()
        self.server = self.barid()
        self.server.serve("--payment-allowed-host", "127.0.0.1")
        self.till = Till()
        self.addCleanup(self.till.stop)

    def ask(self, method, path, body=None, code=200):
        answer = self.server.http(method, path, body, key=True)
        self.assertEqual(answer.code, code, f"{method} {path}: {answer.out}")
        return answer.json if answer.out else None

    def shop(self, **more):
        """A paid event type; the address for the provider's calls."""
        keys = {"secret_key": SECRET_KEY, "webhook_secret": SIGNING, "api_base": self.till.url}
        provider = self.ask("PUT", "/v1/booking/payment-provider", keys)
        self.assertNotIn("conformance", str(provider))
        schedule = self.ask("POST", "/v1/booking/schedules", {"name": "Hours", "hours": {"timezone": "UTC", "rules": [EVERY_DAY]}}, 201)
        member = self.ask("GET", "/v1/members")["items"][0]["user"]
        host = self.ask("POST", "/v1/booking/hosts", {"member": member, "timezone": "UTC", "schedule": schedule["id"]}, 201)
        payment = {"amount": 25000, "currency": "SAR", "pay_within": 30, **more}
        definition = {"en": {"title": "Advice"}, "ar": {"title": "استشارة"}, "min_notice": 0, "hosts": [{"host": host["id"]}], "payment": payment}
        self.event_type = self.ask("POST", "/v1/booking/event-types", {"slug": "advice", "definition": definition}, 201)["id"]
        return self.server.url + "/book/" + provider["webhook_url"].split("/book/")[1]

    def book(self, who, hours):
        start = (datetime.now(timezone.utc) + timedelta(days=3)).strftime("%Y-%m-%d") + f"T{hours:02}:00:00Z"
        made = self.ask("POST", "/v1/booking/bookings", {"event_type": self.event_type, "start": start, "attendee": {
            "name": who, "email": f"{who}@people.example", "timezone": "Asia/Riyadh"}}, 201)
        self.assertEqual((made["state"], made["payment"]), ("pending", "open"))
        return made, made["payment_url"].split("/book/")[1]

    def page(self, path, post=False, **query):
        address = f"/book/{path}?" + "&".join(f"{name}={value}" for name, value in {"lang": "en", **query}.items())
        return self.server.http("POST" if post else "GET", address).out

    def stands(self, booking):
        now = self.ask("GET", f"/v1/booking/bookings/{booking['id']}")
        return now["state"], now["payment"]

    def test_money_comes_and_goes_back(self):
        hook = self.shop()
        booking, path = self.book("lina", 9)
        self.assertIn("Pay now", self.page(path))
        self.assertEqual(self.till.pages, [], "looking orders nothing")
        led = re.search(r'href="(https://pay[^"]+)"', self.page(path, post=True))
        self.assertEqual(led[1], "https://pay.example/cs_0")
        self.assertIn("pay.example/cs_0", self.page(path, post=True), "whoever turned back is led to the same page")
        self.assertEqual(len(self.till.pages), 1)
        form = self.till.pages[0]["form"]
        self.assertEqual((form["customer_email"], form["line_items[0][price_data][product_data][name]"]), ("lina@people.example", "Advice"))

        with self.subTest("calls that nobody signed"):
            self.till.pay(0)
            self.assertEqual(self.till.call(hook, 0, secret="whsec_other"), 401)
            self.assertEqual(self.till.call(hook, 0, age=600), 401)
            self.assertEqual(self.stands(booking), ("pending", "open"))

        with self.subTest("the signed one, twice"):
            self.assertEqual([self.till.call(hook, 0), self.till.call(hook, 0)], [200, 200])
            self.assertEqual(self.stands(booking), ("confirmed", "paid"))
            self.assertIn("Your appointment is booked", self.page(path))

        with self.subTest("the way back"):
            self.ask("POST", f"/v1/booking/bookings/{booking['id']}/cancel", {"reason": "ill"})
            until(lambda: self.stands(booking) == ("cancelled", "refunded"), 30, "the money is not on its way")
            self.assertEqual(self.till.refunds, ["pi_0"])
            self.assertIn("goes back to you", self.page(path))

        with self.subTest("the payer is here before the call"):
            other, path = self.book("omar", 11)
            self.page(path, post=True)
            self.assertIn("on its way", self.page(path, paid=1))
            self.till.pay(1)
            self.assertIn("Your appointment is booked", self.page(path, paid=1))
            self.assertEqual(self.stands(other), ("confirmed", "paid"))

        with self.subTest("money for what was called off meanwhile"):
            late, path = self.book("huda", 13)
            self.page(path, post=True)
            self.ask("POST", f"/v1/booking/bookings/{late['id']}/cancel", {})
            until(lambda: self.till.pages[2]["status"] == "expired", 30, "the page still takes money")
            self.till.pay(2)
            self.assertEqual(self.till.call(hook, 2), 200)
            until(lambda: self.stands(late) == ("cancelled", "refunded"), 30, lambda: f"the money stays: {self.stands(late)}, {self.till.refunds}, {self.till.pages[2]}")

        with self.subTest("another amount"):
            odd, path = self.book("sami", 15)
            self.page(path, post=True)
            self.till.pages[3]["amount_total"] = 1
            self.till.pay(3)
            self.assertEqual(self.till.call(hook, 3), 200)
            self.assertEqual(self.stands(odd), ("pending", "mismatched"))
        self.assertEqual(self.till.unknown, [])

    def test_what_may_not_be_contacted_is_not(self):
        for base in ("http://10.0.0.1/", "http://169.254.169.254/", "https://evil.example/", "file:///etc/passwd"):
            keys = {"secret_key": SECRET_KEY, "webhook_secret": SIGNING, "api_base": base}
            refused = self.ask("PUT", "/v1/booking/payment-provider", keys, 422)
            self.assertEqual(refused["fields"][0]["field"], "api_base")
            self.assertNotIn("conformance", str(refused))
