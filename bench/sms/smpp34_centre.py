"""A message centre of the PyPI package `smpp34` that takes everything at once and sends a receipt for each. It answers every
line on its input with one line of JSON: how many it took, how many twice, and how many receipts were answered.

It is asyncio in one process: as fast as this language lets it be."""

import asyncio
import json
import socket
import sys

import smpp34


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


async def told(seen):
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        print(json.dumps(seen), flush=True)


async def main():
    port, seen, texts, esmes, under_way = free_port(), {"taken": 0, "twice": 0, "receipted": 0}, set(), {}, set()
    server = smpp34.Server("127.0.0.1", port, inbound_capacity=4096)
    await server.start()
    print(json.dumps({"port": port}), flush=True)
    under_way.add(asyncio.ensure_future(told(seen)))

    async def receipt(event, name):
        text = f"id:{name} sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 stat:DELIVRD err:000 text:"
        await esmes[event.session_id].deliver_sm(event.source_addr, text.encode(), source_addr=event.destination_addr, esm_class=4)
        seen["receipted"] += 1

    while True:
        event = await server.next()
        if isinstance(event, smpp34.Esme):
            esmes[event.session_id] = event
        elif isinstance(event, smpp34.SubmitSmEvent):
            seen["taken"] += 1
            text = (event.destination_addr, event.short_message)
            seen["twice"] += text in texts
            texts.add(text)
            name = f"{seen['taken']:x}"
            event.accept(name)
            one = asyncio.ensure_future(receipt(event, name))
            under_way.add(one)
            one.add_done_callback(under_way.discard)


asyncio.run(main())
