"""Webhooks: signed per Standard Webhooks, in order, again until they arrive, only where the operator allows."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time

from harness import Case
from harness.barid import until


class Endpoint:
    """Records what is posted to it; `answers` are the statuses given first, then 204."""

    def __init__(self, answers=()):
        self.posts, self.answers = [], list(answers)
        endpoint = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.posts.append((dict(self.headers.items()), body))
                self.send_response(endpoint.answers.pop(0) if endpoint.answers else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def events(self):
        return [json.loads(body) for _, body in self.posts]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def signed(secret, headers, body):
    headers = {name.lower(): value for name, value in headers.items()}
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return expected in headers["webhook-signature"].split() and abs(int(headers["webhook-timestamp"]) - time.time()) < 60


class Webhooks(Case):
    def endpoint(self, *answers):
        endpoint = Endpoint(answers)
        self.addCleanup(endpoint.stop)
        return endpoint

    def test_events_arrive_signed_and_name_nobody(self):
        server, _ = self.sending("--webhook-allowed-host", "127.0.0.1")
        hook = self.endpoint()
        made = server("webhook", "add", "--kind", "*", hook.url)
        server.import_(self.people(("zaynab", "Zaynab")))
        server.send(server.campaign(self.html()))
        server("contact", "unsubscribe", "zaynab@people.example")
        until(lambda: any("unsubscribed" in event["type"] or "withdrawn" in event["type"] or "suppress" in event["type"]
                          for event in hook.events()), 30, lambda: [event["type"] for event in hook.events()])
        for headers, body in hook.posts:
            self.assertTrue(signed(made["secret"], headers, body))
            self.assertFalse(signed("whsec_" + base64.b64encode(b"x" * 32).decode(), headers, body))
            self.assertNotIn(b"people.example", body)
        ids = [{name.lower(): value for name, value in headers.items()}["webhook-id"] for headers, _ in hook.posts]
        self.assertEqual(len(ids), len(set(ids)))

    def test_a_failing_endpoint_is_tried_again_with_the_same_id(self):
        server, _ = self.sending("--webhook-allowed-host", "127.0.0.1")
        hook = self.endpoint(500)
        server("webhook", "add", "--kind", "contact.created", hook.url)
        made = server.http("POST", "/v1/contacts", {"email": "lina@people.example", "source": "form"}, key=True)
        self.assertEqual(made.code, 201, made)
        until(lambda: len(hook.posts) >= 1, 30, "no event for a new person")
        until(lambda: len(hook.posts) >= 2, 60, "it is not tried again")
        first, second = hook.posts[:2]
        self.assertEqual(first[1], second[1])

    def test_hosts_that_were_not_allowed_are_refused(self):
        server, _ = self.sending()
        hook = self.endpoint()
        for url in (hook.url, "http://169.254.169.254/latest/meta-data", "http://[::1]:1/", "ftp://example.com/", "http://localhost/"):
            answer = server.run("webhook", "add", "--kind", "*", url, "--json")
            self.assertEqual(answer.code, 2, answer)
        self.assertEqual(hook.posts, [])
