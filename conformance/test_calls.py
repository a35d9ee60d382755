"""Calls: against telephones and operators that nobody here wrote (SIPp and baresip)."""

import array
import glob
import math
import os
import shutil
import subprocess
import tempfile
import urllib.request
import wave

from harness import Case
from harness.barid import until
from harness.browsing import Browsing
from harness.machine import ROOT, free_port

OURS = "966112345678"
THEIRS = "+966501234567"
SCENARIOS = ROOT / "conformance" / "calls"


def loudness(samples, hertz, rate=8000):
    """The share of a frequency in sound, by Goertzel's algorithm."""
    coefficient = 2 * math.cos(2 * math.pi * hertz / rate)
    one = two = 0.0
    for sample in samples:
        one, two = sample + coefficient * one - two, one
    power = one * one + two * two - coefficient * one * two
    return power / (sum(sample * sample for sample in samples) * len(samples) / 2 or 1)


def ulaw(octet):
    octet = ~octet & 0xFF
    magnitude = (((octet & 0x0F) << 3) + 0x84 << (octet >> 4 & 7)) - 0x84
    return -magnitude if octet & 0x80 else magnitude


class Telephony(Case):
    def tool(self, name, package):
        if shutil.which(name):
            return
        if os.environ.get("BARID_TEST_ALL") == "1":
            self.fail(f"{name} is missing (Debian: {package})")
        self.skipTest(f"{name} is missing (Debian: {package})")

    def connected(self, **access):
        """A serving Barid with a trunk to this machine, and the port that the operator listens at."""
        operator, self.sip = free_port(), free_port()
        first = 34_000 + self.sip % 40 * 100
        barid = self.barid().serve("--sip-listen", f"127.0.0.1:{self.sip}", "--rtp-ports", f"{first}-{first + 98}")
        self.ask(barid, "PUT", "/v1/calls/settings", {"countries": ["SA"], "max_seconds": 600, "max_calls": 50})
        trunk = {"name": "Main", "rules": {"caller_ids": [f"+{OURS}"], "max_calls": 30},
                 "access": {"host": "127.0.0.1", "port": operator, **access}}
        self.trunk = self.ask(barid, "POST", "/v1/trunks", trunk)
        self.assertNotIn("password", self.trunk["access"])
        return barid, operator

    def ask(self, barid, method, path, body=None):
        answer = barid.http(method, path, body, key=True)
        self.assertIn(answer.code, (200, 201, 204), answer)
        return answer.json if answer.out else None

    def call(self, barid, steps, **more):
        return self.ask(barid, "POST", "/v1/calls", {"to": THEIRS, "flow": {"steps": steps}, "basis": "contract", **more})["id"]

    def ended(self, barid, call, seconds=40):
        def view():
            return self.ask(barid, "GET", f"/v1/calls/{call}")

        over = ("ended", "busy", "no_answer", "failed", "cancelled", "denied", "in_doubt")
        until(lambda: view()["state"] in over, seconds,
              lambda: f"{view()} {self.ask(barid, 'GET', f'/v1/calls/{call}/timeline')}\n{barid.log()}")
        return view()

    def sipp(self, *arguments, background=False):
        command = ["sipp", "-i", "127.0.0.1", "-nostdin", "-timeout", "60s", "-timeout_error", *map(str, arguments)]
        where = self.place()
        if background:
            process = subprocess.Popen(command, cwd=where, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            self.addCleanup(lambda: (process.kill(), process.wait(), process.stderr.close()))
            return process
        done = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=90)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr[-2000:])
        return done

    def place(self):
        """A directory of its own, for what a program leaves behind."""
        return tempfile.mkdtemp(dir=self.directory)

    def telephone(self, operator):
        """A telephone that answers, says the key 9 for a minute, and keeps what it hears in its directory."""
        self.tool("baresip", "baresip-core")
        self.tool("espeak-ng", "espeak-ng")
        where = self.place()
        with wave.open(f"{where}/says.wav", "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            tone = [int(6000 * (math.sin(2 * math.pi * 852 * n / 8000) + math.sin(2 * math.pi * 1477 * n / 8000)))
                    for n in range(480_000)]
            file.writeframes(array.array("h", tone).tobytes())
        modules = next(path for path in ("/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules")
                       if os.path.isdir(path))
        with open(f"{where}/config", "w") as file:
            file.write(f"sip_listen 127.0.0.1:{operator}\nmodule_path {modules}\nmodule account.so\nmodule g711.so\n"
                       f"module aufile.so\nmodule sndfile.so\nmodule_app menu.so\naudio_source aufile,{where}/says.wav\n"
                       f"audio_player aufile,/dev/null\naudio_alert aufile,/dev/null\nsnd_path {where}\n"
                       "rtp_ports 45000-45100\n")
        with open(f"{where}/accounts", "w") as file:
            file.write(f"<sip:{THEIRS}@127.0.0.1:{operator}>;regint=0;answermode=auto\n")
        open(f"{where}/contacts", "w").close()
        telephone = subprocess.Popen(["baresip", "-f", where], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT)
        self.addCleanup(lambda: (telephone.kill(), telephone.wait(), telephone.stdin.close(), telephone.stdout.close()))
        return telephone, where

    def recorded(self, barid):
        """A call with words in two languages and two seconds of recording; its id and the recording."""
        call = self.call(barid, [
            {"action": "say", "text": "Good morning. This is a test of the voice.", "language": "en"},
            {"action": "say", "text": "صباح الخير. هذه تجربة للصوت.", "language": "ar"},
            {"action": "record", "announcement": {"text": "You are being recorded."}, "max_seconds": 2, "silence_seconds": 0},
        ])
        view = self.ended(barid, call, 60)
        self.assertEqual(view["state"], "ended", view)
        kinds = [step["kind"] for step in self.ask(barid, "GET", f"/v1/calls/{call}/timeline")["items"]]
        self.assertNotIn("not_heard", kinds)
        recording = self.ask(barid, "GET", f"/v1/recordings?call={call}")["items"][0]
        self.assertEqual((recording["ended"], recording["seconds"]), ("full", 2), recording)
        return call, recording


class Calls(Telephony):
    def test_an_operator_is_called_and_takes_five_calls_at_once(self):
        self.tool("sipp", "sip-tester")
        barid, operator = self.connected()
        peer = self.sipp("-sn", "uas", "-p", operator, "-m", 5, background=True)
        made = [self.call(barid, [{"action": "pause", "seconds": 1}, {"action": "send_keys", "keys": "12#"}]) for _ in range(5)]
        for one in made:
            view = self.ended(barid, one)
            self.assertEqual((view["state"], view["reason"]), ("ended", "hung_up"), view)
        self.assertEqual(peer.wait(timeout=60), 0)
        kinds = [step["kind"] for step in self.ask(barid, "GET", f"/v1/calls/{made[0]}/timeline")["items"]]
        self.assertEqual(kinds, ["accepted", "dialled", "ringing", "answered", "step", "step", "ended"])

    def test_a_challenge_is_answered_and_busy_is_busy(self):
        self.tool("sipp", "sip-tester")
        barid, operator = self.connected(user="line1", password="secret")
        peer = self.sipp("-sf", SCENARIOS / "refuses.xml", "-p", operator, "-m", 1, background=True)
        view = self.ended(barid, self.call(barid, [{"action": "hangup"}]))
        self.assertEqual((view["state"], view["sip_status"], view["cost_micros"]), ("busy", 486, 0), view)
        self.assertEqual(peer.wait(timeout=60), 0)

    def test_a_call_that_nobody_answers_is_taken_back(self):
        self.tool("sipp", "sip-tester")
        barid, operator = self.connected()
        self.sipp("-sf", SCENARIOS / "rings.xml", "-p", operator, "-m", 1, background=True)
        view = self.ended(barid, self.call(barid, [{"action": "hangup"}], ring_seconds=5))
        self.assertEqual((view["state"], view["seconds"]), ("no_answer", 0), view)

    def test_calls_come_in_over_datagrams_and_streams_and_strangers_hear_nothing(self):
        self.tool("sipp", "sip-tester")
        barid, operator = self.connected()
        flow = self.ask(barid, "POST", "/v1/call-flows", {"title": "Wait", "steps": [{"action": "pause", "seconds": 30}]})
        self.ask(barid, "PUT", f"/v1/call-flows/{flow['id']}/numbers", {"numbers": [f"+{OURS}"]})
        self.sipp("-sn", "uac", "-s", OURS, f"127.0.0.1:{self.sip}", "-p", operator, "-m", 20, "-r", 20, "-d", 1000)
        self.sipp("-sn", "uac", "-s", OURS, f"127.0.0.1:{self.sip}", "-t", "t1", "-m", 5, "-r", 5, "-d", 500)
        self.sipp("-sf", SCENARIOS / "holds.xml", "-s", OURS, f"127.0.0.1:{self.sip}", "-p", operator, "-m", 1)

        def calls():
            return self.ask(barid, "GET", "/v1/calls?limit=100")["items"]

        until(lambda: len(calls()) == 26 and {one["state"] for one in calls()} == {"ended"}, 30, lambda: str(calls()))
        self.assertEqual({one["reason"] for one in calls()}, {"they_hung_up"})
        # A number that nobody answers, and then an operator whose trunk is gone.
        wrong = ["sipp", "-i", "127.0.0.1", "-nostdin", "-sn", "uac", "-s", "966119999999", f"127.0.0.1:{self.sip}", "-m", "1"]
        self.assertNotEqual(subprocess.run(wrong, cwd=self.place(), capture_output=True, timeout=60).returncode, 0)
        self.ask(barid, "DELETE", f"/v1/trunks/{self.trunk['id']}")
        gone = [OURS if one == "966119999999" else one for one in wrong] + ["-timeout", "3s", "-timeout_error"]
        self.assertNotEqual(subprocess.run(gone, cwd=self.place(), capture_output=True, timeout=60).returncode, 0)
        self.assertEqual(len(calls()), 26)

    def test_a_telephone_hears_words_and_is_recorded(self):
        barid, operator = self.connected()
        telephone, where = self.telephone(operator)
        _, recording = self.recorded(barid)
        request = urllib.request.Request(f"{barid.url}/v1/recordings/{recording['id']}/file",
                                         headers={"Authorization": f"Bearer {barid.key}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            kept = [ulaw(octet) for octet in answer.read()[58:]]
        part = kept[4000:8000]
        self.assertGreater(loudness(part, 852) + loudness(part, 1477), 0.8, "the key that was played is not on the recording")
        telephone.terminate()
        telephone.wait(timeout=10)
        (heard,) = glob.glob(f"{where}/dump-*-dec.wav")
        with wave.open(heard) as file:
            heard = array.array("h", file.readframes(file.getnframes()))
        loud = sum(1 for n in range(0, len(heard) - 160, 160) if max(map(abs, heard[n:n + 160])) > 1500)
        self.assertGreater(loud, 100, "two seconds of words were not heard")
        self.ask(barid, "DELETE", f"/v1/recordings/{recording['id']}")
        self.assertEqual(barid.http("GET", f"/v1/recordings/{recording['id']}", key=True).code, 404)


class Listening(Telephony, Browsing):
    def test_a_recording_is_listened_to_in_the_application(self):
        barid, operator = self.connected()
        self.telephone(operator)
        call, _ = self.recorded(barid)
        for language in ("en", "ar"):
            [found] = self.node("flows/recording.mjs", {"origin": barid.url, "language": language, "call": call})
            self.assertNotIn("stuck", found, found)
            self.assertEqual((found["faults"], found["alerts"], found["wound"], found["seconds"]), ([], 0, 0, 2), found)
            self.assertAlmostEqual(found["decoded"], 2, delta=0.2)
            self.assertGreaterEqual(found["paused"], 1)
            self.assertTrue(found["name"].endswith(".wav"), found)
