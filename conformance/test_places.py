"""Where Barid lives: a second server, a wrong key, a full disk, a port that is taken."""

import os
import socket
import subprocess
import unittest

from harness import Case
from harness.machine import free_port


class Places(Case):
    def refused(self, *arguments, codes=(1, 2), env=None):
        """The command ends soon, without a panic, and says why."""
        answer = self.servers[0].run(*arguments, timeout=60, env=env)
        self.assertIn(answer.code, codes, answer)
        self.assertNotIn("panicked", answer.err)
        return answer.err

    def test_a_second_server_on_the_same_data_is_refused(self):
        server = self.barid().serve()
        said = self.refused("serve", *server.place(), "--listen", f"127.0.0.1:{free_port()}")
        self.assertIn(str(server.data), said)
        self.assertEqual(server.http("GET", "/readyz").code, 200)
        self.refused("restore", self.file("x", "x"), *server.place())
        self.refused("migrate", *server.place())
        self.assertEqual(server.http("GET", "/readyz").code, 200)

    def test_a_taken_port_is_named(self):
        server = self.barid().serve()
        port = server.url.rpartition(":")[2]
        server.stop()
        with socket.create_server(("127.0.0.1", int(port))):
            said = self.refused("serve", *server.place(), "--listen", f"127.0.0.1:{port}")
        self.assertIn(port, said)

    def test_a_wrong_master_key_is_refused_and_changes_nothing(self):
        server = self.barid().serve()
        server.import_(self.people("lina"))
        server.stop()
        right = (server.data / "master.key").read_text()
        wrong = self.file("wrong.key", "0" * 63 + "1\n")
        os.chmod(wrong, 0o600)
        said = self.refused("serve", *server.place(), "--listen", f"127.0.0.1:{free_port()}", "--master-key-file", wrong)
        self.assertIn("key", said.lower())
        self.refused("serve", *server.place(), "--listen", f"127.0.0.1:{free_port()}", env={"BARID_MASTER_KEY": "f" * 64})
        self.assertEqual((server.data / "master.key").read_text(), right)
        server.serve()
        self.assertIn("lina@people.example", str(server("contact", "show", "lina@people.example")))

    def test_doctor_sees_a_readable_master_key(self):
        server = self.barid()
        self.assertEqual(server.run("doctor", *server.place()).code, 0)
        os.chmod(server.data / "master.key", 0o644)
        answer = server.run("doctor", *server.place(), "--json")
        self.assertEqual((answer.code, answer.json["ok"]), (1, False))
        failed = [check["place"] for check in answer.json["checks"] if check["verdict"] == "fail"]
        self.assertEqual(failed, [str(server.data / "master.key")])

    def test_init_again_leaves_the_first_workspace_alone(self):
        server = self.barid()
        server.run("init", *server.place(), "--workspace", "Again", "--owner-email", "a@barid.example",
                   "--owner-password", "a long password")
        server.serve()
        self.assertEqual(server.http("GET", "/v1/workspace", key=True).json["name"], "Al Noor")

    def test_an_unknown_key_in_the_configuration_is_refused(self):
        server = self.barid()
        config = self.file("barid.toml", 'listne = "127.0.0.1:1"\n')
        self.assertIn("listne", self.refused("serve", *server.place(), "--config", config, codes=(2,)))

    @unittest.skipUnless(os.geteuid() == 0, "a full disk is made with mount, which needs root")
    def test_a_full_disk_loses_nothing(self):
        if self.engine == "postgres":
            return  # the data lie in PostgreSQL, not on the small disk
        disk = self.directory / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", disk], capture_output=True)
        if mounted.returncode:
            self.skipTest("mount is not allowed here")
        self.addCleanup(subprocess.run, ["umount", "-l", disk])
        server = self.barid(init=False)
        server.data = disk / "data"
        server.init()
        server.serve()
        server.import_(self.people("lina"))
        filler = disk / "filler"
        subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4096"], capture_output=True)
        many = self.people(*(f"p{number}" for number in range(3000)), name="many.csv")
        answer = server.run("import", many, "--topic", "News", "--basis", "consent", "--source", "form",
                            "--collected-on", "2026-03-01", "--wait", "--json", timeout=120)
        self.assertNotEqual(answer.code, 0, answer)
        self.assertIn("disk", (answer.out + answer.err).lower())
        self.assertIn("lina", str(server("contact", "show", "lina@people.example")))
        os.truncate(filler, 0)
        server.import_(self.people("omar", name="one.csv"))
        server("contact", "show", "omar@people.example")
        server("ledger", "verify")
        server.stop()
        server.serve()
        server("contact", "show", "omar@people.example")
        server("ledger", "verify")
