"""Nobody is contacted whom the operator did not name: no telemetry, no look for updates, nothing.

The server runs in a network namespace of its own that has a loopback interface and no way out. The kernel counts
every packet that somebody wanted to send elsewhere (OutNoRoutes), so an attempt shows although it fails."""

import shutil
import subprocess
import sys
import time
import unittest
from pathlib import Path

from harness import Case
from harness.machine import binary, free_port

LONELY = 'ip link set lo up && exec "$@"'
KNOCK = """
import socket
for family, there in ((socket.AF_INET, "198.51.100.1"), (socket.AF_INET6, "2001:db8::1")):
    try:
        socket.socket(family, socket.SOCK_DGRAM).connect((there, 53))
    except OSError:
        pass
"""


def alone(*command):
    return ["unshare", "--map-root-user", "--net", "sh", "-c", LONELY, "sh", *map(str, command)]


def possible():
    """Whether this machine makes such a namespace."""
    if not all(map(shutil.which, ("unshare", "nsenter", "ip"))):
        return False
    return subprocess.run(alone("true"), capture_output=True).returncode == 0


def attempts(process):
    """How many packets a process's namespace wanted to send elsewhere."""
    net = Path("/proc", str(process.pid), "net")
    names, numbers = [line.split() for line in (net / "snmp").read_text().splitlines() if line.startswith("Ip:")]
    six = [line.split() for line in (net / "snmp6").read_text().splitlines()] if (net / "snmp6").exists() else []
    return int(dict(zip(names, numbers))["OutNoRoutes"]) + sum(int(n) for name, n in six if name == "Ip6OutNoRoutes")


class Egress(Case):
    # A database server would be out of reach, too.
    engines = ("sqlite",)

    @unittest.skipUnless(possible(), "network namespaces (Debian: util-linux, iproute2)")
    def test_a_server_contacts_nobody_that_was_not_named(self):
        server = self.barid()
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        serve = alone(binary(), "serve", *server.place(), "--listen", f"127.0.0.1:{port}")
        with open(server.directory / "alone.log", "wb") as log:
            process = subprocess.Popen(serve, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=server.directory)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

        def inside(*command):
            entered = ["nsenter", "--target", str(process.pid), "--user", "--net", "--preserve-credentials"]
            return subprocess.run([*entered, *map(str, command)], capture_output=True, text=True, timeout=120)

        def barid(*command):
            answer = inside(binary(), *command, "--server", url, "--key", server.key)
            self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)

        for _ in range(600):
            if inside(binary(), "api", "GET", "/v1/meta", "--server", url, "--key", server.key).returncode == 0:
                break
            self.assertIsNone(process.poll(), (server.directory / "alone.log").read_text())
            time.sleep(0.1)
        file = self.file("people.csv", "email\nlina@people.example\nomar@people.example\n")
        barid("import", file, "--topic", "News", "--basis", "consent", "--source", "fair", "--collected-on", "2026-01-01",
              "--wait")
        barid("contact", "unsubscribe", "lina@people.example")
        barid("contact", "erase", "omar@people.example", "--yes")
        for path in ("/v1/privacy/activities", "/v1/privacy/assurance", "/v1/privacy/retention", "/v1/openapi.json"):
            barid("api", "GET", path)
        self.assertEqual(attempts(process), 0, (server.directory / "alone.log").read_text())

        inside(sys.executable, "-c", KNOCK)
        self.assertGreater(attempts(process), 0, "an attempt would have been seen")
