"""What this machine has: the binary under test and the Python packages."""

import functools
import importlib.util
import os
import socket
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"aiosmtpd": "aiosmtpd (PyPI)", "dkim": "dkimpy (PyPI)", "nacl": "pynacl (PyPI)"}
NEEDED = [*PACKAGES.values(), "target/debug/barid (cargo build)"]


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
    return lacking if binary() else [*lacking, "target/debug/barid (cargo build)"]


def free_port():
    """A loopback port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
