"""A payment provider on this machine that speaks Stripe's interface: pages, refunds, signed calls."""

import hashlib
import hmac
import http.server
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

SECRET_KEY, SIGNING = "sk_test_conformance", "whsec_conformance"


class Till:
    """`pages` by their number; nobody pays unless a test says so."""

    def __init__(self):
        self.pages, self.refunds, self.unknown = [], [], []
        till = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, method):
                length = int(self.headers.get("Content-Length") or 0)
                form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
                if self.headers.get("Authorization") != f"Bearer {SECRET_KEY}":
                    return self.say(401, {"error": {"message": "no such key"}})
                return self.say(*till.asked(method, self.path, form))

            def say(self, status, body):
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def do_GET(self):
                self.answer("GET")

            def do_POST(self):
                self.answer("POST")

            def do_DELETE(self):
                self.answer("DELETE")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def asked(self, method, path, form):
        parts = path.strip("/").split("/")
        if (method, parts) == ("POST", ["v1", "checkout", "sessions"]):
            number = len(self.pages)
            self.pages.append({
                "id": f"cs_{number}", "url": f"https://pay.example/cs_{number}", "status": "open", "payment_status": "unpaid",
                "client_reference_id": form["client_reference_id"], "payment_intent": f"pi_{number}", "form": form,
                "amount_total": int(form["line_items[0][price_data][unit_amount]"]),
                "currency": form["line_items[0][price_data][currency]"]})
            return 200, self.pages[number]
        if parts[:3] == ["v1", "checkout", "sessions"]:
            page = self.pages[int(parts[3].removeprefix("cs_"))]
            if parts[4:] == ["expire"]:
                if page["status"] != "open":
                    return 400, {"error": {"message": "Only open sessions can be expired"}}
                page.update(status="expired", url=None)
            return 200, page
        if (method, parts) == ("POST", ["v1", "refunds"]):
            self.refunds.append(form["payment_intent"])
            return 200, {"id": "re_1", "status": "succeeded"}
        self.unknown.append(path)
        return 404, {"error": {"message": "no such thing"}}

    def pay(self, number):
        self.pages[number].update(status="complete", payment_status="paid", url=None)

    def call(self, address, number, kind="checkout.session.completed", secret=SIGNING, age=0):
        """Tells Barid about a page; the status of the answer."""
        return self.tell(address, kind, self.pages[number], secret, age)

    def tell(self, address, kind, thing, secret=SIGNING, age=0):
        """Tells Barid about anything."""
        body = json.dumps({"id": "evt_1", "type": kind, "data": {"object": thing}}).encode()
        at = int(time.time()) - age
        signature = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(address, body, {"Content-Type": "application/json", "Stripe-Signature": f"t={at},v1={signature}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code
