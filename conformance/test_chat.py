"""The live chat in two browsers side by side: a strict Arabic page, the inbox, a network that fails; nothing lost or doubled."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from harness import Case
from harness.barid import OWNER
from harness.machine import browser, free_port, npm_packages

HERE = Path(__file__).resolve().parent


class Chat(Case):
    engines = ("sqlite",)

    def setUp(self):
        super().setUp()
        if not browser() or not shutil.which("node"):
            self.skipTest("Chromium and Node (Debian: chromium, nodejs)")
        if not npm_packages():
            self.skipTest("npm cannot install conformance/package.json")
        self.server = self.barid().serve("--catcher")
        if self.server.http("GET", "/w/chat.js").code == 404:
            self.skipTest("a binary with its web parts (built without BARID_WEB=skip)")
        self.port, self.relay_port = free_port(), free_port()

    def widget(self):
        """A chat for the test's site, answered by the owner."""
        agents = self.server.http("GET", "/v1/agents", key=True).json["items"]
        group = {"name": "Help", "languages": [], "pick": "automatic", "members": [{"user": agents[0]["id"], "priority": "first"}],
                 "queue_limit": 50}
        made = self.server.http("POST", "/v1/groups", group, key=True)
        self.assertEqual(made.code, 201, made)
        features = {"files": True, "rating": True, "transcript": True, "sneak_peek": True, "sound": False, "typing": True, "emoji": True}
        widget = {"name": "Shop", "enabled": True, "origins": [f"http://localhost:{self.port}"], "group": made.json["id"],
                  "features": features}
        made = self.server.http("POST", "/v1/widgets", widget, key=True)
        self.assertEqual(made.code, 201, made)
        return made.json["id"]

    def test_a_visitor_and_a_member_lose_nothing(self):
        widget = self.widget()
        task = {"browser": browser(), "port": self.port, "relay": self.relay_port, "barid": self.server.url,
                "workspace": self.server.workspace, "email": OWNER[0], "password": OWNER[1], "widget": widget,
                "shots": os.environ.get("BARID_TEST_SCREENSHOTS")}
        done = subprocess.run(["node", HERE / "chat.mjs"], input=json.dumps(task), capture_output=True, text=True, cwd=HERE, timeout=420)
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = json.loads(done.stdout)
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

    def unsent_words_are_nowhere(self):
        rows = self.server.http("GET", "/v1/conversations?view=all", key=True).json["items"]
        events = self.server.http("GET", f"/v1/conversations/{rows[0]['id']}/events?limit=200", key=True).out
        self.assertIn("WHISPER", events)
        self.assertNotIn("PEEK", events)
        self.assertNotIn("PEEK", self.server.log())
        for path in self.server.data.rglob("*.db*"):
            for word in (b"PEEK-", b"WHISPER-"):
                self.assertNotIn(word, path.read_bytes(), path.name)
