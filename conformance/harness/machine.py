"""What this machine has: the binary under test and the Python packages."""

import functools
import importlib.util
import os
import random
import shutil
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"aiosmtpd": "aiosmtpd (PyPI)", "dkim": "dkimpy (PyPI)", "nacl": "pynacl (PyPI)",
            "dns": "dnspython (PyPI, comes with dkimpy)", "radicale": "radicale (PyPI)", "xandikos": "xandikos (PyPI)",
            "caldav": "caldav (PyPI)", "vdirsyncer": "vdirsyncer (PyPI)", "recurring_ical_events": "recurring-ical-events (PyPI)"}
OPENSSL = "openssl (Debian: openssl)"
NEEDED = [*PACKAGES.values(), OPENSSL, "target/debug/barid (cargo build)"]


@functools.cache
def binary():
    """The binary under test, or None when nothing was built."""
    if named := os.environ.get("BARID_BIN"):
        return Path(named).resolve()
    built = [ROOT / "target" / profile / "barid" for profile in ("release", "debug")]
    built = [path for path in built if path.is_file()]
    return max(built, key=lambda path: path.stat().st_mtime, default=None)


def missing():
    """What the tests need and this machine lacks, in words."""
    lacking = [words for module, words in PACKAGES.items() if importlib.util.find_spec(module) is None]
    lacking += [] if shutil.which("openssl") else [OPENSSL]
    return lacking if binary() else [*lacking, "target/debug/barid (cargo build)"]


@functools.cache
def _given():
    return set()


def free_port():
    """A loopback port nobody listens on, below those that the system gives to whoever connects meanwhile."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _given():
            _given().add(port)
            return port


def browser():
    """Chromium, or None."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


@functools.cache
def npm_packages():
    """Whether what package.json names is installed; installs it when it is not."""
    here = ROOT / "conformance"
    if all((here / "node_modules" / name).is_dir() for name in ("playwright-core", "smpp")):
        return True
    if not shutil.which("npm"):
        return False
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    return subprocess.run(install, cwd=here, capture_output=True).returncode == 0
