"""What an operator does beside the server: opening a workspace in an emergency, checking a certificate."""

import json

from harness import Case


class Operator(Case):
    def test_access_needs_a_reason_and_ends_and_is_kept(self):
        server = self.barid().serve()
        refused = server.run("access", server.workspace, "--reason", "help", *server.place(), "--json")
        self.assertEqual(refused.code, 2, refused)
        self.assertEqual(server.run("access", "ws_nobody", "--reason", "the owner is locked out", *server.place()).code, 2)
        opened = server("access", server.workspace, "--reason", "the owner is locked out", "--minutes", "15", *server.place())
        self.assertEqual(opened["owners_told"], 1)
        mine, server.key = server.key, opened["key"]
        self.assertEqual(server.run("api", "GET", "/v1/contacts").code, 0)
        self.assertEqual(server.run("api", "POST", "/v1/tags", "--input", self.file("tag.json", '{"name":"x"}')).code, 1)
        server.key = mine
        trail = server("api", "GET", "/v1/audit")["items"]
        kept = [entry["detail"]["reason"] for entry in trail if entry["action"] == "workspace.emergency_access"]
        self.assertEqual(kept, ["the owner is locked out"])
        used = server("api", "GET", f"/v1/api-calls?actor={opened['key_id']}")["items"]
        self.assertEqual([call["status"] for call in used], [403, 200])

    def test_a_certificate_is_verified_from_its_file_alone(self):
        server = self.barid().serve()
        server.import_(self.people("lina"))
        certificate = server("contact", "erase", "lina@people.example", "--yes")
        checkpoint = self.file("checkpoint.json", json.dumps(server("ledger", "checkpoint")))
        server.stop()
        file = self.file("certificate.json", json.dumps(certificate, indent=1, sort_keys=True))
        checked = server("erasure", "verify", file, "--key", checkpoint)
        self.assertEqual((checked["ok"], checked["key_checked"], checked["version"]), (True, True, 2))
        self.assertEqual(server.run("erasure", "verify", file, "--key", "0" * 64).code, 1)
        certificate["suppressed"] += 1
        forged = self.file("forged.json", json.dumps(certificate))
        answer = server.run("erasure", "verify", forged, "--json")
        self.assertEqual((answer.code, answer.json["ok"]), (1, False))
        self.assertEqual(server.run("erasure", "verify", self.file("none.json", "{}")).code, 2)
