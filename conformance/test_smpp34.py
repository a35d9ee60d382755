"""SMPP on both sides of smpp34, an implementation that shares nothing with ours nor with the other peers."""

import asyncio
import importlib.util
import struct
import threading

from harness import Case
from harness.barid import until
from harness.machine import free_port

OURS = "966112345678"
LINA = "966501234567"
TEXTS = ["Hello", "x" * 161, "مرحباً بكم في مكتبة النور. " * 6, "😀" * 36]


def decoded(coding, octets):
    return octets.decode("utf-16-be" if coding == 8 else "ascii")


class Centre:
    """A message centre. Every seventh submission finds it too busy; every third receipt comes before its response."""

    def __init__(self):
        self.port, self.taken, self.throttled, self.esmes = free_port(), [], 0, {}
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_until_complete, args=(self._serve(),), daemon=True)
        self.ready = threading.Event()
        self.thread.start()
        assert self.ready.wait(20)

    async def _serve(self):
        import smpp34
        self.stopping, server = asyncio.Event(), smpp34.Server("127.0.0.1", self.port)
        await server.start()
        self.ready.set()
        stopped = asyncio.ensure_future(self.stopping.wait())
        count, delivered = 0, set()
        while True:
            event = asyncio.ensure_future(server.next())
            await asyncio.wait([event, stopped], return_when=asyncio.FIRST_COMPLETED)
            if stopped.done():
                event.cancel()
                break
            event = event.result()
            if isinstance(event, smpp34.Esme):
                self.esmes[event.session_id] = event
            elif isinstance(event, smpp34.Unbound):
                self.esmes.pop(event.session_id, None)
            else:
                count += 1
                if count % 7 == 0:
                    self.throttled += 1
                    event.reject(smpp34.ESME_RTHROTTLED)
                    continue
                self.taken.append((event.destination_addr, event.data_coding, event.esm_class, event.short_message))
                name = f"{0x9F00 + count:X}"
                told = asyncio.ensure_future(self._receipt(event, name))
                delivered.add(told)
                told.add_done_callback(delivered.discard)
                if count % 3 == 0:
                    await told
                event.accept(name)
        await server.stop()

    async def _receipt(self, event, name):
        """All that it says stands in optional parameters; the text is one that nobody understands."""
        import smpp34
        tlvs = [smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, name.encode() + b"\0"),
                smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, b"\x02")]
        await self.esmes[event.session_id].deliver_sm(
            event.source_addr, b"reached", source_addr=event.destination_addr, esm_class=4, tlvs=tlvs)

    def deliver(self, sender, text):
        async def one():
            [esme] = [esme for esme in self.esmes.values() if esme.can_receive][:1]
            await esme.deliver_sm(OURS, text.encode("utf-16-be"), source_addr=sender, source_addr_ton=1, source_addr_npi=1,
                                  data_coding=8)
        asyncio.run_coroutine_threadsafe(one(), self.loop).result(20)

    def stop(self):
        self.loop.call_soon_threadsafe(self.stopping.set)
        self.thread.join(20)
        self.loop.close()


class Smpp34(Case):
    def setUp(self):
        super().setUp()
        if importlib.util.find_spec("smpp34") is None:
            self.skipTest("PyPI: smpp34")

    def ask(self, barid, method, path, body=None):
        answer = barid.http(method, path, body, key=True)
        self.assertIn(answer.code, (200, 201, 204), answer)
        return answer.json if answer.out else None

    def connected(self, *words):
        centre = Centre()
        self.addCleanup(centre.stop)
        barid = self.barid().serve(*words)
        self.ask(barid, "PUT", "/v1/messages/settings", {
            "countries": ["SA"], "parts": 10, "parts_a_day": None, "parts_a_day_by_country": None,
            "parts_a_day_by_block": None})
        self.ask(barid, "POST", "/v1/originators", {"value": f"+{OURS}"})
        access = {"host": "127.0.0.1", "port": centre.port, "system_id": "barid", "password": "secret", "per_second": 500}
        route = self.ask(barid, "POST", "/v1/routes", {"name": "Main", "access": access})["id"]
        until(lambda: self.ask(barid, "GET", f"/v1/routes/{route}")["binds_up"], 20, "no session came up")
        return barid, centre

    def test_its_centre_gets_whole_texts_once_and_is_answered(self):
        barid, centre = self.connected()
        sent = {}
        for n, text in enumerate(TEXTS * 3):
            made = self.ask(barid, "POST", "/v1/messages", {"to": f"+96650123456{n % 4}", "text": text, "basis": "contract"})
            sent[made["id"]] = text
        states = lambda: [self.ask(barid, "GET", f"/v1/messages/{one}")["state"] for one in sent]
        until(lambda: set(states()) == {"delivered"}, 60, lambda: str(states()))
        self.assertGreater(centre.throttled, 0)
        whole, parts = [], {}
        for to, coding, esm_class, octets in centre.taken:
            if not esm_class & 0x40:
                whole.append(decoded(coding, octets))
                continue
            length = octets[0] + 1
            reference, total, number = octets[length - 3:length]
            found = parts.setdefault((to, reference, total), {})
            self.assertNotIn(number, found, "a part came twice")
            found[number] = decoded(coding, octets[length:])
        for (_, _, total), found in parts.items():
            self.assertEqual(set(found), set(range(1, total + 1)))
            whole.append("".join(found[number] for number in sorted(found)))
        self.assertEqual(sorted(whole), sorted(sent.values()))
        centre.deliver(LINA, "توقف")
        received = lambda: self.ask(barid, "GET", "/v1/messages/received")["items"]
        until(received, 20, "nothing came in")
        self.assertEqual([(one["text"], one["keyword"]) for one in received()], [("توقف", "stop")])

    def test_its_client_submits_to_us_and_gets_every_receipt(self):
        import smpp34
        port = free_port()
        barid, _ = self.connected("--smpp-listen", f"127.0.0.1:{port}")
        account = {"system_id": "shop", "secret": "secret-1",
                   "settings": {"name": "Shop", "basis": "contract", "per_second": 1000, "numbers": [OURS]}}
        self.ask(barid, "POST", "/v1/smpp-accounts", account)

        async def whole():
            client = smpp34.Client("127.0.0.1", port, "shop", "secret-1", window_size=20)
            smsc = await client.connect()

            async def one(n):
                text = TEXTS[2][:60]
                answer = await smsc.submit_sm(
                    f"9665012{n:05}", text.encode("utf-16-be"), source_addr=OURS, source_addr_ton=1, source_addr_npi=1,
                    registered_delivery=1, data_coding=8)
                self.assertTrue(answer.is_success, answer.command_status)
                return answer.message_id

            async def receipt():
                event = await smsc.next()
                tlvs = {tlv.tag: tlv for tlv in event.tlvs}
                self.assertEqual((event.esm_class & 0x3C, tlvs[smpp34.TLV_MESSAGE_STATE].as_int()), (4, 2))
                return tlvs[smpp34.TLV_RECEIPTED_MESSAGE_ID].as_string()

            ids = await asyncio.gather(*[one(n) for n in range(60)])
            receipts = [await asyncio.wait_for(receipt(), 60) for _ in ids]
            wrong = await smsc.submit_sm("x", b"no number", source_addr=OURS)
            self.assertEqual(wrong.command_status, smpp34.ESME_RINVDSTADR)
            await smsc.unbind()
            return ids, receipts

        ids, receipts = asyncio.run(asyncio.wait_for(whole(), 180))
        self.assertEqual(len(set(ids)), 60)
        self.assertEqual(sorted(ids), sorted(receipts))

        async def stranger():
            await smpp34.Client("127.0.0.1", port, "shop", "wrong").connect()

        with self.assertRaises(Exception):
            asyncio.run(asyncio.wait_for(stranger(), 20))
