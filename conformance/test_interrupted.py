"""kill -9 in the middle of a large import, and on with it: every row once, and nobody back who had left."""

import json

from harness import Case
from harness.barid import until
from harness.case import PEOPLE

ROWS = {"sqlite": 50_000, "postgres": 20_000}


class Interrupted(Case):
    def test_a_killed_import_goes_on_where_it_was(self):
        rows = ROWS[self.engine]
        server, inbox = self.sending()
        server.import_(self.people("p7", "p8", "p9", name="before.csv"))
        server("contact", "unsubscribe", f"p7@{PEOPLE}")
        server("contact", "erase", f"p8@{PEOPLE}", "--yes")
        everybody = self.people(*(f"p{number}" for number in range(rows)))
        started = server("import", everybody, "--topic", "News", "--basis", "consent", "--source", "sign-up form",
                         "--collected-on", "2026-03-01")
        read = []

        def progress():
            answer = server.http("GET", f"/v1/imports/{started['id']}", key=True)
            read.append(answer.json)
            return answer.json

        until(lambda: 0 < self.rows(progress()), 60, lambda: f"it does not begin: {read[-1:]}")
        server.kill()
        self.assertLess(self.rows(read[-1]), rows, "it was over before the kill: the test proves nothing")
        server.serve("--smtp-relay", inbox.url)
        answer = server("import", "--resume", started["id"], "--wait")
        # One was erased for good and is rejected; three were there before.
        said = [answer[name] for name in ("read", "rejected", "added", "updated", "unchanged")]
        self.assertEqual(said, [rows, 1, rows - 3, 0, 2], answer)
        self.assertEqual(self.count(server, {}), rows - 1)
        for number in (0, 9, 777, rows - 1):
            where = {"field": "email", "op": "is", "value": f"p{number}@{PEOPLE}"}
            self.assertEqual(self.count(server, where), 1, where)
        gone = server.run("contact", "show", f"p8@{PEOPLE}", "--json")
        self.assertNotEqual(gone.code, 0, "the erased one is back")
        ready = server.preflight(server.campaign(self.html()))
        self.assertEqual(ready["allowed"], rows - 2, ready)
        server("ledger", "verify")

    @staticmethod
    def rows(answer):
        return answer.get("read") or (answer.get("counts") or {}).get("read") or 0

    @staticmethod
    def count(server, where):
        """How many match; the audience index is rebuilt after a start, and says so until it is done."""
        asked = []

        def answered():
            asked.append(server.run("segment", "count", "--where", json.dumps(where), "--json"))
            return asked[-1].code == 0 or "index_building" not in asked[-1].out

        until(answered, 90, "the audience index is not rebuilt")
        return asked[-1].json["count"]
