"""Calendar servers of other people's making, each in a directory of its own, and a web server for feeds."""

import contextlib
import http.server
import subprocess
import sys
import threading
import urllib.error
import urllib.request

from .barid import until
from .machine import free_port

USER = ("host1", "secret")


class Radicale:
    """Radicale (PyPI), with a password."""

    credentials = {"username": USER[0], "password": USER[1]}

    def __init__(self, directory):
        directory.mkdir()
        port = free_port()
        (directory / "users").write_text(":".join(USER) + "\n")
        (directory / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{port}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {directory}/users\nhtpasswd_encryption = plain\ndelay = 0\n"
            f"[storage]\nfilesystem_folder = {directory}/data\n")
        self.url = f"http://127.0.0.1:{port}/"
        self.directory = directory
        self.arguments = [sys.executable, "-m", "radicale", "--config", str(directory / "config")]
        self.start()

    def start(self):
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(lambda: answers(self.url), 30, "the calendar server does not answer")

    def stop(self):
        self.process.kill()
        self.process.wait()

    def forget(self):
        """Loses every sync token, as a server does that was restored from a backup."""
        for token in self.directory.glob("data/collection-root/*/*/.Radicale.cache/sync-token/*"):
            token.unlink()


class Xandikos(Radicale):
    """Xandikos (PyPI), which asks nobody for a password on plain HTTP."""

    def __init__(self, directory):
        directory.mkdir()
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        self.directory = directory
        self.arguments = [sys.executable, "-m", "xandikos", "serve", "-d", str(directory / "data"), "--defaults",
                          "-l", "127.0.0.1", "-p", str(port)]
        self.start()

    def forget(self):
        """Its tokens are names of trees that are kept for ever."""


def answers(url):
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


class Synchroniser:
    """vdirsyncer (PyPI): a calendar server and a directory of files, each made like the other."""

    def __init__(self, directory, server):
        directory.mkdir()
        self.files = directory / "files"
        password = getattr(server, "credentials", {})
        login = "".join(f'{name} = "{value}"\n' for name, value in password.items())
        (directory / "config").write_text(
            f'[general]\nstatus_path = "{directory}/status"\n'
            '[pair both]\na = "server"\nb = "here"\ncollections = ["from a"]\nconflict_resolution = "a wins"\n'
            f'[storage server]\ntype = "caldav"\nurl = "{server.url}"\n{login}'
            f'[storage here]\ntype = "filesystem"\npath = "{self.files}"\nfileext = ".ics"\n')
        self.command = [sys.executable, "-m", "vdirsyncer", "-c", str(directory / "config")]
        self.run("discover", said="y\n" * 20)

    def run(self, word, said=""):
        done = subprocess.run([*self.command, word], input=said, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise AssertionError(f"vdirsyncer {word}: {done.stdout} {done.stderr}")

    def events(self):
        """What the server holds, by file."""
        self.run("sync")
        return {path: path.read_text() for path in sorted(self.files.glob("*/*.ics"))}


class WebFile:
    """One calendar file on the web; `text` may change."""

    def __init__(self, text):
        self.text = text
        file = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = file.text.encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                # Who reads no further than it wants to hangs up.
                with contextlib.suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/feed.ics"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
