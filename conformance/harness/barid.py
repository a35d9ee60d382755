"""One Barid: a data directory, the server on it, and the command line against that server."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from . import postgres
from .machine import binary, free_port

POSTAL = "Al Noor Bookshop, 12 Harbour Street, Beirut, Lebanon"
OWNER = ("owner@barid.example", "a long password")


@dataclass
class Answer:
    """What a command or a request answered."""

    code: int
    out: str
    err: str = ""

    @property
    def json(self):
        return json.loads(self.out)


def environment_of(**more):
    """This process's environment without Barid's own variables, and with some of them."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BARID_")}
    return {**clean, **more}


class Barid:
    def __init__(self, directory, engine):
        self.directory = Path(directory)
        self.data = self.directory / "data"
        self.engine = engine
        self.url = None
        self.key = None
        self.process = None
        self.logs = []
        self.database = self.database_name = None
        if engine == "postgres":
            self.database_name, self.database = postgres.cluster().fresh()

    def place(self, data=None):
        """The flags that say where the data are."""
        flags = ["--data", str(data or self.data)]
        return flags + ["--database", self.database] if self.database else flags

    def run(self, *arguments, stdin=None, env=None, timeout=240):
        """Runs the binary; never raises for its exit code."""
        variables = environment_of(**(env or {}))
        if self.url:
            variables |= {"BARID_SERVER": self.url, "BARID_KEY": self.key or ""}
        done = subprocess.run(
            [binary(), *map(str, arguments)], input=stdin, capture_output=True, text=True, env=variables,
            cwd=self.directory, timeout=timeout,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def __call__(self, *arguments, **options):
        """Runs a command that must succeed, and gives its JSON document."""
        answer = self.run(*arguments, "--json", **options)
        if answer.code != 0:
            raise AssertionError(f"barid {' '.join(map(str, arguments))}: exit {answer.code}\n{answer.out}{answer.err}")
        return answer.json

    def init(self, language="en", postal=POSTAL):
        made = self("init", *self.place(), "--workspace", "Al Noor", "--owner-email", OWNER[0],
                    "--owner-password", OWNER[1], "--postal-address", postal, "--language", language)
        self.workspace, self.key = made["workspace"], made["api_key"]
        return made

    def serve(self, *flags, data=None, wait=True, env=None):
        """Starts the server and waits until it is ready."""
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        log = self.directory / f"server-{len(self.logs)}.log"
        self.logs.append(log)
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [binary(), "serve", *self.place(data), "--listen", f"127.0.0.1:{port}", *map(str, flags)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment_of(**(env or {})), cwd=self.directory,
            )
        if wait:
            self.until_ready()
        return self

    def until_ready(self, seconds=60):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}: {self.log()}")
            try:
                return self.http("GET", "/readyz").code == 200
            except OSError:
                return False

        until(ready, seconds, "the server is not ready")

    def log(self):
        return "".join(path.read_text(errors="replace") for path in self.logs)

    def stop(self):
        """Stops the server as a service manager would."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("the server did not end within 30 s of SIGTERM") from None

    def kill(self):
        """kill -9."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def http(self, method, path, body=None, headers=None, key=False):
        """One request; redirects are not followed, error statuses are answers."""
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if key:
            headers["Authorization"] = f"Bearer {self.key}"
        url = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(url, body.encode() if isinstance(body, str) else body, headers, method=method)
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.read().decode(errors="replace"))
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.read().decode(), str(refused.headers))

    # The steps nearly every scenario takes.

    def assessment(self, name="Prospects"):
        """Records and approves a legitimate interests assessment; its id."""
        draft = self.http("POST", "/v1/privacy/assessments", {
            "name": name, "purpose": "marketing", "necessity": "They cannot know of us otherwise",
            "balancing": "Business addresses and one letter", "safeguards": "Notice and opt-out in every letter",
            "data": ["business e-mail"]}, key=True).json
        approve = f"/v1/privacy/assessments/{draft['id']}/approve"
        return self.http("POST", approve, {"version": draft["version"]}, key=True).json["id"]

    def import_(self, path, *flags, topic="News", basis="consent", **options):
        return self("import", path, "--topic", topic, "--basis", basis, "--source", "sign-up form",
                    "--collected-on", "2026-03-01", "--wait", *flags, **options)

    def campaign(self, content, *flags, sender="Al Noor <news@sender.example>", subject="News", topic="News"):
        """Makes a draft from a file and gives its id."""
        kind = "--mjml" if str(content).endswith(".mjml") else "--html"
        return self("campaign", "create", "--name", "A campaign", "--from", sender, "--subject", subject, kind, content,
                    "--topic", topic, *flags)["id"]

    def send(self, campaign, *flags):
        return self("campaign", "send", campaign, "--wait", *flags)

    def preflight(self, campaign):
        return self("campaign", "preflight", campaign)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def until(condition, seconds, otherwise):
    """Waits for something that another process does."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(otherwise() if callable(otherwise) else otherwise)
        time.sleep(0.05)
