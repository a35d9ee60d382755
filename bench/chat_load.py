"""The live chat: memory of idle connections, time from a member to a visitor, everybody coming back at once.

Barid stands beside the libraries `ws` and Socket.IO and nginx's module Nchan, which relay and keep nothing (Nchan the
last message), in the same run, under the same generator (crates/conversations/examples/chat_load.rs), split over processes and loopback addresses."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from machine import ROOT, Barid, Failed, answers, free_port, wait_for
from results import Figure, at_most

HERE = ROOT / "bench" / "chat"
PEERS = {"ws": "ws.mjs", "socket_io": "socket_io.mjs"}
PER_SOURCE = 20
NCHAN_MODULES = [Path("/usr/lib/nginx/modules/ngx_nchan_module.so"), Path("/usr/lib64/nginx/modules/ngx_nchan_module.so")]
KEYS = 32


def pss(pid):
    """The proportional set size of a process, in octets: user space, shared pages by their share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise Failed("the kernel does not tell the proportional set size")


class Generators:
    """Processes of the generator, in step."""

    def __init__(self, machine, program, options, processes):
        share, rest = divmod(options["connections"], processes)
        self.all = []
        source = first = 1
        for number in range(processes):
            count = share + (number < rest)
            if not count:
                continue
            own = {**options, "connections": count, "first_source": source, "first": first, "per_source": PER_SOURCE,
                   "rate": options.get("rate", 0) // processes, "messages": options.get("messages", 0) // processes}
            source += count // PER_SOURCE + 1
            first += count
            self.all.append(machine.spawn([program, json.dumps(own)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))

    def hear(self):
        """One line of each."""
        heard = []
        for one in self.all:
            line = one.stdout.readline()
            if not line:
                raise Failed("the generator ended; see above")
            heard.append(json.loads(line))
        return heard

    def go(self):
        for one in self.all:
            one.stdin.write("\n")
            one.stdin.flush()

    def end(self, machine):
        for one in self.all:
            machine.end(one)


def peer(machine, name):
    """A relay of a library; its process and port."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise Failed("Node and npm are needed for the libraries beside Barid; on Debian: apt-get install nodejs npm")
    if not (HERE / "node_modules").exists() and subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=HERE).returncode:
        raise Failed("npm could not install ws and socket.io")
    port = free_port()
    process = machine.spawn(["node", HERE / PEERS[name], str(port)], stdout=subprocess.PIPE, text=True)
    if process.stdout.readline().strip() != "ready":
        raise Failed(f"{name} does not listen")
    return process, port


class Chat:
    """Barid with a widget and keys that write to visitors."""

    def __init__(self, machine):
        self.barid = Barid(machine)
        self.barid.init()
        self.barid.serve()
        self.pid, self.port = self.barid.process.pid, int(self.barid.url.rsplit(":", 1)[1])
        self.widget = self.ask("/v1/widgets", {"name": "Bench"})["id"]
        self.keys = [self.ask("/v1/keys", {"name": f"bench {n}", "scopes": ["conversations:write"]})["key"] for n in range(KEYS)]

    def ask(self, path, body):
        from workloads import asked
        return asked(self.barid, path, body)[1]

    def options(self):
        return {"peer": "barid", "target": f"127.0.0.1:{self.port}", "widget": self.widget, "keys": self.keys}

    def encrypted(self):
        """The same installation once more, over TLS with a certificate made for this run."""
        place = self.barid.machine.directory
        key, certificate = place / "tls.key", place / "tls.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        self.barid.stop()
        self.barid.serve("--tls-cert", str(certificate), "--tls-key", str(key))
        self.pid, self.port = self.barid.process.pid, int(self.barid.url.rsplit(":", 1)[1])
        return {"certificate": str(certificate)}


NCHAN = """
load_module {module};
daemon off;
master_process off;
pid {place}/nginx.pid;
error_log {place}/nginx.log;
worker_rlimit_nofile 20000;
events {{ worker_connections 20000; }}
http {{
    access_log off;
    client_body_temp_path {place}/nginx-body;
    proxy_temp_path {place}/nginx-proxy;
    fastcgi_temp_path {place}/nginx-fastcgi;
    uwsgi_temp_path {place}/nginx-uwsgi;
    scgi_temp_path {place}/nginx-scgi;
    keepalive_requests 1000000;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location ~ /sub/(\\d+)$ {{ nchan_subscriber websocket; nchan_channel_id $1; nchan_subscriber_first_message newest; }}
        location ~ /pub/(\\d+)$ {{ nchan_publisher http; nchan_channel_id $1; }}
    }}
}}
"""


class Nchan:
    """nginx with the module Nchan, one process."""

    name = "nchan"

    def __init__(self, machine):
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        module = next((path for path in NCHAN_MODULES if path.exists()), None)
        if not program or not module:
            raise Failed("nginx with Nchan is needed beside Barid; on Debian: apt-get install libnginx-mod-nchan")
        self.port = free_port()
        place = machine.directory / "nchan"
        place.mkdir()
        (place / "nginx.conf").write_text(NCHAN.format(module=module, place=place, port=self.port))
        self.process = machine.spawn([program, "-p", place, "-c", place / "nginx.conf"])
        self.pid = self.process.pid
        wait_for(lambda: answers(self.port), 10, "nginx does not listen")

    def options(self):
        return {"peer": self.name, "target": f"127.0.0.1:{self.port}"}


class Relay:
    def __init__(self, machine, name):
        self.process, self.port = peer(machine, name)
        self.pid, self.name = self.process.pid, name

    def options(self):
        return {"peer": self.name, "target": f"127.0.0.1:{self.port}"}


def measured(machine, options, server, wanted):
    """Runs one mode against one server: (octets a connection, seconds to connect, the generator's own figures)."""
    program = machine.chat_generator()
    processes = max(1, min(4, wanted["connections"] // 2500))
    load = Generators(machine, program, {**server.options(), **wanted}, processes)
    load.hear()
    time.sleep(1)
    before = pss(server.pid)
    load.go()
    seconds = max(one["seconds"] for one in load.hear())
    time.sleep(2)
    each = (pss(server.pid) - before) / wanted["connections"]
    load.go()
    figures = load.hear()
    load.end(machine)
    return each, seconds, figures


def chat(machine, options):
    count, rate, seconds = options.connections, options.rate, options.seconds
    servers = {"Barid": lambda: Chat(machine), "ws": lambda: Relay(machine, "ws"), "Socket.IO": lambda: Relay(machine, "socket_io"),
               "Nchan": lambda: Nchan(machine)}
    out = []
    for name, start in servers.items():
        server = start()
        each, took, _ = measured(machine, options, server, {"mode": "idle", "connections": count})
        kilo = each / 1024
        what = f"{name}: memory of one of {count:,} idle connections, no TLS"
        out.append(at_most(what, kilo, 6, "KB") if name == "Barid" else Figure(what, f"{kilo:,.2f} KB"))
        out.append(Figure(f"{name}: connecting them", f"{took:,.1f} s"))
        talkers = min(count, 1000)
        _, _, told = measured(machine, options, server, {"mode": "rate", "connections": talkers, "rate": rate, "seconds": seconds})
        worst = max(one["p99_ms"] for one in told)
        arrived, sent = sum(one["arrived"] for one in told), sum(one["sent"] for one in told)
        if arrived != sent:
            out.append(Figure(f"{name}: messages that did not arrive", str(sent - arrived), "at most 0", False))
        what = f"{name}: from the member to the visitor at {rate} messages/s, 99 of 100"
        out.append(at_most(what, worst, 25, "ms") if name == "Barid" else Figure(what, f"{worst:,.1f} ms"))
        if name == "Barid":
            back = min(count, 10_000)
            _, _, stormed = measured(machine, options, server, {"mode": "storm", "connections": back, "messages": min(back, 1000)})
            out.append(at_most(f"{name}: {back:,} visitors are back after all were cut off", max(one["seconds"] for one in stormed), 30, "s"))
            for what in ("missed", "doubled"):
                out.append(at_most(f"{name}: messages {what} in it", sum(one[what] for one in stormed), 0, f"of {min(back, 1000):,}"))
            sealed = server.encrypted()
            each, took, _ = measured(machine, options, server, {"mode": "idle", "connections": count, **sealed})
            out.append(at_most(f"{name}: memory of one of {count:,} idle connections, TLS and its session", each / 1024, 12, "KB"))
            out.append(Figure(f"{name}: connecting them, TLS", f"{took:,.1f} s"))
            server.barid.stop()
        else:
            machine.end(server.process)
    return out
