"""The message centre for customers: against ESMEs that nobody here wrote (smpplib, Kannel)."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from harness import Case
from harness.barid import until
from harness.machine import free_port

from test_sms import OURS, Centre

LINA = "966501234567"


def program(name):
    """A program of Kannel's, where Debian puts it."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/lib/kannel")


class Server(Case):
    def serving(self, **settings):
        """A Barid with a route to a centre, and a customer's account."""
        centre = Centre()
        self.addCleanup(centre.stop)
        port = free_port()
        barid = self.barid().serve("--smpp-listen", f"127.0.0.1:{port}")
        self.ask(barid, "PUT", "/v1/messages/settings", {
            "countries": ["SA"], "parts": 10, "parts_a_day": None, "parts_a_day_by_country": None,
            "parts_a_day_by_block": None})
        self.ask(barid, "POST", "/v1/originators", {"value": f"+{OURS}"})
        access = {"host": "127.0.0.1", "port": centre.port, "system_id": "barid", "password": "secret", "per_second": 500}
        route = self.ask(barid, "POST", "/v1/routes", {"name": "Main", "access": access})
        until(lambda: self.ask(barid, "GET", f"/v1/routes/{route['id']}")["binds_up"], 20, "no session came up")
        settings = {"name": "Shop", "basis": "contract", "per_second": 1000, "numbers": [OURS], **settings}
        made = self.ask(barid, "POST", "/v1/smpp-accounts", {"system_id": "shop", "secret": "secret-1", "settings": settings})
        self.assertEqual(made["secret"], "secret-1")
        return barid, centre, port, made["account"]["id"]

    def ask(self, barid, method, path, body=None):
        answer = barid.http(method, path, body, key=True)
        self.assertIn(answer.code, (200, 201, 204), answer)
        return answer.json if answer.out else None


class Smpplib(Server):
    """smpplib, which cuts texts into parts by itself."""

    def setUp(self):
        super().setUp()
        if importlib.util.find_spec("smpplib") is None:
            self.skipTest("PyPI: smpplib")

    def client(self, port, password="secret-1"):
        import smpplib.client
        client = smpplib.client.Client("127.0.0.1", port, allow_unknown_opt_params=True, timeout=5)
        client.connect()
        client.bind_transceiver(system_id="shop", password=password)
        return client

    def test_a_hundred_messages_their_receipts_and_an_answer(self):
        import smpplib.consts
        import smpplib.gsm
        barid, centre, port, account = self.serving()
        client = self.client(port)
        self.addCleanup(client.disconnect)
        ids, receipts, written = [], [], []
        client.set_message_sent_handler(lambda pdu: ids.append(pdu.message_id.decode()))

        def received(pdu):
            if pdu.esm_class & 0x04:
                receipts.append((pdu.receipted_message_id.decode().rstrip("\0"), pdu.message_state))
            else:
                written.append(pdu.short_message.decode())
            return 0

        client.set_message_received_handler(received)
        threading.Thread(target=self.listen, args=(client,), daemon=True).start()
        expected = 0
        for n in range(50):
            for text in ("Hello", "مرحباً بكم في مكتبة النور. " * 5):
                parts, coding, esm_class = smpplib.gsm.make_parts(text)
                for part in parts:
                    client.send_message(
                        source_addr_ton=smpplib.consts.SMPP_TON_INTL, source_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
                        source_addr=OURS, dest_addr_ton=smpplib.consts.SMPP_TON_INTL,
                        dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN, destination_addr=f"9665012{n:05}",
                        short_message=part, data_coding=coding, esm_class=esm_class, registered_delivery=True)
                    expected += 1
        until(lambda: len(ids) == expected, 60, lambda: f"{len(ids)} of {expected}")
        self.assertEqual(len(set(ids)), expected)
        until(lambda: len(receipts) == expected, 90, lambda: f"{len(receipts)} of {expected} receipts")
        self.assertEqual(sorted(ids), sorted(one for one, _ in receipts))
        self.assertEqual({state for _, state in receipts}, {2})
        centre.deliver(LINA, "Is it open?")
        until(lambda: written == ["Is it open?"], 30, lambda: str(written))
        until(lambda: self.ask(barid, "GET", f"/v1/smpp-accounts/{account}")["waiting"] == 0, 20, "something waits")

    def listen(self, client):
        try:
            client.listen()
        except Exception:  # noqa: BLE001 - the session ends with the test
            pass

    def test_receipts_wait_for_who_is_away_and_outlive_a_crash(self):
        import smpplib.client
        barid, centre, port, account = self.serving()
        client = self.client(port)
        client.send_message(source_addr_ton=1, source_addr_npi=1, source_addr=OURS, dest_addr_ton=1, dest_addr_npi=1,
                            destination_addr=LINA, short_message=b"Hello", registered_delivery=True)
        until(lambda: centre.got(), 20, "nothing was sent")
        client.disconnect()
        until(lambda: self.ask(barid, "GET", f"/v1/smpp-accounts/{account}")["waiting"] == 1, 30, "no receipt waits")
        barid.kill()
        barid.serve("--smpp-listen", f"127.0.0.1:{port}")
        client = self.client(port)
        self.addCleanup(client.disconnect)
        receipts = []
        client.set_message_received_handler(lambda pdu: receipts.append(pdu.short_message.decode()) or 0)
        threading.Thread(target=self.listen, args=(client,), daemon=True).start()
        until(lambda: len(receipts) == 1, 60, "the receipt was lost")
        self.assertIn("stat:DELIVRD", receipts[0])
        with self.assertRaises(Exception):
            self.client(port, password="wrong")


class Kannel(Server):
    """Kannel's bearerbox bound to us, with its smsbox in front."""

    def setUp(self):
        super().setUp()
        if not program("bearerbox") or not program("smsbox"):
            self.skipTest("Kannel (Debian: kannel)")

    def test_kannel_submits_and_hears_of_it(self):
        barid, centre, port, account = self.serving()
        reports = []

        class Reports(BaseHTTPRequestHandler):
            def do_GET(self):
                reports.append(urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        listener = HTTPServer(("127.0.0.1", 0), Reports)
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        self.addCleanup(listener.server_close)
        self.addCleanup(listener.shutdown)
        admin, box, send = free_port(), free_port(), free_port()
        directory = Path(tempfile.mkdtemp(prefix="kannel"))
        self.addCleanup(shutil.rmtree, directory, True)
        config = directory / "kannel.conf"
        config.write_text(f"""
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = x
smsbox-port = {box}
box-allow-ip = "127.0.0.1"
log-file = "{directory}/core.log"
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = barid
host = 127.0.0.1
port = {port}
transceiver-mode = true
smsc-username = shop
smsc-password = secret-1
system-type = ""
source-addr-ton = 1
source-addr-npi = 1
dest-addr-ton = 1
dest-addr-npi = 1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {box}
sendsms-port = {send}
sendsms-interface = 127.0.0.1
log-file = "{directory}/smsbox.log"

group = sendsms-user
username = u
password = p
max-messages = 5
concatenation = true

group = sms-service
keyword = default
text = ""
omit-empty = true
""")
        environment = {**os.environ, "LANG": "C"}
        for name in ("bearerbox", "smsbox"):
            process = subprocess.Popen([program(name), "-v", "4", str(config)], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=directory)
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            time.sleep(0.5)
        log = lambda: (directory / "core.log").read_text(errors="replace")[-3000:] if (directory / "core.log").exists() else ""
        until(lambda: self.ask(barid, "GET", f"/v1/smpp-accounts/{account}")["sessions"], 40, log)
        back = f"http://127.0.0.1:{listener.server_port}/?type=%d&answer=%A"
        for text in ("Hello", "Long " * 60):
            query = urllib.parse.urlencode({"username": "u", "password": "p", "from": f"+{OURS}", "to": f"+{LINA}", "text": text,
                                            "dlr-mask": 31, "dlr-url": back})

            def sent(query=query):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{send}/cgi-bin/sendsms?{query}", timeout=10) as answer:
                        return answer.status == 202
                except OSError:
                    return False

            until(sent, 20, log)
        # 8: taken by the centre; 1: delivered.
        kinds = lambda: sorted(report["type"][0] for report in reports)
        until(lambda: kinds().count("1") >= 2, 60, lambda: f"{reports} {log()}")
        self.assertIn("8", kinds())
        whole = [message["parts"] for message in self.ask(barid, "GET", "/v1/messages")["items"]]
        self.assertEqual(sorted(whole), [1, 2])
