"""Asking: segments, one person's answer, the log, the small commands."""

import json
import subprocess

from harness import Case
from harness.barid import environment_of, until
from harness.machine import binary, free_port


class Asking(Case):
    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()
        self.server.import_(self.people(("zaynab", "Zaynab", "EG"), ("omar", "Omar", "FR"), ("anna", "Anna", "FR")))
        self.server.send(self.server.campaign(self.html()))

    def test_segments_are_counted(self):
        def count(where):
            answer = self.server("segment", "count", "--where", json.dumps(where))
            self.assertLessEqual({"count", "micros"}, set(answer))
            return answer["count"]

        self.assertEqual(count({}), 3)
        self.assertEqual(count({"field": "country", "op": "is", "value": "FR"}), 2)
        self.assertEqual(count({"topic": "News"}), 3)
        self.assertEqual(count({"and": [{"event": "sent"}, {"not": {"field": "first_name", "op": "is", "value": "OMAR"}}]}), 2)
        for wrong in ("{", '{"field":"shoe"}', '{"tag":"nobody"}', '{"topic":"News","x":1}'):
            answer = self.server.run("segment", "count", "--where", wrong, "--json")
            self.assertEqual(answer.code, 2, answer)
            self.assertTrue(answer.json["error"]["detail"])

    def test_a_persons_answer_has_every_source_and_basis(self):
        shown = self.server("contact", "show", "zaynab@people.example")
        sources = {source["id"]: source for source in shown["sources"]}
        sections = {section["table"]: section["records"] for section in shown["sections"]}
        values = [record for record in sections["contact"] if record["field"] != "created_at"]
        self.assertLessEqual({"email", "first_name", "country"}, {value["field"] for value in values})
        for value in values:
            self.assertEqual(sources[value["provenance"]]["source"], "sign-up form")
        (message,) = sections["delivery"]
        self.assertEqual((message["state"], message["basis"]["type"]), ("sent", "consent"))
        evidence = {record["header"]["id"]: record["payload"] for record in sections["ledger_event"]}
        self.assertEqual(evidence[message["basis"]["evidence"]]["doi"]["confirmed_at"], "2026-03-01T10:05:00Z")
        self.assertTrue(message["decision"]["rule"] and message["decision"]["pack"])

    def test_nobody_is_not_found(self):
        answer = self.server.run("contact", "show", "nobody@people.example", "--json")
        self.assertNotEqual(answer.code, 0)
        self.assertEqual(answer.json["error"]["code"], "not_found")

    def test_exit_codes(self):
        for code, arguments in ((2, ["frobnicate"]), (2, ["import", "/nowhere.csv", "--topic", "a", "--basis", "consent",
                                "--source", "b", "--collected-on", "2026-03-01"]), (2, ["campaign", "preflight", "cmp_nonsense"]),
                                (0, ["--help"]), (0, ["--version"])):
            self.assertEqual(self.server.run(*arguments).code, code, arguments)
        down = self.server.run("domain", "list", "--server", "http://127.0.0.1:9", "--json")
        self.assertEqual(down.code, 1, down)
        wrong = self.server.run("domain", "list", "--key", "barid_wrong", "--json")
        self.assertNotEqual(wrong.code, 0)
        json.loads(wrong.out)

    def test_the_api_asks_for_a_key_and_describes_itself(self):
        self.assertEqual(self.server.http("GET", "/v1/contacts").code, 401)
        answer = self.server.http("GET", "/v1/contacts/con_nonsense", key=True)
        self.assertIn(answer.code, (400, 404))
        self.assertIn("application/problem+json", answer.err)
        served = self.server.http("GET", "/v1/openapi.json").json
        self.assertEqual(served, json.loads(self.server.run("openapi").out))
        self.assertTrue(served["openapi"].startswith("3.1"))
        for path in ("/healthz", "/readyz", "/metrics", "/"):
            self.assertEqual(self.server.http("GET", path).code, 200, path)

    def test_migrate_has_nothing_to_do(self):
        self.server.stop()
        self.assertEqual(self.server.run("migrate", "--plan", *self.server.place(), "--json").code, 0)


class Demo(Case):
    def test_prints_address_and_sign_in_and_catches_mail(self):
        port = free_port()
        process = subprocess.Popen(
            [binary(), "demo", "--listen", f"127.0.0.1:{port}", "--data", self.directory / "demo"], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment_of(), cwd=self.directory,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        server = self.barid(init=False)
        server.process, server.url = process, f"http://127.0.0.1:{port}"
        server.until_ready(120)
        printed = ""

        def told():
            nonlocal printed
            printed += process.stdout.readline()
            return "assword" in printed

        until(told, 30, "no sign-in is printed")
        self.assertIn(f"http://127.0.0.1:{port}", printed)
        self.assertRegex(printed, r"\S+@\S+")
        process.terminate()
        process.stdout.read()
        self.assertEqual(process.wait(40), 0)
