"""A throw-away PostgreSQL cluster for the whole run, with a fresh database for every data directory."""

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from .machine import free_port

# initdb refuses to run as root; `nobody` owns the cluster then.
UNPRIVILEGED = 65534

# How the processes of one run find its cluster.
SHARED = "BARID_TEST_CLUSTER"

_cluster = None
_databases = 0


def binaries():
    """The newest PostgreSQL's directory of programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Cluster:
    """A running server: one that this process starts, or another one's by its port."""

    def __init__(self, programs, port=None):
        self.programs = programs
        self.process = None
        if port:
            self.port = port
        else:
            self._start(programs)

    def _start(self, programs):
        self.directory = Path(tempfile.mkdtemp(prefix="barid-conformance-pg-"))
        self.port = free_port()
        self.as_user = {"user": UNPRIVILEGED, "group": UNPRIVILEGED} if os.geteuid() == 0 else {}
        if self.as_user:
            os.chown(self.directory, UNPRIVILEGED, UNPRIVILEGED)
        data = self.directory / "data"
        self._run("initdb", "-D", data, "-U", "barid", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.directory,
            "fsync": "off",
            "max_connections": 200,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.log = open(self.directory / "log", "wb")
        self.process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd="/", **self.as_user,
        )
        for _ in range(200):
            if subprocess.run([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL does not start: " + (self.directory / "log").read_text())

    def _run(self, program, *arguments):
        subprocess.run([self.programs / program, *arguments], check=True, capture_output=True, cwd="/", **self.as_user)

    def sql(self, database, text):
        """Runs statements; the answer is psql's unaligned text."""
        command = [self.programs / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "barid", "-XAtq",
                   "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd="/").stdout

    def dump(self, database):
        """Everything the database holds, as bytes."""
        command = [self.programs / "pg_dump", "-h", "127.0.0.1", "-p", str(self.port), "-U", "barid", database]
        return subprocess.run(command, check=True, capture_output=True, cwd="/").stdout

    def fresh(self):
        """A new, empty database: its name and URL."""
        global _databases
        _databases += 1
        name = f"barid_{os.getpid()}_{_databases}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return name, f"postgres://barid@127.0.0.1:{self.port}/{name}"

    def stop(self):
        if self.process is None:
            return
        self.process.send_signal(2)
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def cluster():
    """The run's cluster, started at first use."""
    global _cluster
    if _cluster is None:
        _cluster = Cluster(binaries(), os.environ.get(SHARED))
        atexit.register(stop)
    return _cluster


def share():
    """Starts the cluster now, for the processes that this one starts."""
    os.environ[SHARED] = str(cluster().port)


def stop():
    global _cluster
    if _cluster is not None:
        _cluster.stop()
        _cluster = None
