"""Erasing somebody: no file knows them any more, and no backup brings them back."""

import base64
import shutil

from harness import Case, postgres

LOCAL = "zaynab.alkhatib.1977"
ADDRESS = f"{LOCAL}@people.example"
PHONE = "+9613987654"


def spellings(text):
    """A text as it might lie in a file."""
    for form in {text, text.lower(), text.upper()}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = form.encode(encoding)
            yield raw
            yield raw.hex().encode()
            yield raw.hex().upper().encode()
            # Base64 at each of the three alignments, without the characters that neighbours change.
            for shift in range(3):
                for encode in (base64.b64encode, base64.urlsafe_b64encode):
                    yield encode(b"\0" * shift + raw)[4 if shift else 0 : -4]


class Erasure(Case):
    def setUp(self):
        super().setUp()
        self.server, self.inbox = self.sending()
        rows = ("email,phone,first name,country,consent time,confirmed at\n"
                f"{ADDRESS},{PHONE},Zaynab,EG,2026-03-01T10:00:00Z,2026-03-01T10:05:00Z\n"
                "omar@people.example,,Omar,EG,2026-03-01T10:00:00Z,2026-03-01T10:05:00Z\n")
        self.file_ = self.file("people.csv", rows)
        self.server.import_(self.file_)
        self.server.send(self.server.campaign(self.html()))
        self.inbox.one(ADDRESS)

    def search(self):
        """Where the person's address, local part or number still lies."""
        places = {path: path.read_bytes() for path in self.server.data.rglob("*") if path.is_file()}
        if self.engine == "postgres":
            places["pg_dump"] = postgres.cluster().dump(self.server.database_name)
        wanted = [spelling for text in (ADDRESS, LOCAL, PHONE) for spelling in spellings(text)]
        return [str(name) for name, content in places.items() if any(one in content for one in wanted)]

    def erase(self):
        certificate = self.server("contact", "erase", ADDRESS, "--yes")
        self.assertNotIn(LOCAL, str(certificate))
        return certificate

    def assert_gone(self):
        shown = self.server.run("contact", "show", ADDRESS, "--json")
        self.assertEqual((shown.code, shown.json["error"]["code"]), (2, "not_found"))
        self.assertEqual(self.server("segment", "count", "--where", "{}")["count"], 1)
        again = self.server.import_(self.file_)
        self.assertEqual((again["read"], again["added"]), (2, 0), again)
        self.assertNotEqual(self.server.run("contact", "show", ADDRESS, "--json").code, 0)
        campaign = self.server.campaign(self.html(), subject="After")
        self.assertEqual(self.server.preflight(campaign)["allowed"], 1)
        self.assertEqual(self.server.send(campaign)["sent"], 1)
        self.inbox.one(ADDRESS)
        self.server("ledger", "verify")

    def test_confirmation_is_asked_for(self):
        self.assertEqual(self.server.run("contact", "erase", ADDRESS, "--json").code, 2)
        self.server("contact", "show", ADDRESS)

    def test_no_file_knows_them(self):
        self.assertEqual(self.search(), [], "addresses lie sealed even before")
        certificate = self.erase()
        self.assertTrue(certificate)
        self.assertEqual(self.search(), [])
        self.assert_gone()
        self.server.stop()
        self.assertEqual(self.search(), [])
        self.assertNotIn(LOCAL, self.server.log())

    def test_yesterdays_backup_does_not_bring_them_back(self):
        backup = self.directory / "yesterday"
        self.server("backup", backup)
        self.assertTrue((self.directory / "yesterday.keys").is_file())
        for file in (backup, self.directory / "yesterday.keys"):
            self.assertEqual([text for text in spellings(LOCAL) if text in file.read_bytes()], [])
        self.erase()
        self.server.stop()
        self.server("restore", backup, *self.server.place())
        self.assertEqual(self.search(), [])
        self.server.serve("--smtp-relay", self.inbox.url)
        self.assertEqual(self.search(), [])
        self.assert_gone()

    def test_who_left_since_the_backup_stays_away(self):
        backup = self.directory / "yesterday"
        self.server("backup", backup)
        self.server("contact", "unsubscribe", "omar@people.example")
        self.server.stop()
        self.server("restore", backup, *self.server.place())
        self.server.serve("--smtp-relay", self.inbox.url)
        found = self.server.preflight(self.server.campaign(self.html(), subject="After"))
        self.assertEqual((found["selected"], found["allowed"]), (2, 1), found)
        self.server("ledger", "verify")

    def test_lost_keys_come_from_the_backup(self):
        if self.engine == "postgres":
            return  # the key store is a schema of the same database there: they are lost together
        backup = self.directory / "yesterday"
        self.server("backup", backup)
        self.server.stop()
        fresh = self.directory / "fresh"
        fresh.mkdir(mode=0o700)
        shutil.copy(self.server.data / "master.key", fresh)
        self.server.data = fresh
        self.server("restore", backup, "--keys", self.directory / "yesterday.keys", *self.server.place())
        self.server.serve("--smtp-relay", self.inbox.url)
        self.assertIn(ADDRESS, str(self.server("contact", "show", ADDRESS)))
        self.server("ledger", "verify")
