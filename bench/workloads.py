"""What is measured. Each function makes one workload's run and returns its figures."""

import random
import shutil
import sqlite3
import subprocess
import json
import os
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

from call_load import calls
from chat_load import chat
from machine import OWNER, Barid, Failed, cpu_seconds
from results import Figure, at_least, at_most
from sms_load import sms

FIRST = ["Lina", "Omar", "Zoë", "ليلى", "يوسف", "Max", "Anna", "Björn", "Chloé", "Ines", "Ahmed", "Marta", "Noor", "Paul"]
LAST = ["Haddad", "Müller", "الحسن", "García", "Schmidt", "Dubois", "Rossi", "Nowak", "van den Berg", "O'Neill", "Yılmaz"]
COUNTRIES = ["DE", "FR", "NL", "AT", "IT", "ES"]
LANGUAGES = ["en", "ar", "de", "fr"]
LOREM = ("People who write to each other rarely count the words, and a message of the usual length holds about "
         "as many of them as this paragraph repeated a few times over. ")
CONNECTIONS = 20


def people(path, rows):
    """A CSV file of people with double opt-in evidence, in no order; the same one every time."""
    some = random.Random(20261101)
    with open(path, "w", encoding="utf-8") as file:
        file.write("email,first name,last name,country,language,confirmed at\n")
        for number in range(rows):
            tag = some.getrandbits(40)
            day, second = some.randrange(1, 29), some.randrange(60)
            file.write(f"{tag:010x}.{number}@mail{number % 97}.example,{some.choice(FIRST)},{some.choice(LAST)},"
                       f"{some.choice(COUNTRIES)},{some.choice(LANGUAGES)},2026-03-{day:02}T09:{second:02}:00Z\n")
    return path


def bring_in(barid, path, rows, *more):
    """Imports the file; seconds from the command's start to its end."""
    begun = time.monotonic()
    done = barid.run("import", path, "--topic", "News", "--basis", "consent_doi", "--source", "sign-up form",
                     "--collected-on", "2026-04-01", "--wait", *more)
    seconds = time.monotonic() - begun
    if done["added"] != rows:
        raise Failed(f"{done['added']} of {rows} people were added: {done}")
    return seconds


def content(path):
    """HTML that makes a message of about 5 KB with its text part, with three links of its own."""
    links = "".join(f'<p><a href="https://shop.example/offers/{n}?from=mail">Offer {n}</a></p>' for n in (1, 2, 3))
    path.write_text(
        "<html><head><title>News</title></head><body>"
        '<h1>Hello {{ first_name | fallback: "friend" }} {{ last_name | fallback: "" }},</h1>'
        f"<p>{LOREM * 4}</p>{links}<p>{LOREM * 3}</p><p>We write to {{{{ email | required }}}}.</p>"
        '<p>*|LIST:ADDRESS|*</p><p><a href="*|UNSUB|*">Unsubscribe</a></p></body></html>'
    )
    return path


def octets_read(pid):
    """What a process has read, sockets included."""
    with open(f"/proc/{pid}/io") as counters:
        return int(counters.readline().split()[1])


def delivery_times(machine, barid):
    """From the delivery table: (count sent, first row, last final dot), instants in microseconds."""
    query = "SELECT count(*), min(created_at), max(sent_at) FROM {}delivery WHERE sent_at IS NOT NULL"
    if machine.database:
        done = subprocess.run([*machine.psql, "-At", "-F", ",", "-c", query.format("barid.")],
                              capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise Failed(f"psql: {done.stderr.strip()}")
        return [int(field) for field in done.stdout.strip().split(",")]
    with sqlite3.connect(f"file:{barid.data}/barid.db?mode=ro", uri=True) as database:
        return database.execute(query.format("")).fetchone()


def campaign(machine, options):
    count = options.messages
    rate = machine.example("smtp_rate")
    if options.postgres:
        machine.postgres()
    sink, port = machine.sink()
    barid = Barid(machine)
    barid.init()
    barid.serve("--smtp-relay", f"smtp://127.0.0.1:{port}", "--relay-signs", "--smtp-connections", str(CONNECTIONS))
    imported = bring_in(barid, people(machine.directory / "people.csv", count), count, "--tracking")
    made = barid.run("campaign", "create", "--name", "Bench", "--from", "Bench <news@example.com>", "--subject",
                     'News for {{ first_name | fallback: "you" }}', "--html", content(machine.directory / "news.html"),
                     "--topic", "News")
    before = (barid.cpu(), cpu_seconds(sink.pid), octets_read(sink.pid))
    begun = time.monotonic()
    ended = barid.run("campaign", "send", made["id"], "--wait", seconds=1800)
    wall = time.monotonic() - begun
    own, sinks = barid.cpu() - before[0], cpu_seconds(sink.pid) - before[1]
    size = (octets_read(sink.pid) - before[2]) / count
    if ended["sent"] != count:
        raise Failed(f"not everything was sent: {ended}")
    sent, first, last = delivery_times(machine, barid)
    if sent != count:
        raise Failed(f"{sent} rows say sent, not {count}")
    speed = count / ((last - first) / 1e6)
    peak = barid.memory("VmHWM")
    barid.stop()
    bare = bare_client(rate, port, int(size))
    cpu = own / count * 1e6
    barred = not options.postgres
    return [
        at_least("messages, first row to last final dot", speed, 3000, "/s") if barred
        else Figure("messages, first row to last final dot", f"{speed:,.0f} /s"),
        at_most("Barid's own CPU", cpu, 250, "µs/message") if barred
        else Figure("Barid's own CPU", f"{cpu:,.0f} µs/message"),
        Figure("bare pipelined client, same sink, 20 connections", f"{bare:,.0f} /s"),
        Figure("campaign : bare client", f"{speed / bare:.2f}"),
        Figure("size on the wire", f"{size:,.0f} octets/message"),
        Figure("sink's CPU", f"{sinks / count * 1e6:,.0f} µs/message"),
        Figure("command to command's end", f"{wall:,.1f} s for {count:,} messages"),
        Figure("import before it (two statements each)", f"{count / imported:,.0f} rows/s"),
        Figure("server's memory at the peak", f"{peak:,.0f} MB"),
    ]


def bare_client(rate, port, size):
    """The client alone, three times; the best run is the limit."""
    best = 0
    for _ in range(3):
        done = subprocess.run([rate, f"127.0.0.1:{port}", "60000", str(size), str(CONNECTIONS)],
                              capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise Failed(f"smtp_rate failed: {done.stderr.strip()}")
        best = max(best, json.loads(done.stdout)["per_second"])
    return best


def dkim(machine, options):
    rate = machine.example("dkim_rate")
    core = min(os.sched_getaffinity(0))
    done = subprocess.run([rate, "10", "5000"], capture_output=True, text=True, timeout=300,
                          preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    if done.returncode:
        raise Failed(f"dkim_rate failed: {done.stderr.strip()}")
    found = json.loads(done.stdout)
    share = 100 * found["signed_per_second"] / found["raw_pairs_per_second"]
    return [
        at_least("signed : raw", share, 60, "%"),
        Figure("5 KB messages signed with RSA-2048 and Ed25519, one core", f"{found['signed_per_second']:,} /s"),
        Figure("raw pairs of signatures of aws-lc-rs, one core", f"{found['raw_pairs_per_second']:,} /s"),
    ]


def import_rows(machine, options):
    rows = options.rows
    if options.postgres:
        machine.postgres()
    barid = Barid(machine)
    barid.init()
    barid.serve()
    path = people(machine.directory / "people.csv", rows)
    before = barid.cpu()
    seconds = bring_in(barid, path, rows)
    speed, cpu = rows / seconds, barid.cpu() - before
    peak = barid.memory("VmHWM")
    disk = sum(file.stat().st_size for file in barid.data.iterdir() if file.is_file())
    barid.stop()
    restarted = barid.serve(seconds=600)
    rebuilt = index_ready(barid, rows)
    barred = not options.postgres
    return [
        at_least("rows, command to command's end", speed, 15_000, "/s") if barred
        else Figure("rows, command to command's end", f"{speed:,.0f} /s"),
        at_most("server's memory at the peak", peak, 1500, "MB"),
        Figure("server's CPU", f"{cpu / rows * 1e6:,.0f} µs/row"),
        Figure("on disk afterwards", f"{disk / rows:,.0f} octets/row"),
        Figure("ready after a restart", f"{restarted:,.2f} s"),
        Figure(f"index of {rows:,} people rebuilt after the start", f"{restarted + rebuilt:,.1f} s"),
        Figure("memory with the index", f"{barid.memory('VmRSS'):,.0f} MB"),
    ]


def index_ready(barid, rows):
    """Seconds until a segment count over everybody is answered right."""
    begun = time.monotonic()
    where = json.dumps({"field": "country", "op": "is", "value": "DE"})
    while time.monotonic() - begun < 600:
        try:
            if barid.run("segment", "count", "--where", where)["count"] > rows // 10:
                return time.monotonic() - begun
        except Failed:
            pass
        time.sleep(0.1)
    raise Failed("the index was not ready within ten minutes")


def idle(machine, options):
    barid = Barid(machine)
    barid.init()
    times = []
    for _ in range(3):
        times.append(barid.serve())
        time.sleep(3)
        memory = barid.memory("VmRSS")
        barid.stop()
    return [
        at_most("memory of an idle server", memory, 80, "MB"),
        at_most("time to ready, middle of three", sorted(times)[1], 1, "s"),
    ]


def asked(barid, path, body):
    """Milliseconds until an answer to a POST was read whole, and the answer."""
    request = urllib.request.Request(f"{barid.url}{path}", json.dumps(body).encode(),
                                     {"authorization": f"Bearer {barid.key}", "content-type": "application/json"})
    begun = time.monotonic()
    with urllib.request.urlopen(request, timeout=60) as answer:
        read = json.load(answer)
    return (time.monotonic() - begun) * 1000, read


def spread(times):
    """The middle and the worst of twenty."""
    times = sorted(times)
    return times[len(times) // 2], times[min(len(times) - 1, len(times) * 95 // 100)]


def audience(machine, options):
    """The audience table and a segment's live count over a real server, rows opened and all."""
    barid = Barid(machine)
    barid.init()
    barid.serve()
    rows = options.rows
    bring_in(barid, people(machine.directory / "people.csv", rows), rows)
    index_ready(barid, rows)
    figures = []
    orders = [("newest first", {}), ("by name", {"sort": "name"}), ("by address", {"sort": "email"}),
              ("searched", {"q": "haddad"}), ("filtered", {"where": {"and": [
                  {"field": "country", "op": "is", "value": "DE"}, {"topic": "News"},
                  {"field": "email", "op": "contains", "value": "7"}]}})]
    for name, wanted in orders:
        times, cursor = [], None
        for _ in range(20):
            body = {**wanted, "limit": 50, **({"cursor": cursor} if cursor else {})}
            millis, page = asked(barid, "/v1/contacts/search", body)
            times.append(millis)
            cursor = page["next"]
        middle, worst = spread(times)
        figures.append(at_most(f"page of 50 of {rows:,} people, {name}, middle of twenty", middle, 100, "ms"))
        figures.append(Figure("the same, worst but one", f"{worst:,.0f} ms"))
    condition = {"where": {"or": [{"field": "country", "op": "in", "value": ["DE", "AT"]},
                                  {"and": [{"field": "language", "op": "is", "value": "ar"},
                                           {"field": "last_name", "op": "starts_with", "value": "الح"}]}]}}
    middle, worst = spread([asked(barid, "/v1/segments/count", condition)[0] for _ in range(20)])
    figures.append(at_most(f"live count of a segment among {rows:,} people, middle of twenty", middle, 100, "ms"))
    figures.append(Figure("the same, worst but one", f"{worst:,.0f} ms"))
    return figures


def screens(machine, options):
    """From a press or a key to the next picture, in a browser on the audience table and the segment builder."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    root = Path(__file__).resolve().parent
    if not browser or not shutil.which("node") or not (root.parent / "conformance/node_modules/playwright-core").exists():
        raise Failed("Chromium, Node and conformance/node_modules are needed (run conformance/run once)")
    barid = Barid(machine)
    barid.init()
    barid.serve()
    rows = options.rows
    bring_in(barid, people(machine.directory / "people.csv", rows), rows)
    index_ready(barid, rows)
    task = {"browser": browser, "origin": barid.url, "email": OWNER[0], "password": OWNER[1]}
    done = subprocess.run(["node", root / "screens.mjs"], input=json.dumps(task), capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise Failed(done.stderr[-600:])
    found = json.loads(done.stdout.splitlines()[-1])
    figures = []
    for name, what in (("table", f"audience table of {rows:,} people"), ("builder", "segment builder")):
        times = found[name] or [16]
        figures.append(at_most(f"interaction to next paint, {what}, worst of {len(times)} above 16 ms", times[-1], 100, "ms"))
    times = found["typing"] or [16]
    figures.append(at_most("from a key to the next paint in the editor, a message of 60 blocks, middle", times[len(times) // 2], 50, "ms"))
    if found["counts"]:
        middle, worst = spread(found["counts"])
        figures.append(Figure("from a key to the live count of the segment, with the pause that typing is given",
                              f"{middle:,.0f} ms, worst {worst:,.0f} ms"))
    return figures


def posted(barid, path, body, method="POST"):
    """Status and answer of a request with a JSON body; refusals included."""
    request = urllib.request.Request(f"{barid.url}{path}", json.dumps(body).encode(), method=method,
                                     headers={"authorization": f"Bearer {barid.key}", "content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def rush(barid, event_type, start, people_count=200):
    """Everybody asks for the same time at once; how many had it, and every other status with its number."""
    def book(number):
        attendee = {"name": f"Guest {number}", "email": f"guest{number}@bench.example", "timezone": "Europe/Berlin"}
        return posted(barid, "/v1/booking/bookings", {"event_type": event_type, "start": start, "attendee": attendee})[0]

    begun = time.monotonic()
    with ThreadPoolExecutor(people_count) as many:
        statuses = Counter(many.map(book, range(people_count)))
    made = statuses.pop(201, 0)
    return made, statuses, time.monotonic() - begun


def booking(machine, options):
    speed = machine.example("slots_speed", "barid-booking")
    core = min(os.sched_getaffinity(0))
    done = subprocess.run([speed, "200"], capture_output=True, text=True, timeout=1800,
                          preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    if done.returncode:
        raise Failed(f"slots_speed failed: {done.stderr.strip()}")
    found = json.loads(done.stdout)
    figures = []
    for key, what, bar in [
        ("w1", "W1: one host, 60 days, 200 busy", 2),
        ("w2", "W2: round robin of 50 hosts, 60 days, 200 busy each", 15),
        ("w3", "W3: collective of 10 hosts in 6 zones, 60 days", 10),
        ("w4_cold", "W4: 2,000 recurring events, read and expanded", 300),
        ("w4_warm", "W4: the same, known already", 5),
    ]:
        figures.append(at_most(f"{what}; slowest hundredth of 200", found[key]["p99"], bar, "ms"))
        figures.append(Figure(f"{what}; in the middle", f"{found[key]['p50']:,.2f} ms"))

    barid = Barid(machine)
    barid.init()
    barid.serve()
    member = next(one for one in json.load(urllib.request.urlopen(urllib.request.Request(
        f"{barid.url}/v1/members", headers={"authorization": f"Bearer {barid.key}"}), timeout=30))["items"])
    hours = {"timezone": "UTC", "rules": [{"days": [1, 2, 3, 4, 5, 6, 7], "start": "08:00", "end": "20:00"}]}
    schedule = posted(barid, "/v1/booking/schedules", {"name": "Hours", "hours": hours})[1]["id"]
    host = posted(barid, "/v1/booking/hosts", {"member": member["user"], "timezone": "UTC", "schedule": schedule})[1]["id"]
    day = (datetime.now(timezone.utc) + timedelta(days=3)).strftime("%Y-%m-%d")
    for hour, capacity in (("09", 1), ("11", 5)):
        status, made = posted(barid, "/v1/booking/event-types", {
            "slug": f"rush-{capacity}", "definition": {"en": {"title": "Rush"}, "capacity": capacity, "hosts": [{"host": host}]}})
        if status != 201:
            raise Failed(f"no event type: {made}")
        # What one key may ask fills up again: it is not what is measured.
        time.sleep(6)
        had, others, seconds = rush(barid, made["id"], f"{day}T{hour}:00:00Z")
        wrong = {status: number for status, number in others.items() if status != 409}
        figures.append(Figure(f"W5: 200 at once for {capacity} seat(s); had it", f"{had}", f"exactly {capacity}", had == capacity))
        figures.append(Figure("W5: answers other than 201 and 409", f"{wrong or 'none'}", "none", not wrong))
        figures.append(Figure("W5: until the last was answered", f"{seconds:,.2f} s"))
    barid.stop()
    return figures


ALL = {"booking": booking, "calls": calls, "campaign": campaign, "dkim": dkim, "import": import_rows, "idle": idle, "audience": audience, "screens": screens, "chat": chat, "sms": sms}
