"""SMS: accepted over HTTP, sent to a centre of the npm package `smpp`, and followed until their receipts are in; beside it
the bare client of the same library against the same centre. Then the same with a centre of the crate `smpp34`."""

import json
import shutil
import sqlite3
import subprocess
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

from machine import Barid, Failed, cpu_seconds
from results import Figure, at_least, at_most

HERE = Path(__file__).resolve().parent / "sms"
NUMBER = "966112345678"
WINDOW = 100
PRICE = 40_000


def libraries():
    if not shutil.which("node") or not shutil.which("npm"):
        raise Failed("Node and npm are needed for the centre; on Debian: apt-get install nodejs npm")
    install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"]
    if not (HERE / "node_modules").exists() and subprocess.run(install, cwd=HERE).returncode:
        raise Failed("npm could not install smpp")


def centre34():
    """The second centre, which is built beside the project: nothing of it belongs to Barid."""
    if subprocess.run(["cargo", "build", "--quiet", "--release", "--manifest-path", HERE / "centre34" / "Cargo.toml"]).returncode:
        raise Failed("the centre of smpp34 does not build")
    return [HERE / "centre34" / "target" / "release" / "centre34"]


class Centre:
    def __init__(self, machine, command):
        self.process = machine.spawn(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]

    def seen(self):
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def ask(barid, method, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    headers = {"authorization": f"Bearer {barid.key}", "content-type": "application/json"}
    request = urllib.request.Request(barid.url + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def node(script, *words):
    done = subprocess.run(["node", HERE / script, *map(str, words)], capture_output=True, text=True, timeout=3600)
    if done.returncode:
        raise Failed(f"{script}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def accepted(barid, key, first, **more):
    given = {"url": barid.url, "key": key, "parallel": 64, "first": first, "trial": False, **more}
    told = node("accept.mjs", json.dumps(given))
    if told["refused"]:
        raise Failed(f"requests were not answered with 201: {told['refused']}")
    return told


def states(barid):
    """How many messages stand where; 2 is sent, 3 delivered."""
    with sqlite3.connect(f"file:{barid.data / 'barid.db'}?mode=ro", uri=True) as store:
        return dict(store.execute("SELECT state, count(*) FROM sms_message WHERE trial = 0 GROUP BY state"))


def prepared(machine, name, people):
    """A serving Barid with a key to it, whose thousand people are there before anything is measured."""
    barid = Barid(machine, name)
    barid.init()
    barid.serve()
    ask(barid, "PUT", "/v1/messages/settings", {"countries": ["SA"], "parts": 10, "parts_a_day": None,
                                                "parts_a_day_by_country": None, "parts_a_day_by_block": None})
    ask(barid, "POST", "/v1/originators", {"value": f"+{NUMBER}"})
    ask(barid, "PUT", "/v1/prices", {"items": [{"service": "sms", "country": "SA", "amount_micros": PRICE}]})
    key = ask(barid, "POST", "/v1/keys", {"name": "bench", "scopes": ["messages:send"]})["key"]
    accepted(barid, key, 0, count=people, rate=0, trial=True, parallel=8, people=people)
    return barid, key


def carried(barid, centre, count, due):
    """Waits until every message has its receipt; messages a second, first submission to last receipt kept."""
    if datetime.now(timezone.utc) > due:
        raise Failed("accepting took longer than was left for it")
    until = time.monotonic() + 1800
    while states(barid).get(3, 0) < count:
        if time.monotonic() > until:
            raise Failed(f"not everything was delivered: {states(barid)} {centre.seen()}")
        time.sleep(0.5)
    with sqlite3.connect(f"file:{barid.data / 'barid.db'}?mode=ro", uri=True) as store:
        first, last = store.execute("SELECT min(sent_at), max(finished_at) FROM sms_message WHERE trial = 0").fetchone()
    return count / (max(last - first, 1) / 1e6)


def measured(machine, name, command, count):
    """Acceptance at a pace, acceptance as it comes, and everything sent at one instant to a centre."""
    people, paced = min(count, 1000), min(count, 10_000)
    barid, key = prepared(machine, name, people)
    centre = Centre(machine, command)
    access = {"host": "127.0.0.1", "port": centre.port, "system_id": "bench", "password": "bench", "window": WINDOW,
              "binds": 4, "per_second": 10_000}
    ask(barid, "POST", "/v1/routes", {"name": "Bench", "access": access, "rules": {"ids": "same"}})
    # All are due at one instant, when they have been accepted: sending is measured by itself.
    due = datetime.now(timezone.utc) + timedelta(seconds=15 + count / 400)
    when = due.strftime("%Y-%m-%dT%H:%M:%SZ")
    out = {"pace": min(1000, max(100, paced // 3)), "rest": count - paced}
    out["calm"] = accepted(barid, key, 1_000_000, due=when, people=people, count=paced, rate=out["pace"])
    own = barid.cpu()
    if out["rest"]:
        out["rush"] = accepted(barid, key, 2_000_000, due=when, people=people, count=out["rest"], rate=min(1500, out["rest"]))
    out["accepting"] = (barid.cpu() - own) / max(out["rest"], 1)
    before = (barid.cpu(), cpu_seconds(centre.process.pid))
    out["speed"] = carried(barid, centre, count, due)
    out["own"], out["theirs"] = barid.cpu() - before[0], cpu_seconds(centre.process.pid) - before[1]
    out["twice"] = centre.seen()["twice"]
    balance, out["peak"] = ask(barid, "GET", "/v1/balance"), barid.memory("VmHWM")
    out["wrong"] = abs(balance["spent_micros"] - PRICE * count) // PRICE
    barid.stop()
    out["bare"] = node("bare.mjs", centre.port, count, WINDOW)["per_second"]
    machine.end(centre.process)
    return out


def sms(machine, options):
    libraries()
    other = centre34()
    count = min(options.messages, 50_000)
    at = measured(machine, "npm", ["node", HERE / "smsc.mjs"], count)
    fewer = min(count, 20_000)
    second = measured(machine, "smpp34", other, fewer)
    rest, rush = at["rest"], at.get("rush")
    return [
        at_least("messages with their receipts, first submit to last receipt kept", at["speed"], 2000, "/s"),
        Figure(f"bare client of the same library, same centre, {WINDOW} under way, keeps nothing", f"{at['bare']:,.0f} /s"),
        Figure("Barid : bare client", f"{at['speed'] / at['bare']:.2f}"),
        at_least(f"the same with a centre of smpp34, {fewer:,} messages", second["speed"], 2000, "/s"),
        Figure("bare client, that centre", f"{second['bare']:,.0f} /s"),
        Figure("Barid : bare client, that centre", f"{second['speed'] / second['bare']:.2f}"),
        at_most(f"accepting over HTTP at {at['pace']:,} requests/s, 99 of 100", at["calm"]["p99"], 20, "ms"),
        Figure("the same, in the middle", f"{at['calm']['p50']:,.2f} ms"),
        Figure("accepting the rest", f"{rest / rush['seconds']:,.0f} /s, 99 of 100 in {rush['p99']:,.1f} ms" if rest else "none"),
        at_most("messages submitted twice", at["twice"] + second["twice"], 0, f"of {count + fewer:,}"),
        at_most("messages charged wrongly", at["wrong"] + second["wrong"], 0, f"of {count + fewer:,}"),
        Figure("Barid's own CPU, sending and receipts", f"{at['own'] / count * 1e6:,.0f} µs/message"),
        Figure("Barid's own CPU, accepting", f"{at['accepting'] * 1e6:,.0f} µs/message"),
        Figure("centre's CPU", f"{at['theirs'] / count * 1e6:,.0f} µs/message"),
        Figure("server's memory at the peak", f"{at['peak']:,.0f} MB"),
    ]
