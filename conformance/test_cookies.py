"""Consent to cookies in a real browser: what is stored and loaded before and after each choice."""

from harness.browsing import Browsing

CONSENT = ["barid_consent"]


class Cookies(Browsing):
    def site(self, server):
        service = lambda name, category, entries: {
            "name": name, "provider": name, "category": category, "purpose_en": "Counts.", "purpose_ar": "يعدّ.",
            "hosts": ["127.0.0.1"] if category == "marketing" else [],
            "entries": [{"name": entry, "days": 30} for entry in entries]}
        design = {"hosts": ["localhost"], "services": [service("Counter", "statistics", ["_count", "counted"]),
                                                       service("Ads", "marketing", ["_ad*", "adbox"])]}
        made = server.http("POST", "/v1/cookie-sites", {"name": "Shop", "design": design}, key=True)
        self.assertEqual(made.code, 201, made)
        return made.json

    def test_nothing_happens_before_and_only_what_was_chosen_after(self):
        server, _ = self.sending()
        site = self.site(server)
        script = site["embed"].split('"')[1]
        [seen] = self.node("cookies.mjs", {"script": script})
        for visit in ("reject", "accept", "choose", "withdraw", "signal"):
            before = seen[visit][0]
            self.assertEqual((before["cookies"], before["stored"], before["ran"]), ([], [], []), visit)

        rejected, again = seen["reject"][1:]
        self.assertEqual((rejected["status"], rejected["cookies"], rejected["stored"], rejected["ran"]), (201, CONSENT, [], []))
        self.assertEqual((again["asked"], again["cookies"], again["ran"]), (0, CONSENT, []))

        accepted, again = seen["accept"][1:]
        self.assertEqual(accepted["status"], 201)
        self.assertEqual(accepted["ran"], ["_ad", "_ad", "_count"], "everything that waited runs, once each")
        self.assertEqual(again["asked"], 0)
        self.assertEqual(again["cookies"], ["_ad", "_count", *CONSENT])

        saved = seen["choose"][3]
        self.assertEqual((saved["ran"], saved["stored"]), (["_count"], ["counted"]))
        self.assertFalse([url for url in saved["loaded"] if "late" in url])

        withdrawn, again = seen["withdraw"][3:]
        self.assertEqual((withdrawn["cookies"], withdrawn["stored"]), (CONSENT, []))
        self.assertEqual(again["ran"], [])

        again = seen["signal"][1]
        self.assertEqual((again["asked"], again["cookies"], again["stored"], again["ran"]), (0, [], [], []))
        self.assertEqual(seen["looks"], [])

        # The page that a withdrawal reloads does not see the answer; the server's own count does.
        chosen = server.http("GET", f"/v1/cookie-sites/{site['id']}/choices", key=True).json
        counted = {one["action"]: one["count"] for one in chosen}
        self.assertEqual(counted, {"accept_all": 2, "choose": 1, "reject_all": 1, "withdraw": 1})
