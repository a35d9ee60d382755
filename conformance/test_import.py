"""Importing people: encodings, rejects, minimisation, repetition."""

import csv

from harness import Case

HEAD = "email,first name,country,consent time,confirmed at\n"
WHEN = "2026-03-01T10:00:00Z,2026-03-01T10:05:00Z"


class Import(Case):
    def setUp(self):
        super().setUp()
        self.server = self.barid().serve()

    def counts(self, answer):
        return [answer[name] for name in ("read", "added", "updated", "unchanged", "rejected")]

    def test_summary_has_the_documented_members(self):
        answer = self.server.import_(self.file("a.csv", HEAD + f"lina@people.example,Lina,DE,{WHEN}\n"))
        documented = {"read", "added", "updated", "unchanged", "rejected", "rejects", "encoding", "mapped", "dropped"}
        self.assertLessEqual(documented, set(answer))
        self.assertEqual(self.counts(answer), [1, 1, 0, 0, 0])
        self.assertIsNone(answer["rejects"])
        self.assertEqual(answer["mapped"]["first name"], "first name")
        self.assertEqual(answer["dropped"], [])

    def test_encodings_are_detected(self):
        text = HEAD + "{}@people.example,زينب العبد الله,EG," + WHEN + "\n"
        for encoding, known in (("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-16-be", "utf-16"),
                                ("cp1256", "windows-1256")):
            with self.subTest(encoding):
                local = encoding.replace("-", "")
                content = text.format(local).encode(encoding)
                if encoding == "utf-16-be":
                    content = b"\xfe\xff" + content
                answer = self.server.import_(self.file("a.csv", content))
                self.assertEqual(self.counts(answer), [1, 1, 0, 0, 0])
                self.assertIn(known, answer["encoding"].lower())
                shown = self.server("contact", "show", f"{local}@people.example")
                self.assertIn("زينب العبد الله", str(shown))

    def test_tabs_and_arabic_headers(self):
        content = f"البريد الإلكتروني\tالاسم الأول\tالبلد\nzaynab@people.example\tزينب\tEG\n"
        answer = self.server.import_(self.file("a.tsv", content))
        self.assertEqual(self.counts(answer), [1, 1, 0, 0, 0])
        self.assertEqual(sorted(answer["mapped"].values()), ["country", "email", "first name"])

    def test_bad_rows_are_written_to_the_rejects_file(self):
        content = HEAD + "".join([
            f"good@people.example,A,EG,{WHEN}\n",
            f'"two\nlines@",B,EG,{WHEN}\n',
            f"no-address,C,EG,{WHEN}\n",
            f",D,EG,{WHEN}\n",
            f"late@people.example,E,Atlantis,{WHEN}\n",
        ])
        answer = self.server.import_(self.file("a.csv", content))
        self.assertEqual([answer["read"], answer["added"], answer["rejected"]], [5, 2, 3])
        with open(answer["rejects"], newline="", encoding="utf-8-sig") as file:
            rejects = list(csv.DictReader(file))
        self.assertEqual([row["line"] for row in rejects], ["3", "5", "6"])
        self.assertTrue(all(row["reason"] for row in rejects))
        self.assertEqual(list(rejects[0]), ["line", "reason", "value"])

    def test_a_bad_optional_value_is_dropped_with_a_warning(self):
        answer = self.server.import_(self.file("a.csv", HEAD + f"lina@people.example,Lina,Atlantis,{WHEN}\n"))
        self.assertEqual(self.counts(answer), [1, 1, 0, 0, 0])
        self.assertTrue(answer["warnings"])

    def test_unknown_columns_are_dropped_unless_named(self):
        content = "email,shoe size,income\nlina@people.example,38,90000\n"
        answer = self.server.import_(self.file("a.csv", content), "--attribute", "shoe size")
        self.assertEqual(answer["dropped"], ["income"])
        shown = str(self.server("contact", "show", "lina@people.example"))
        self.assertIn("38", shown)
        self.assertNotIn("90000", shown)

    def test_duplicate_headers_are_refused(self):
        path = self.file("a.csv", "email,country,Country\nlina@people.example,DE,FR\n")
        answer = self.server.run("import", path, "--topic", "News", "--basis", "consent", "--source", "form",
                                 "--collected-on", "2026-03-01", "--wait", "--json")
        self.assertEqual(answer.code, 2, answer)
        self.assertIn("country", (answer.out + answer.err).lower())

    def test_dry_run_changes_nothing(self):
        path = self.file("a.csv", HEAD + f"lina@people.example,Lina,DE,{WHEN}\nbad,B,DE,{WHEN}\n")
        answer = self.server.import_(path, "--dry-run")
        self.assertEqual([answer["read"], answer["added"], answer["rejected"]], [2, 1, 1])
        self.assertNotEqual(self.server.run("contact", "show", "lina@people.example", "--json").code, 0)

    def test_the_same_file_again_changes_nothing(self):
        path = self.file("a.csv", HEAD + f"lina@people.example,Lina,DE,{WHEN}\n")
        self.server.import_(path)
        self.assertEqual(self.counts(self.server.import_(path)), [1, 0, 0, 1, 0])
        path = self.file("b.csv", HEAD + f"LINA@people.example,Lina Maria,DE,{WHEN}\n")
        self.assertEqual(self.counts(self.server.import_(path)), [1, 0, 1, 0, 0])

    def test_people_with_a_telephone_alone_are_people(self):
        answer = self.server.import_(self.file("a.csv", "phone,first name\n+961 3 123 456,Lina\n"))
        self.assertEqual(self.counts(answer), [1, 1, 0, 0, 0])
        counted = self.server("segment", "count", "--where", '{"field":"phone","op":"is","value":"+9613123456"}')
        self.assertEqual(counted["count"], 1)

    def test_a_basis_lists_what_it_lacks(self):
        path = self.file("a.csv", "email,country\nlina@people.example,DE\n")
        for basis, lacking in (("consent_doi", "confirmed at"), ("soft_opt_in", "sale"), ("legitimate_interest", "assessment")):
            with self.subTest(basis):
                answer = self.server.run("import", path, "--topic", "News", "--basis", basis, "--source", "form",
                                         "--collected-on", "2026-03-01", "--wait", "--json")
                self.assertEqual(answer.code, 2, answer)
                self.assertIn(lacking, (answer.out + answer.err).lower())

    def test_hostile_files_are_refused_or_rejected_row_by_row(self):
        for name, content, codes in (
            ("empty", b"", (2,)),
            ("header alone", b"email\n", (0,)),
            ("no identifier column", b"shoe size\n38\n", (2,)),
            ("invalid UTF-8", b"email,first name\nlina@people.example,\xff\xfe\xfa\n", (0, 2)),
            ("binary", bytes(range(256)) * 40, (2,)),
            ("an open quote", b'email,first name\nlina@people.example,"Lina\n', (0, 2)),
            ("a huge cell", b"email,first name\nlina@people.example," + b"x" * 30_000_000 + b"\nok@people.example,Ok\n", (0, 2)),
        ):
            with self.subTest(name):
                answer = self.server.run("import", self.file("a.csv", content), "--topic", "News", "--basis", "consent",
                                         "--source", "form", "--collected-on", "2026-03-01", "--wait", "--json")
                self.assertIn(answer.code, codes, answer)
                if answer.code:
                    self.assertTrue(answer.out + answer.err)
        self.assertEqual(self.server.http("GET", "/readyz").code, 200)
