"""A newsletter rebuilt in the editor, by mouse and by keyboard alone, sent, and held against what arrives."""

import re
import struct
import unittest
import zlib

from harness.barid import until
from harness.browsing import Browsing

TYPES = ["image", "menu", "image", "heading", "image", "text", "product", "quote", "button", "social", "footer"]
# What a browser says when a page's own policy holds something back.
BLOCKED = re.compile("sandboxed|violates the following Content Security Policy")
# Pixels by which two ways to lay out the same may differ.
NEAR = 2


def png(width, height, colour):
    """A picture of one colour."""
    line = b"\0" + bytes(colour) * width
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(line * height)) + chunk(b"IEND", b"")


def plain(words):
    """Without the marks that keep neighbours of another direction in their order."""
    return words.replace("\u200e", "").replace("\u200f", "")


class Newsletter(Browsing):
    def setUp(self):
        super().setUp()
        self.mailbox = self.relay()
        self.server = self.barid().serve("--smtp-relay", self.mailbox.url)
        self.server("domain", "add", "sender.example")
        self.server.import_(self.people(("paul", "Paul", "EG"), ("lina", "Lina", "LB")))

    def ask(self, method, path, body=None):
        answer = self.server.http(method, path, body, key=True)
        self.assertIn(answer.code, (200, 201, 202), answer)
        return answer.json

    def walk(self, name, language, seconds=600, **task):
        task = {"origin": self.server.url, "language": language, **task}
        found = self.node(f"flows/{name}.mjs", task, seconds)[-1]
        self.assertNotIn("stuck", found, found)
        self.assertEqual([fault for fault in found["faults"] if not BLOCKED.search(fault)], [], found)
        return found

    def campaign(self, name, language):
        topic = self.ask("GET", "/v1/topics")["items"][0]["id"]
        html = ('<html><body><p>{{ organisation }}, {{ postal_address }}</p>'
                '<p><a href="{{ unsubscribe_url }}">x</a></p></body></html>')
        body = {"name": name, "topic": topic, "from": "Al Noor <news@sender.example>", "subject": name, "language": language,
                "html": html}
        return self.ask("POST", "/v1/campaigns", body)["id"]

    def begun(self, name, language):
        """A campaign with a design that is not empty."""
        made = self.campaign(name, language)
        starters = self.ask("GET", "/v1/starters")["items"]
        design = next(one for one in starters if one["language"] == language and "letter" in one["id"])["design"]
        self.ask("PATCH", f"/v1/campaigns/{made}", {"design": design})
        return made

    def test_a_newsletter_from_nothing(self):
        logo = self.file("logo.png", png(240, 80, (11, 110, 102)))
        hero = self.file("hero.png", png(1200, 500, (196, 135, 18)))
        where = {"field": "country", "op": "is", "value": "EG"}
        segment = {"name": "Egyptians", **self.ask("POST", "/v1/segments", {"name": "Egyptians", "where": where})}
        for language in ("ar", "en"):
            with self.subTest(language):
                mouse, keyboard = (self.campaign(f"{hand} {language}", language) for hand in ("Mouse", "Keyboard"))
                task = {"mouse": mouse, "keyboard": keyboard, "second": self.begun(f"Second {language}", language),
                        "logo": str(logo), "hero": str(hero), "segment": segment, "people": ["paul", "lina"]}
                found = self.walk("newsletter", language, **task)
                self.built(found)
                self.hostile(found)
                self.shelved(found)
                self.previewed(found)
                self.arrived(keyboard, found, language)

    def built(self, found):
        self.assertTrue(found["lies"].startswith("plaintext"), "words of the other language are torn apart in fields")
        for hand in ("mouse", "keyboard"):
            self.assertEqual(found[hand]["types"], TYPES, hand)
            self.assertIn(2, found[hand]["layouts"], hand)
            self.assertLess(found[hand]["seconds"], 600, hand)

    def hostile(self, found):
        self.assertIsNone(found["owned"])
        self.assertIn("https://shop.example/good", found["pasted"])
        for evil in ("javascript:", "onerror", "onclick", "owned", "display:none"):
            self.assertNotIn(evil, found["pasted"])
        self.assertIn("Raw", found["cleaned"]["html"])
        for evil in ("<script", "onerror", "<form", "owned"):
            self.assertNotIn(evil, found["cleaned"]["html"])
        self.assertIn("removed", found["cleaned"]["codes"])

    def shelved(self, found):
        self.assertEqual(found["branded"], "#7a1f5c")
        self.assertNotEqual(found["restored"], "#7a1f5c")
        self.assertFalse(found["reused"], "what is used again has a name of its own")
        self.assertTrue(found["followed"])

    def previewed(self, found):
        self.assertEqual(found["without"], "'none'")
        self.assertNotEqual(found["withPictures"], "'none'")
        self.assertEqual(found["scheme"], "dark")
        self.assertLessEqual(found["phone"], 375)
        self.assertEqual(found["shownTo"], [True, False], "a row for Egypt, as Paul and as Lina see it")
        for word in ("heading", "text", "footer"):
            self.assertIn(found["says"][word], found["plain"])
        self.assertNotIn(found["says"]["quote"], found["plain"], "Lina reads what is not for her")

    def arrived(self, campaign, found, language):
        before = len(self.mailbox.received)
        self.ask("POST", f"/v1/campaigns/{campaign}/send", {"grace_seconds": 0})
        until(lambda: len(self.mailbox.received) == before + 2, 40, "the newsletter does not arrive")
        sent = {one.recipients[0].split("@")[0]: one for one in self.mailbox.received[before:]}
        self.assertIn(found["says"]["quote"], sent["paul"].part("html"), "Paul is in the segment")
        self.assertNotIn(found["says"]["quote"], sent["lina"].part("html"), "Lina is not")
        self.assertIn(found["says"]["heading"], sent["paul"].part("plain"))
        shown = self.walk("arrived", language, html=sent["paul"].part("html"))["shown"]
        for name, look in shown.items():
            self.assertLessEqual(look["overflow"], 0, name)
            self.assertEqual(look["broken"], [], name)
        canvas, mail = found["canvas"], shown["640"]["rows"]
        self.assertEqual([row["id"] for row in mail], [row["id"] for row in canvas])
        for drawn, came in zip(canvas, mail):
            self.assertLessEqual(abs(drawn["width"] - came["width"]), NEAR, (drawn, came))
            self.assertEqual(len(drawn["blocks"]), len(came["blocks"]), (drawn, came))
            for one, other in zip(drawn["blocks"], came["blocks"]):
                self.assertLessEqual(abs(one["width"] - other["width"]), NEAR, (one, other))
                self.assertLessEqual(abs(one["x"] - other["x"]), NEAR, (one, other))
                if drawn is not canvas[-1]:
                    self.assertEqual(plain(one["words"]), plain(other["words"]))
                    self.assertLessEqual(abs(one["height"] - other["height"]), NEAR + 1, (one, other))


if __name__ == "__main__":
    unittest.main()
