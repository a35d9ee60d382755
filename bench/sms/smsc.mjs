// A message centre of the npm package `smpp` that takes everything at once and sends a receipt for each. It answers every
// line on its input with one line of JSON: how many it took and receipted, and the instants of the first and the last.
import readline from "node:readline";
import smpp from "smpp";

const seen = { taken: 0, receipted: 0, first: 0, last: 0, twice: 0 };
const texts = new Set();

const server = smpp.createServer((session) => {
  session.on("error", () => session.destroy?.());
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  for (const kind of ["bind_transceiver", "bind_transmitter", "bind_receiver"])
    session.on(kind, (pdu) => session.send(pdu.response({ system_id: "bench" })));
  session.on("submit_sm", (pdu) => {
    seen.first ||= Date.now();
    seen.taken += 1;
    const id = seen.taken.toString(16);
    const said = pdu.short_message?.message ?? pdu.short_message;
    const text = `${pdu.destination_addr} ${said}`;
    // Every text of the measurement has a number of its own.
    if (texts.has(text)) seen.twice += 1;
    texts.add(text);
    session.send(pdu.response({ message_id: id }));
    session.deliver_sm(
      {
        source_addr: pdu.destination_addr,
        destination_addr: pdu.source_addr,
        esm_class: 4,
        short_message: `id:${id} sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 stat:DELIVRD err:000 text:`,
      },
      () => {
        seen.receipted += 1;
        seen.last = Date.now();
      },
    );
  });
});

readline.createInterface({ input: process.stdin }).on("line", () => console.log(JSON.stringify(seen)));
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
