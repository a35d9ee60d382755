"""The processes a measurement needs, and what the kernel knows about them."""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OWNER = ("owner@example.com", "correct horse battery staple")
TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """A measurement that could not be made, in words for the reader."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid):
    """User and system time of a process with all of its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid, which):
    """VmRSS (now) or VmHWM (the peak) in megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(which + ":"):
            return int(line.split()[1]) / 1024
    raise Failed(f"the kernel does not tell {which}")


class Machine:
    """Builds, starts and stops what one workload uses."""

    def __init__(self, options, directory):
        self.options = options
        self.directory = directory
        self.processes = []
        self.database = None
        self.stoppers = []

    def cargo(self, *words):
        command = ["cargo", "build", "--profile", self.options.profile, *words]
        if subprocess.run(command, cwd=ROOT).returncode:
            raise Failed(f"{' '.join(command)} failed")
        return self.target() / self.options.profile.replace("dev", "debug")

    @staticmethod
    def target():
        return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))

    def barid(self):
        if self.options.binary:
            return self.options.binary.resolve()
        return self.cargo("-p", "barid-barid") / "barid"

    def example(self, name, package="barid-mail"):
        """One of the programs that measure a limit; beside a given binary it is taken as it is."""
        beside = self.options.binary and self.options.binary.resolve().parent / name
        if beside and beside.exists():
            return beside
        return self.cargo("-p", package, "--example", name) / "examples" / name

    def chat_generator(self):
        """The visitors of a chat; beside a given binary it is taken as it is."""
        beside = self.options.binary and self.options.binary.resolve().parent / "examples" / "chat_load"
        if beside and beside.exists():
            return beside
        if not hasattr(self, "generator"):
            name = "chat_load"
            self.generator = self.cargo("-p", "barid-conversations", "--example", name) / "examples" / name
        return self.generator

    def spawn(self, command, **more):
        process = subprocess.Popen(command, **more)
        self.processes.append(process)
        return process

    def end(self, process):
        """Asks a process to stop and waits for it."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self.processes:
            self.processes.remove(process)

    def stop(self):
        for process in reversed(list(self.processes)):
            self.end(process)
        for stopper in reversed(self.stoppers):
            stopper()

    def sink(self):
        """Postfix's smtp-sink, which takes every message and keeps none."""
        program = shutil.which("smtp-sink", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if not program:
            raise Failed("smtp-sink is not installed; on Debian: apt-get install --no-install-recommends postfix")
        port = free_port()
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        process = self.spawn([program, *user, f"127.0.0.1:{port}", "1000"])
        wait_for(lambda: answers(port), 10, "smtp-sink does not listen")
        return process, port

    def postgres(self):
        """A throw-away cluster; its URL."""
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if not shutil.which("initdb") else []
        bins = found[-1] if found else Path(shutil.which("initdb") or "/nowhere").parent
        if not (bins / "initdb").exists():
            raise Failed("PostgreSQL's binaries are not installed; on Debian: apt-get install postgresql")
        data, port = self.directory / "cluster", free_port()
        data.mkdir()
        as_user = []
        if os.geteuid() == 0:
            # The server refuses to run as root.
            shutil.chown(data, "postgres", "postgres")
            os.chmod(self.directory, 0o755)
            as_user = ["runuser", "-u", "postgres", "--"]
        quiet = {"stdout": subprocess.DEVNULL, "cwd": "/"}
        initdb = [*as_user, str(bins / "initdb"), "-D", str(data), "-U", "barid", "-A", "trust", "-E", "UTF8", "--locale", "C"]
        start = [*as_user, str(bins / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "log"),
                 "-o", f"-p {port} -h 127.0.0.1 -k '' -c shared_buffers=1GB", "start"]
        for command in (initdb, start):
            if subprocess.run(command, **quiet).returncode:
                raise Failed(f"{' '.join(command)} failed")
        stop = [*as_user, str(bins / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
        self.stoppers.append(lambda: subprocess.run(stop, **quiet))
        self.psql = [*as_user, shutil.which("psql") or str(bins / "psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "barid", "-d", "postgres"]
        self.database = f"postgres://barid@127.0.0.1:{port}/postgres"
        return self.database


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, seconds, otherwise):
    """Looks every few milliseconds until the condition holds; the time it took."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise Failed(otherwise)
        time.sleep(0.005)
    return time.monotonic() - begun


class Barid:
    """One installation: its data directory, its server, its command line."""

    def __init__(self, machine, name="data"):
        self.machine = machine
        self.binary = machine.barid()
        self.data = machine.directory / name
        self.log = machine.directory / "server.log"
        self.key = None
        self.process = None

    def run(self, *words, seconds=3600):
        """A command that answers with one JSON document."""
        environment = {**os.environ, "BARID_KEY": self.key or "", "BARID_SERVER": getattr(self, "url", "")}
        done = subprocess.run([self.binary, *words, "--json"], capture_output=True, text=True, timeout=seconds,
                              env={name: value for name, value in environment.items() if value})
        if done.returncode:
            raise Failed(f"barid {' '.join(map(str, words))} failed: {done.stderr.strip()} {done.stdout.strip()}")
        return json.loads(done.stdout)

    def storage(self):
        return ["--database", self.machine.database] if self.machine.database else []

    def init(self):
        made = self.run("init", "--data", self.data, "--workspace", "Bench", "--owner-email", OWNER[0],
                        "--owner-password", OWNER[1], "--postal-address",
                        "1 Example Street, 10115 Berlin", *self.storage())
        self.key = made["api_key"]

    def serve(self, *words, seconds=120):
        """Starts the server; seconds until it is ready."""
        port = free_port()
        self.url = f"{'https' if '--tls-cert' in words else 'http'}://127.0.0.1:{port}"
        command = [self.binary, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}", "--public-url", self.url,
                   "--log", "warn", *self.storage(), *words]
        with open(self.log, "a") as log:
            self.process = self.machine.spawn(command, stdout=log, stderr=log)
        return wait_for(self.ready, seconds, f"the server is not ready: {self.log.read_text()[-2000:]}")

    def ready(self):
        if self.process.poll() is not None:
            raise Failed(f"the server ended: {self.log.read_text()[-2000:]}")
        try:
            # Whether the certificate is right is not asked here.
            any_certificate = ssl._create_unverified_context()
            with urllib.request.urlopen(self.url + "/readyz", timeout=2, context=any_certificate) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        self.machine.end(self.process)

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def memory(self, which):
        return memory_mb(self.process.pid, which)
