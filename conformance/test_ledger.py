"""The ledger: exported, signed, verified, and never silently changed."""

import json
import sqlite3

from harness import Case, postgres


class Ledger(Case):
    def setUp(self):
        super().setUp()
        self.server = self.barid().serve()
        self.server.import_(self.people("a", "b", "c", "d", "e"))
        for local in "abc":
            self.server("contact", "unsubscribe", f"{local}@people.example")
        self.export = self.file("ledger.jsonl", self.server.run("ledger", "export").out)
        self.checkpoint = self.file("checkpoint.json", json.dumps(self.server("ledger", "checkpoint")))

    def verify(self, *arguments):
        return self.server.run("ledger", "verify", *arguments)

    def test_verifies_online_and_offline(self):
        self.assertEqual(self.verify().code, 0)
        self.assertEqual(self.verify(self.export, "--checkpoint", self.checkpoint).code, 0)
        self.server.stop()
        self.server.url = None
        self.assertEqual(self.verify(self.export).code, 0)

    def test_an_export_holds_nobody_in_clear(self):
        text = self.export.read_text()
        self.assertGreaterEqual(len(text.splitlines()), 4)
        self.assertNotIn("people.example", text)

    def test_every_line_of_an_export_is_guarded(self):
        lines = self.export.read_text().splitlines()
        for index, line in enumerate(lines):
            record = json.loads(line)
            if "seq" not in record:
                continue
            middle = len(line) // 2
            while not line[middle].isdigit():
                middle += 1
            changed = line[:middle] + str((int(line[middle]) + 1) % 10) + line[middle + 1 :]
            path = self.file("changed.jsonl", "\n".join([*lines[:index], changed, *lines[index + 1 :]]) + "\n")
            answer = self.verify(path)
            self.assertEqual(answer.code, 1, (line, answer))
            self.assertIn(str(record["seq"]), answer.out + answer.err)

    def test_a_missing_or_moved_line_is_noticed(self):
        lines = self.export.read_text().splitlines(keepends=True)
        for name, changed in (("missing", lines[:2] + lines[3:]), ("moved", [*lines[:2], lines[3], lines[2], *lines[4:]]),
                              ("doubled", [*lines[:3], lines[2], *lines[3:]]), ("garbage", [*lines[:2], "{]\n", *lines[2:]])):
            with self.subTest(name):
                self.assertEqual(self.verify(self.file("changed.jsonl", "".join(changed))).code, 1)

    def test_a_cut_off_end_is_noticed_with_a_checkpoint(self):
        lines = self.export.read_text().splitlines(keepends=True)
        cut = self.file("cut.jsonl", "".join(lines[:-1]))
        self.assertEqual(self.verify(cut, "--checkpoint", self.checkpoint).code, 1)

    def test_a_forged_checkpoint_is_noticed(self):
        signed = json.loads(self.checkpoint.read_text())
        for name, value in signed.items():
            if isinstance(value, int):
                forged = self.file("forged.json", json.dumps({**signed, name: value - 1}))
                self.assertNotEqual(self.verify(self.export, "--checkpoint", forged).code, 0, name)

    def flip(self, table, column, order):
        """Flips one bit behind Barid's back, in the last row by ORDER; gives the row's seq."""
        if self.engine == "postgres":
            def sql(text):
                return postgres.cluster().sql(self.server.database_name, text).strip()

            seq = sql(f"SELECT seq FROM {table} ORDER BY {order} LIMIT 1")
            sql(f"UPDATE {table} SET {column} = set_byte({column}, 3, get_byte({column}, 3) # 1) "
                f"WHERE ({order.replace(' DESC', '')}) = (SELECT {order.replace(' DESC', '')} FROM {table} ORDER BY {order} LIMIT 1)")
            return int(seq)
        db = sqlite3.connect(self.server.data / "barid.db")
        try:
            found = db.execute(f"SELECT seq, {column} FROM {table} ORDER BY {order} LIMIT 1").fetchone()
            changed = bytearray(found[1])
            changed[3] ^= 1
            done = db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (bytes(changed), found[1]))
            self.assertEqual(done.rowcount, 1)
            db.commit()
            return found[0]
        finally:
            db.close()

    def test_one_changed_bit_in_the_database_is_named(self):
        event, record = ("seq, ordinal DESC", "seq")
        for table, column, order in (
            ("ledger_event", "body", event), ("ledger_event", "sealed", event), ("ledger_event", "subject", event),
            ("ledger_record", "root", record), ("ledger_record", "hash", record), ("ledger_record", "prev_hash", record),
        ):
            if column == "subject" and self.engine == "postgres":
                continue  # a uuid there, which has no single bytes
            with self.subTest(f"{table}.{column}"):
                self.server.stop()
                seq = self.flip(table, column, order)
                self.server.serve()
                answer = self.verify()
                self.assertEqual(answer.code, 1, answer)
                self.assertRegex(answer.out + answer.err, rf"\b{seq}\b")
                self.server.stop()
                self.flip(table, column, order)
                self.server.serve()
                self.assertEqual(self.verify().code, 0)

    def test_a_bad_export_of_a_changed_database_does_not_verify(self):
        self.server.stop()
        seq = self.flip("ledger_event", "body", "seq, ordinal DESC")
        self.server.serve()
        exported = self.file("changed.jsonl", self.server.run("ledger", "export").out)
        answer = self.verify(exported)
        self.assertEqual(answer.code, 1, answer)
        self.assertRegex(answer.out + answer.err, rf"\b{seq}\b")
