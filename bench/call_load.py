"""Calls: twenty at once to the telephones of an operator (crates/calls/examples/telephones.rs), each hearing words of its own
while it says a tone. How evenly the sound comes is measured by the telephones."""

import json
import subprocess

from machine import Barid, Failed, cpu_seconds, free_port
from results import Figure, at_least, at_most
from sms_load import NUMBER, ask

CALLS = 20
# A packet every 20 ms.
PACKETS_A_SECOND = 50
WORDS = "The train of {n} past {hour} leaves from platform {n}, and calls at every station between the sea and the hills. "


def steps(number, seconds):
    """Words enough for all the time, and of no other call: none of them is made once for all."""
    sentence = WORDS.format(n=number + 1, hour=number % 12 + 1)
    return [{"action": "say", "text": f"Number {number + 1}. {sentence * 8}", "language": "en", "repeat": 1 + seconds // 30}]


def calls(machine, options):
    program = machine.example("telephones", "barid-calls")
    barid, operator = Barid(machine), free_port()
    barid.init()
    barid.serve("--sip-listen", f"127.0.0.1:{free_port()}", "--rtp-ports", "34000-34998")
    ask(barid, "PUT", "/v1/calls/settings", {"countries": ["SA"], "max_seconds": 600, "max_calls": CALLS})
    ask(barid, "POST", "/v1/trunks", {"name": "Main", "rules": {"caller_ids": [f"+{NUMBER}"], "max_calls": CALLS},
                                      "access": {"host": "127.0.0.1", "port": operator}})
    telephones = machine.spawn([program, str(operator), str(CALLS), str(options.seconds)], stdout=subprocess.PIPE, text=True)
    telephones.stdout.readline()
    for number in range(CALLS):
        ask(barid, "POST", "/v1/calls", {"to": f"+9665012345{number:02d}", "basis": "contract",
                                         "flow": {"steps": steps(number, options.seconds)}})
    before = barid.cpu()
    said = telephones.stdout.readline()
    if not said:
        raise Failed("the telephones ended without a figure")
    found = json.loads(said)
    whole = round(found["seconds"] * PACKETS_A_SECOND)
    figures = [
        at_most(f"greatest jitter of any of {found['calls']} calls at any time", found["jitter_ms"], 10, "ms"),
        at_least("sound of the call that got least of it", 100 * found["fewest"] / whole, 98, "%"),
        Figure("packets", f"{found['received']:,} of {CALLS * whole:,}"),
        Figure("lost or too late", f"{found['lost']:,}"),
        Figure("CPU of the server, with the making of the words", f"{barid.cpu() - before:,.1f} s of {found['seconds']:,.0f} s"),
    ]
    barid.stop()
    return figures
