"""SMS: against a message centre that nobody here wrote."""

import json
import queue
import subprocess
import threading

from harness import Case
from harness.barid import until
from harness.machine import ROOT, npm_packages

OURS = "966112345678"


class Centre:
    """conformance/smsc.mjs as a process."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["node", str(ROOT / "conformance" / "smsc.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=ROOT / "conformance")
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.port = self.lines.get(timeout=20)["port"]
        self.events = []

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def got(self):
        """Everything that was submitted so far."""
        while not self.lines.empty():
            self.events.append(self.lines.get())
        return [event for event in self.events if "to" in event]

    def deliver(self, sender, text):
        self.process.stdin.write(json.dumps({"deliver": {"from": sender, "to": OURS, "text": text}}) + "\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()


class Sms(Case):
    def setUp(self):
        super().setUp()
        if not npm_packages():
            self.skipTest("npm cannot install conformance/package.json")

    def connected(self):
        """A serving Barid with a route to a centre."""
        centre = Centre()
        self.addCleanup(centre.stop)
        barid = self.barid().serve()
        allowed = {"countries": ["SA"], "parts": 10, "parts_a_day": None, "parts_a_day_by_country": None,
                   "parts_a_day_by_block": None}
        self.ask(barid, "PUT", "/v1/messages/settings", allowed)
        self.ask(barid, "POST", "/v1/originators", {"value": f"+{OURS}"})
        access = {"host": "127.0.0.1", "port": centre.port, "system_id": "barid", "password": "secret", "per_second": 500}
        route = self.ask(barid, "POST", "/v1/routes", {"name": "Main", "access": access})
        self.assertNotIn("password", route["access"])
        until(lambda: self.ask(barid, "GET", f"/v1/routes/{route['id']}")["binds_up"], 20, "no session came up")
        return barid, centre

    def ask(self, barid, method, path, body=None):
        answer = barid.http(method, path, body, key=True)
        self.assertIn(answer.code, (200, 201, 204), answer)
        return answer.json if answer.out else None

    def test_texts_arrive_whole_and_receipts_in_any_order_are_understood(self):
        barid, centre = self.connected()
        texts = ["Hello", "a" * 152 + "€" + "b" * 8, "😀" * 36, "مرحباً بكم في مكتبة النور. " * 6, "{[~]}\\ " * 20, "x" * 161]
        sent = {}
        for n, text in enumerate(texts * 2):
            made = self.ask(barid, "POST", "/v1/messages", {"to": f"+96650123456{n % 6}", "text": text, "basis": "contract"})
            explained = barid.run("explain", "sms", stdin=json.dumps({"text": text}) + "\n").json
            # A worker may have it before it is shown.
            self.assertIn(made["state"], ("queued", "sending", "sent"))
            self.assertEqual((made["parts"], made["encoding"]), (explained["parts"], explained["encoding"]))
            sent[made["id"]] = text

        def states():
            return {self.ask(barid, "GET", f"/v1/messages/{one}")["state"] for one in sent}

        until(lambda: states() == {"delivered"}, 60, lambda: f"{states()} {centre.got()[-3:]}")
        # What the centre decoded, put together by the references of the headers.
        whole, parts = [], {}
        for event in centre.got():
            self.assertEqual(event["from"], OURS)
            if not event["udh"]:
                whole.append(event["text"])
                continue
            header = bytes.fromhex(event["udh"][0])
            reference, total, number = header[-3:]
            parts.setdefault((event["to"], reference, total), {})[number] = event["text"]
        for (_, _, total), found in parts.items():
            self.assertEqual(set(found), set(range(1, total + 1)))
            whole.append("".join(found[number] for number in sorted(found)))
        self.assertEqual(sorted(whole), sorted(sent.values()))
        steps = self.ask(barid, "GET", f"/v1/messages/{next(iter(sent))}/timeline")["items"]
        self.assertEqual([step["kind"] for step in steps], ["accepted", "part_sent", "part_ended", "delivered"])

    def test_stop_in_arabic_is_kept_acted_upon_and_confirmed_once(self):
        barid, centre = self.connected()
        self.ask(barid, "POST", "/v1/messages", {"to": "+966501234567", "text": "Hello", "basis": "contract"})
        until(lambda: centre.got(), 20, "the message did not arrive")
        for expected in (1, 2):
            centre.deliver("966501234567", "إلغاء")
            until(lambda: len(self.ask(barid, "GET", "/v1/messages/received")["items"]) == expected, 20, "nothing came in")
        received = self.ask(barid, "GET", "/v1/messages/received")["items"][0]
        self.assertEqual((received["keyword"], received["text"], received["from"]), ("stop", "إلغاء", "+966501234567"))
        until(lambda: len(centre.got()) == 2, 20, lambda: str(centre.got()))
        self.assertIn("لن تصلك رسائل أخرى", centre.got()[1]["text"])
        denied = self.ask(barid, "POST", "/v1/messages", {"to": "+966501234567", "text": "Sale", "purpose": "marketing"})
        self.assertEqual(denied["state"], "denied")

    def test_a_refused_bind_and_refused_input_say_so(self):
        barid, centre = self.connected()
        access = {"host": "127.0.0.1", "port": centre.port, "system_id": "barid", "password": "wrong"}
        route = self.ask(barid, "POST", "/v1/routes", {"name": "Wrong", "access": access})["id"]
        until(lambda: self.ask(barid, "GET", f"/v1/routes/{route}")["refused"] == "ESME_RINVPASWD", 20, "no refusal")
        for field, body in (("to", {"to": "+14155552671", "text": "x"}), ("to", {"to": "nonsense", "text": "x"}),
                            ("text", {"to": 966501234567, "text": "x" * 1531}),
                            ("from", {"to": "+966501234567", "text": "x", "from": "Nobody"})):
            answer = barid.http("POST", "/v1/messages", body, key=True)
            self.assertEqual((answer.code, [one["field"] for one in answer.json["fields"]]), (422, [field]), answer)
