"""Paying for the balance: on a page, from a saved method, by itself, and with a bank that wants to see somebody."""

import json
import re
import urllib.request

from harness import Case
from harness.bank import Bank
from harness.barid import OWNER, until
from harness.till import SECRET_KEY, SIGNING

UNIT = 1_000_000
WORDS = {"version": "2026-11", "language": "ar"}


class Recharge(Case):
    def setUp(self):
        super().setUp()
        self.bank = Bank()
        self.addCleanup(self.bank.stop)
        key, signing = self.file("recharge.key", SECRET_KEY + "\n"), self.file("recharge.signing", SIGNING + "\n")
        self.flags = ["--payment-allowed-host", "127.0.0.1", "--recharge-key-file", key, "--recharge-signing-file", signing,
                      "--recharge-api", self.bank.url]
        self.server, self.inbox = self.sending(*self.flags)
        self.hook = self.server.url + "/pay/notices"
        sender = {"name": "Al Noor", "email": "news@sender.example"}
        self.ask("PATCH", "/v1/workspace", {"settings": {"default_sender": sender}})
        self.ask("PUT", "/v1/balance", {"currency": "SAR", "credit_micros": 0})
        self.cookie = self.sign_in()

    def sign_in(self):
        body = json.dumps({"email": OWNER[0], "password": OWNER[1]}).encode()
        request = urllib.request.Request(self.server.url + "/v1/session", body, {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.headers["Set-Cookie"].split(";")[0]

    def ask(self, method, path, body=None, code=200):
        answer = self.server.http(method, path, body, key=True)
        self.assertEqual(answer.code, code, f"{method} {path}: {answer.out}")
        return answer.json if answer.out else None

    def click(self, method, path, body=None, code=200):
        """What the owner does in the browser."""
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin", "X-Barid-Workspace": self.server.workspace}
        answer = self.server.http(method, path, body, headers)
        self.assertEqual(answer.code, code, f"{method} {path}: {answer.out}")
        return answer.json

    def spend(self, units):
        self.ask("POST", "/v1/balance/top-ups", {"amount_micros": -units * UNIT}, 201)

    def available(self):
        return self.ask("GET", "/v1/balance")["available_micros"] // UNIT

    def payments(self):
        return self.ask("GET", "/v1/balance/payments")["items"]

    def saved(self):
        number = len(self.bank.pages)
        self.click("POST", "/v1/balance/payment-method", {"words": WORDS}, 201)
        self.bank.enter(number)
        self.assertEqual(self.bank.tell(self.hook, "checkout.session.completed", self.bank.pages[number]), 200)
        return self.ask("GET", "/v1/balance/payment-method")["method"]

    def test_from_the_page_to_the_withdrawal(self):
        with self.subTest("a page"):
            made = self.ask("POST", "/v1/balance/payments", {"amount_micros": 100 * UNIT}, 201)
            self.assertEqual((made["state"], made["url"]), ("waiting", "https://pay.example/cs_0"))
            self.bank.pay(0)
            self.assertEqual(self.bank.call(self.hook, 0, secret="whsec_other"), 401)
            self.assertEqual(self.available(), 0)
            self.assertEqual([self.bank.call(self.hook, 0), self.bank.call(self.hook, 0)], [200, 200])
            self.assertEqual(self.available(), 100)

        with self.subTest("a method, by a person's own agreement"):
            self.ask("POST", "/v1/balance/payment-method", {"words": WORDS}, 403)
            method = self.saved()
            self.assertEqual((method["kind"], method["last4"], method["exp_year"], method["holder"]), ("card", "4242", 2031, "Zaynab Haddad"))

        with self.subTest("off until somebody agrees"):
            self.assertFalse(self.ask("GET", "/v1/balance/auto-recharge")["enabled"])
            terms = {"floor_micros": 60 * UNIT, "amount_micros": 50 * UNIT, "monthly_cap_micros": 150 * UNIT, "words": WORDS}
            self.ask("PUT", "/v1/balance/auto-recharge", terms, 403)
            now = self.click("PUT", "/v1/balance/auto-recharge", terms)
            consent = now["consent"]
            self.assertTrue(now["enabled"] and consent["event"])

        with self.subTest("below the floor"):
            self.spend(50)
            until(lambda: self.available() == 100, 30, lambda: f"{self.payments()} {self.server.log()[-2000:]}")
            newest = self.payments()[0]
            self.assertEqual((newest["kind"], newest["state"], newest["consent"]), ("auto", "paid", consent))
            self.assertEqual(len(self.bank.charges), 1)

        with self.subTest("the bank wants to see somebody"):
            self.bank.wants_a_person = True
            self.spend(50)
            until(lambda: self.inbox.to(OWNER[0]), 30, lambda: f"{self.payments()} {self.server.log()[-2000:]}")
            self.assertEqual(self.payments()[0]["state"], "needs_action")
            text = self.inbox.to(OWNER[0])[-1].part("plain")
            self.assertIn("50.00 SAR", text)
            link = re.search(r"http://127\.0\.0\.1:\d+(/pay/\S+)", text).group(1)
            self.assertIn("https://bank.example/pi_1", self.server.http("GET", link).out)
            charge = self.bank.confirm()
            self.assertEqual(self.bank.tell(self.hook, "payment_intent.succeeded", charge), 200)
            self.assertEqual((self.payments()[0]["state"], self.available()), ("paid", 100))
            self.assertIn("has been made", self.server.http("GET", link + "?lang=en").out)

        with self.subTest("a dead process charges once"):
            self.bank.wants_a_person = False
            self.spend(50)
            self.server.kill()
            self.server.serve("--smtp-relay", self.inbox.url, *self.flags)
            self.cookie = self.sign_in()
            until(lambda: self.available() == 100, 90, lambda: f"{self.payments()} {self.server.log()[-2000:]}")
            self.assertEqual([charge["status"] for charge in self.bank.charges.values()], ["succeeded"] * 3)

        with self.subTest("taken back"):
            left = self.click("DELETE", "/v1/balance/payment-method")
            self.assertEqual((left["method"], left["leaving"]), (None, []))
            self.assertEqual((self.bank.methods, self.bank.customers), ({}, {}))
            self.assertFalse(self.ask("GET", "/v1/balance/auto-recharge")["enabled"])
            self.spend(80)
            self.assertEqual((self.available(), len(self.bank.charges)), (20, 3))

    def test_a_backup_from_before_revives_no_agreement(self):
        self.saved()
        terms = {"floor_micros": 60 * UNIT, "amount_micros": 50 * UNIT, "monthly_cap_micros": 150 * UNIT, "words": WORDS}
        self.ask("POST", "/v1/balance/top-ups", {"amount_micros": 100 * UNIT}, 201)
        self.assertTrue(self.click("PUT", "/v1/balance/auto-recharge", terms)["enabled"])
        backup = self.directory / "yesterday"
        self.server("backup", backup)
        self.click("DELETE", "/v1/balance/payment-method")
        self.server.stop()
        self.server("restore", backup, *self.server.place())
        self.server.serve("--smtp-relay", self.inbox.url, *self.flags)
        self.assertFalse(self.ask("GET", "/v1/balance/auto-recharge")["enabled"])
        self.assertIsNone(self.ask("GET", "/v1/balance/payment-method")["method"])
        self.spend(50)
        until(lambda: self.ask("GET", "/v1/balance/payment-method")["leaving"] == [], 30, lambda: self.server.log()[-2000:])
        self.assertEqual((self.available(), self.bank.charges), (50, {}))
        self.assertEqual([one for one in self.payments() if one["state"] != "refused"], [])
        self.server("ledger", "verify")
