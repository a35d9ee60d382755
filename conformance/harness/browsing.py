"""A scenario that walks through the web application with a browser."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from .barid import OWNER
from .case import Case
from .machine import browser, npm_packages

HERE = Path(__file__).resolve().parent.parent


class Browsing(Case):
    engines = ("sqlite",)

    def setUp(self):
        super().setUp()
        if not browser() or not shutil.which("node"):
            self.skipTest("Chromium and Node (Debian: chromium, nodejs)")
        if not npm_packages():
            self.skipTest("npm cannot install conformance/package.json")

    def node(self, script, task, seconds=900):
        """Runs a script of this directory; the JSON documents it printed. The limit is for what hangs, not for what is slow."""
        shots = os.environ.get("BARID_TEST_SCREENSHOTS")
        task = {"browser": browser(), "shots": shots, "email": OWNER[0], "password": OWNER[1], **task}
        done = subprocess.run(["node", HERE / script], input=json.dumps(task), capture_output=True, text=True, cwd=HERE,
                              timeout=seconds)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        return [json.loads(line) for line in done.stdout.splitlines()]
