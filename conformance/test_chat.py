"""The live chat in two browsers side by side: a strict Arabic page, the inbox, a network that fails; nothing lost or doubled."""

from harness.browsing import Browsing
from harness.machine import free_port


class Chat(Browsing):
    def setUp(self):
        super().setUp()
        self.server = self.barid().serve("--catcher")
        if self.server.http("GET", "/w/chat.js").code == 404:
            self.skipTest("a binary with its web parts (built without BARID_WEB=skip)")
        self.port, self.relay_port = free_port(), free_port()

    def widget(self, **more):
        """A chat for the test's site, answered by the owner."""
        agents = self.server.http("GET", "/v1/agents", key=True).json["items"]
        group = {"name": "Help", "languages": [], "pick": "automatic", "members": [{"user": agents[0]["id"], "priority": "first"}],
                 "queue_limit": 50}
        made = self.server.http("POST", "/v1/groups", group, key=True)
        self.assertEqual(made.code, 201, made)
        features = {"files": True, "rating": True, "transcript": True, "sneak_peek": True, "sound": False, "typing": True, "emoji": True}
        settings = {"origins": [f"http://localhost:{self.port}"], "group": made.json["id"], "features": features, **more}
        widget = {"name": "Shop", "enabled": True, "settings": settings}
        made = self.server.http("POST", "/v1/widgets", widget, key=True)
        self.assertEqual(made.code, 201, made)
        return made.json["id"]

    def test_a_visitor_and_a_member_lose_nothing(self):
        widget = self.widget()
        [seen] = self.node("chat.mjs", {"port": self.port, "relay": self.relay_port, "barid": self.server.url,
                                        "workspace": self.server.workspace, "widget": widget})
        steps = seen["steps"]

        with self.subTest("nothing before an act"):
            before = steps["before"]
            self.assertEqual((before["stored"], before["cookies"], before["asked"]), ([], 0, ""))
            self.assertEqual((steps["opened"]["stored"], steps["opened"]["dir"]), ([], "rtl"))
            self.assertEqual(steps["opened"]["focus"], "TEXTAREA")
            self.assertEqual(seen["origins"], sorted([f"http://127.0.0.1:{self.relay_port}", f"http://localhost:{self.port}"]))
            self.assertEqual(seen["complaints"], [])

        with self.subTest("whispers and unsent words"):
            self.assertEqual(steps["opened"]["told"], 1, "the visitor is told beside the box")
            self.assertTrue(steps["peek"], "the member sees what is being written")
            self.assertEqual(seen["leaks"], [], "in what was said to the visitor")
            self.unsent_words_are_nowhere()

        with self.subTest("nothing lost, nothing doubled"):
            self.assertEqual(steps["cut"]["waiting"], ["LOST-1", "LOST-2"], "kept through the reload")
            ours = ["LOST-1", "LOST-2", "MEANWHILE-1", "DEAF-1", "BOTH-visitor", "BOTH-member"]
            for side in ("visitor", "member", "visitor_again", "member_again"):
                for text in ours:
                    self.assertEqual(steps[side].count(text), 1, f"{text} at {side}: {steps[side]}")
            self.assertEqual(steps["visitor"], steps["visitor_again"], "grown and fresh are the same")
            self.assertEqual(steps["member"], steps["member_again"])
            self.assertLess(steps["member"].index("LOST-1"), steps["member"].index("LOST-2"))

        with self.subTest("looks"):
            self.assertEqual(steps["closed"], {"open": 0, "focus": "launcher"}, "Escape closes and gives the keyboard back")
            self.assertEqual(steps["phone"], [390, 390])
            self.assertEqual(steps["inbox_phone"], {"lists": 0, "logs": 1, "wide": 390})
            self.assertEqual(seen["looks"], [])

        rows = self.server.http("GET", "/v1/conversations?view=all", key=True).json["items"]
        self.assertEqual(len(rows), 1, "one conversation, however often the network failed")
        self.assertEqual((rows[0]["state"], rows[0]["rating"]["score"]), ("closed", 1))

    def test_an_encrypted_chat_is_read_at_its_two_ends_alone(self):
        features = {"files": True, "rating": True, "transcript": False, "sneak_peek": False, "sound": False, "typing": True, "emoji": True}
        widget = self.widget(features=features, encryption="end_to_end")
        [seen] = self.node("chat_sealed.mjs", {"port": self.port, "origin": self.server.url, "language": "en", "widget": widget}, 240)
        self.assertNotIn("stuck", seen, seen)
        self.assertEqual((seen["faults"], seen["complaints"]), ([], []))
        self.assertEqual((seen["passed"], seen["noted"], seen["elsewhere"]), (False, False, False), "in what passed, at the visitor, in a browser that is no device")
        self.assertEqual(seen["files"], [f"SEALED-octets of SEALED-{who}.txt" for who in ("visitor", "member")])
        for path in self.server.data.rglob("*"):
            self.assertFalse(path.is_file() and b"SEALED-" in path.read_bytes(), path.name)
        self.assertNotIn("SEALED-", self.server.log())
        row = self.server.http("GET", "/v1/conversations?view=all", key=True).json["items"][0]
        transcript = self.server.http("GET", f"/v1/conversations/{row['id']}/transcript?format=json", key=True)
        self.assertEqual((transcript.code, "SEALED-" in transcript.out), (200, False))

    def unsent_words_are_nowhere(self):
        rows = self.server.http("GET", "/v1/conversations?view=all", key=True).json["items"]
        events = self.server.http("GET", f"/v1/conversations/{rows[0]['id']}/events?limit=200", key=True).out
        self.assertIn("WHISPER", events)
        self.assertNotIn("PEEK", events)
        self.assertNotIn("PEEK", self.server.log())
        for path in self.server.data.rglob("*.db*"):
            for word in (b"PEEK-", b"WHISPER-"):
                self.assertNotIn(word, path.read_bytes(), path.name)

    def test_a_greeting_for_a_country(self):
        widget = self.widget()
        greeting = lambda name, kind, op, value: {
            "name": name, "enabled": True, "text": {"en": name}, "once": "always", "match": "all",
            "conditions": [{"kind": kind, "op": op, "value": value}]}
        for one in (greeting("For the Gulf", "country", "is", ["SA", "AE"]), greeting("For everybody", "time_on_page", "ge", 1)):
            self.assertEqual(self.server.http("POST", f"/v1/widgets/{widget}/greetings", one, key=True).code, 201)
        [seen] = self.node("chat_country.mjs", {"port": self.port, "barid": self.server.url, "widget": widget})
        for who, greeted in (("there", "For the Gulf"), ("elsewhere", "For everybody"), ("unasked", "For everybody")):
            self.assertIn(greeted, seen[who], who)
        [visit] = self.server.http("GET", "/v1/visitors", key=True).json["items"]
        self.assertEqual((visit["country"], visit["consented"]), ("SA", True))

    def test_questions_greetings_files_and_older_pages(self):
        field = lambda key, kind, english, **also: {"key": key, "kind": kind, "label": {"en": english, "ar": ""}, **also}
        books = self.server.http("POST", "/v1/topics", {"name": "Books"}, key=True).json["id"]
        questions = {"enabled": True, "fields": [field("email", "email", "E-mail", required=True, purpose="service"),
                                                 field("news", "consent", "Write to me about books", purpose="marketing", topic=books)]}
        widget = self.widget(forms={"pre_chat": questions})
        greeting = {"name": "Hello", "enabled": True, "text": {"en": "Looking for a book?", "ar": "هل تبحث عن كتاب؟"}, "once": "ever",
                    "match": "all", "conditions": [{"kind": "time_on_page", "op": "ge", "value": 1}]}
        made = self.server.http("POST", f"/v1/widgets/{widget}/greetings", greeting, key=True)
        self.assertEqual(made.code, 201, made)
        [seen] = self.node("chat_features.mjs", {"port": self.port, "barid": self.server.url, "key": self.server.key, "widget": widget})
        self.assertEqual(seen["complaints"], [])
        self.assertIn("Looking for a book?", seen["greeting"]["text"])
        self.assertEqual((seen["greeting"]["stored"], seen["greeting"]["again"]), ([], 0))
        questions = seen["questions"]
        self.assertEqual((questions["ticked"], len(questions["wrong"]), questions["focus"]), (0, 1, "email"))
        self.assertIn(["email", "asks@people.example"], questions["answers"])
        self.assertEqual(seen["files"], ["cover.png"], "a file that lies about its kind is refused")
        self.assertEqual(seen["choice"], "الثانية")
        self.assertEqual(seen["badge"], "Chat with us")
        self.assertEqual(seen["shutdown"], {"elements": 0, "stored": []})
        old = seen["old"]
        self.assertEqual(old["state"], {"availability": "online", "visibility": "maximized"})
        self.assertEqual((old["heard"][0], old["hidden"], old["customer"], old["filled"]),
                         ("ready", "hidden", "old@people.example", "old@people.example"))
        numbers = self.server.http("GET", f"/v1/widgets/{widget}/greetings", key=True).json["items"][0]
        self.assertEqual((numbers["shown"], numbers["dismissed"]), (1, 1))
