"""Explain: the published examples answer as documented, and bad lines do not end the run."""

import json
import re

from harness import Case
from harness.machine import ROOT

REFERENCE = ROOT / "docs" / "reference"


class Explain(Case):
    engines = ("sqlite",)

    def explain(self, what, *lines):
        """The answers, one per line, in order."""
        server = self.servers[0] if self.servers else self.barid(init=False)
        text = "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
        self.answer = server.run("explain", what, stdin=text)
        return [json.loads(line) for line in self.answer.out.splitlines()]

    def test_gate_examples(self):
        text = (REFERENCE / "gate.md").read_text()
        examples = re.findall(r"^(\{.*\})\n  → (\w+) (\w+) \(rule (\w+)(?:, until (\S+))?\)$", text, re.M)
        self.assertEqual(len(examples), text.count("\n  → "))
        self.assertGreater(len(examples), 80)
        answers = self.explain("gate", *(example[0] for example in examples))
        self.assertEqual(self.answer.code, 0)
        self.assertEqual(len(answers), len(examples))
        for (line, decision, reason, rule, until), answer in zip(examples, answers):
            with self.subTest(line):
                self.assertEqual((answer["decision"], answer["reason"], answer["rule"]), (decision, reason, rule))
                self.assertEqual(set(answer), {"decision", "reason", "rule", "pack", "until"})
                if until:
                    self.assertEqual(answer["until"], until)

    def test_reply_examples(self):
        text = (REFERENCE / "replies.md").read_text().split("## Intents")[1]
        examples = [(intent, line) for intent, body in re.findall(r"^### `(\w+)`\n(.*?)(?=^### |\Z)", text, re.M | re.S)
                    for line in re.findall(r"^- (.*)$", body, re.M)]
        self.assertGreaterEqual(len(examples), 24)
        answers = self.explain("reply", *({"lang": None, "channel": "email", "raw": line} for _, line in examples))
        for (intent, line), answer in zip(examples, answers):
            self.assertEqual(answer, {"intent": intent}, line)

    def test_bounce_examples(self):
        text = (REFERENCE / "bounces.md").read_text().split("## Examples")[1]
        replies = re.findall(r"^- `([245]\d\d[^`]*)`(?:: `(\w+)`)?", text, re.M)
        self.assertGreaterEqual(len(replies), 10)
        report = ("From: MAILER-DAEMON@mx.example.net\r\nTo: b@example.com\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
                  "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
                  "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
                  "Final-Recipient: rfc822; lina@example.net\r\nAction: failed\r\nDiagnostic-Code: smtp; {}\r\n\r\n--b--\r\n")
        named = [(words, name) for words, name in replies if name and "no such domain" not in words]
        answers = self.explain("bounce", *({"raw": report.format(words)} for words, _ in named))
        for (words, name), answer in zip(named, answers):
            with self.subTest(words):
                self.assertEqual(set(answer), {"class", "status", "token", "suppress"})
                self.assertEqual(answer["class"], name)
                self.assertEqual(answer["suppress"], name == "hard_address")

    def test_segment_examples(self):
        text = (REFERENCE / "segments.md").read_text()
        conditions = [line for block in re.findall(r"```json\n(.*?)```", text, re.S) for line in block.splitlines()]
        whole = [line for line in conditions if '"contact"' in line]
        conditions = [line for line in conditions if '"contact"' not in line]
        self.assertGreaterEqual(len(conditions), 25)
        answers = self.explain("segment", *whole)
        self.assertEqual([answer["matches"] for answer in answers], [True, True, True])
        contact = {"email": "lina@example.net", "country": "DE", "tags": ["vip"], "attributes": {"age": 30}}
        answers = self.explain("segment", *({"where": json.loads(line), "contact": contact} for line in conditions))
        self.assertEqual(self.answer.code, 0, self.answer)
        self.assertTrue(all(isinstance(answer["matches"], bool) and answer["because"] for answer in answers))

    def test_a_malformed_line_answers_an_error_and_the_run_goes_on(self):
        for what, good in (("gate", {"country": "DE"}), ("reply", {"lang": None, "channel": "email", "raw": "STOP"}),
                           ("bounce", {"raw": "x"}), ("segment", {"where": {}, "contact": {}}), ("sms", {"text": "x"})):
            with self.subTest(what):
                answers = self.explain(what, good, "{]", {"nonsense": 1}, good)
                self.assertEqual(len(answers), 4)
                self.assertEqual(set(answers[1]["error"]), {"code", "detail"})
                self.assertIn("error", answers[2])
                self.assertNotIn("error", answers[3])
                self.assertEqual(self.answer.code, 1)

    def test_nothing_on_stdin_is_fine(self):
        for what in ("gate", "reply", "bounce", "segment", "sms"):
            self.assertEqual(self.explain(what), [])
            self.assertEqual(self.answer.code, 0)

    def test_sms_parts(self):
        texts = ["", "a" * 160, "a" * 161, "a" * 152 + "€" + "b" * 8, "naïve", "😀" * 36, "مرحباً بكم في بريد", "{[~]}"]
        answers = self.explain("sms", *({"text": text} for text in texts))
        self.assertEqual(self.answer.code, 0)
        self.assertEqual(answers, [
            {"encoding": "GSM_7BIT", "parts": 1, "units": [0]},
            {"encoding": "GSM_7BIT", "parts": 1, "units": [160]},
            {"encoding": "GSM_7BIT", "parts": 2, "units": [153, 8]},
            {"encoding": "GSM_7BIT", "parts": 2, "units": [152, 10]},
            {"encoding": "UCS2", "parts": 1, "units": [5]},
            {"encoding": "UCS2", "parts": 2, "units": [66, 6]},
            {"encoding": "UCS2", "parts": 1, "units": [18]},
            {"encoding": "GSM_7BIT", "parts": 1, "units": [10]},
        ])
        refused = self.explain("sms", {"text": 5}, {"words": "x"}, {"text": "a" * 39016}, "{")
        self.assertEqual(self.answer.code, 1)
        self.assertEqual([set(answer) for answer in refused], [{"error"}] * 4)
