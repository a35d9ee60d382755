"""Chat apps: a serving Barid against servers that speak the apps' interfaces, and nothing of Barid's own code."""

import hashlib
import hmac
import http.server
import json
import threading
import urllib.error
import urllib.request

from harness import Case
from harness.barid import until

SECRET = "the-apps-secret"
LINA = "966501234567"


class Apps:
    """WhatsApp, Messenger and Telegram on one port: keeps every request, answers as published."""

    def __init__(self):
        self.asked, self.answer = [], None
        apps = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def take(self, method):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                apps.asked.append((method, self.path, dict(self.headers), body))
                status, told = apps.answer(self.path) if apps.answer else apps.kind(self.path)
                text = told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def do_GET(self):
                self.take("GET")

            def do_POST(self):
                self.take("POST")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def kind(self, path):
        if path.startswith("/bot"):
            method = path.split("/")[2].split("?")[0]
            return 200, {"ok": True, "result": {
                "getMe": {"username": "nur_bot"}, "sendMessage": {"message_id": 9, "chat": {"id": 77}},
            }.get(method, True)}
        if path.startswith("/picture"):
            return 200, b"\x89PNG\r\n\x1a\n and so on"
        if path.startswith("/media-1"):
            return 200, {"url": f"{self.url}/picture", "mime_type": "image/png"}
        if "message_templates" in path:
            return 200, {"data": [{"name": "order_left", "language": "ar", "status": "APPROVED", "category": "UTILITY",
                                   "components": [{"type": "BODY", "text": "طلبك {{1}} في الطريق"}]},
                                  {"name": "draft", "language": "ar", "status": "PENDING", "components": []}]}
        if "fields=" in path:
            return 200, {"display_phone_number": "+966 11 234 5678", "name": "Nur"}
        if path.endswith("/messages"):
            number = len(self.to("/messages"))
            return 200, {"messages": [{"id": f"wamid.{number}"}], "message_id": f"m_{number}", "recipient_id": "55"}
        return 404, {"error": {"code": 100}}

    def to(self, end):
        return [json.loads(body) for method, path, _, body in self.asked if method == "POST" and path.endswith(end)]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class ChatApps(Case):
    def connected(self, app, **settings):
        apps = Apps()
        self.addCleanup(apps.stop)
        barid = self.barid().serve("--chat-app-host", "127.0.0.1")
        made = self.ask(barid, "POST", "/v1/channels", {
            "app": app, "name": "Main", "token": "12:token", "secret": "" if app == "telegram" else SECRET,
            "settings": {"api_base": apps.url, **settings}})
        self.assertNotIn("token", made)
        return barid, apps, made

    def ask(self, barid, method, path, body=None):
        answer = barid.http(method, path, body, key=True)
        self.assertIn(answer.code, (200, 201, 204), answer)
        return answer.json if answer.out else None

    def post(self, barid, channel, body, headers=None):
        """What an app's server posts; gives the status."""
        text = json.dumps(body).encode()
        if headers is None:
            headers = {"X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), text, hashlib.sha256).hexdigest()}
        path = channel["webhook_url"].split("/in/")[1]
        request = urllib.request.Request(f"{barid.url}/in/{path}", text, {"Content-Type": "application/json", **headers})
        try:
            return urllib.request.urlopen(request, timeout=20).status
        except urllib.error.HTTPError as error:
            return error.code

    def conversation(self, barid, channel):
        def find():
            items = self.ask(barid, "GET", f"/v1/conversations?view=all&channel={channel}")["items"]
            return items[0] if items else None
        until(find, 20, "no conversation")
        return find()

    def events(self, barid, row):
        return self.ask(barid, "GET", f"/v1/conversations/{row['id']}/events")["items"]

    def whatsapp(self, **value):
        value["metadata"] = {"phone_number_id": "1234"}
        return {"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": [{"field": "messages", "value": value}]}]}

    def says(self, number, **content):
        message = {"from": LINA, "id": f"wamid.in{number}", "timestamp": "1", **content}
        return self.whatsapp(contacts=[{"wa_id": LINA, "profile": {"name": "لينا"}}], messages=[message])

    def test_whatsapp_from_the_first_word_to_read(self):
        barid, apps, channel = self.connected("whatsapp", account="1234", business="9")
        path = channel["webhook_url"].split("/in/")[1]
        for token, code in ((channel["verify_token"], 200), ("guess", 403)):
            answer = barid.http("GET", f"/in/{path}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=42")
            self.assertEqual((answer.code, answer.out == "42"), (code, code == 200))
        tested = self.ask(barid, "POST", f"/v1/channels/{channel['id']}/test")
        self.assertEqual((tested["problem"], tested["shown"]), (None, "+966 11 234 5678"))
        templates = self.ask(barid, "GET", f"/v1/channels/{channel['id']}/templates")["items"]
        self.assertEqual([(one["name"], one["parameters"]) for one in templates], [("order_left", 1)])
        first = self.says(1, type="text", text={"body": "أين طلبي؟"})
        for headers in ({}, {"X-Hub-Signature-256": "sha256=" + "0" * 64}):
            self.assertEqual(self.post(barid, channel, first, headers), 401)
        self.assertEqual(self.ask(barid, "GET", "/v1/conversations?view=all")["items"], [])
        for _ in range(3):
            self.assertEqual(self.post(barid, channel, first), 200)
        row = self.conversation(barid, "whatsapp")
        self.assertEqual(row["person"]["name"], "لينا")
        until(lambda: any(one["text"] for one in self.events(barid, row)), 20, "no words")
        self.assertEqual([one["text"] for one in self.events(barid, row) if one["kind"] == "message"], ["أين طلبي؟"])
        picture = self.says(2, type="image", image={"id": "media-1", "mime_type": "image/png", "caption": "هنا"})
        self.assertEqual(self.post(barid, channel, picture), 200)
        until(lambda: any(one["kind"] == "file" for one in self.events(barid, row)), 20, lambda: f"no file: {self.events(barid, row)}")
        said = self.ask(barid, "POST", f"/v1/conversations/{row['id']}/events", {"kind": "message", "text": "في الطريق"})
        seq = said["event"]["seq"]

        def delivery():
            return next(one for one in self.events(barid, row) if one["seq"] == seq)["delivery"]

        until(lambda: delivery()["state"] == "sent", 20, lambda: str(delivery()))
        self.assertEqual(apps.to("/1234/messages"), [{
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": LINA, "type": "text",
            "text": {"preview_url": False, "body": "في الطريق"}}])
        for status in ("read", "delivered", "sent"):
            told = self.whatsapp(statuses=[{"id": "wamid.1", "status": status, "recipient_id": LINA}])
            self.assertEqual(self.post(barid, channel, told), 200)
        until(lambda: delivery()["state"] == "read", 20, lambda: str(delivery()))

    def test_telegram_buttons_and_a_stop(self):
        barid, apps, channel = self.connected("telegram")
        self.assertIsNone(self.ask(barid, "POST", f"/v1/channels/{channel['id']}/test")["problem"])
        hook = apps.to("/setWebhook")[0]
        self.assertEqual(hook["url"], channel["webhook_url"])
        secret = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]}
        person = {"id": 77, "is_bot": False, "first_name": "Omar"}
        chat = {"id": 77, "type": "private"}

        def update(number, **more):
            return {"update_id": number, **more}

        def message(number, text):
            return update(number, message={"message_id": number, "from": person, "chat": chat, "text": text})

        self.assertEqual(self.post(barid, channel, message(1, "hi"), {"X-Telegram-Bot-Api-Secret-Token": "x"}), 401)
        self.assertEqual(self.post(barid, channel, message(1, "hi"), secret), 200)
        row = self.conversation(barid, "telegram")
        self.assertEqual((row["person"]["name"], row["person"]["contact"]), ("Omar", None))
        choices = [{"label": "Red", "value": "r"}, {"label": "Blue", "value": "b"}]
        self.ask(barid, "POST", f"/v1/conversations/{row['id']}/events",
                 {"kind": "rich", "text": "Which?", "quick_replies": choices})
        until(lambda: apps.to("/sendMessage"), 20, "nothing left")
        keyboard = apps.to("/sendMessage")[0]["reply_markup"]
        pressed = update(2, callback_query={"id": "5", "from": person, "data": "b",
                                            "message": {"message_id": 9, "chat": chat, "reply_markup": keyboard}})
        self.assertEqual(self.post(barid, channel, pressed, secret), 200)
        until(lambda: any(one["params"].get("postback") == "b" for one in self.events(barid, row)), 20, "no choice")
        linked = self.ask(barid, "POST", f"/v1/conversations/{row['id']}/contact", {"email": "omar@people.example"})
        self.assertIsNotNone(linked["person"]["contact"])
        self.assertEqual(self.post(barid, channel, message(3, "/stop"), secret), 200)
        until(lambda: self.conversation(barid, "telegram")["state"] == "closed", 20, "it is still open")

    def test_messenger_answers_and_a_limit_waits(self):
        barid, apps, channel = self.connected("messenger", account="4321")

        def event(**event):
            event |= {"sender": {"id": "55"}, "recipient": {"id": "4321"}, "timestamp": 1}
            return {"object": "page", "entry": [{"id": "4321", "time": 1, "messaging": [event]}]}

        self.assertEqual(self.post(barid, channel, event(message={"mid": "m_in", "text": "hello"})), 200)
        row = self.conversation(barid, "messenger")
        apps.answer = lambda path: (400, {"error": {"code": 613}})
        said = self.ask(barid, "POST", f"/v1/conversations/{row['id']}/events", {"kind": "message", "text": "good day"})
        until(lambda: apps.to("/4321/messages"), 20, "nothing was tried")
        apps.answer = None

        def delivery():
            return next(one for one in self.events(barid, row) if one["seq"] == said["event"]["seq"])["delivery"]

        until(lambda: delivery()["state"] == "sent", 40, lambda: str(delivery()))
        self.assertEqual(apps.to("/4321/messages")[-1],
                         {"recipient": {"id": "55"}, "messaging_type": "RESPONSE", "message": {"text": "good day"}})
        answer = barid.http("POST", f"/v1/conversations/{row['id']}/events", {"kind": "message", "text": "x" * 2001}, key=True)
        self.assertEqual((answer.code, answer.json["fields"][0]["field"]), (422, "text"))
