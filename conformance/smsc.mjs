// A message centre made of the npm package `smpp`. It says what it gets as lines of JSON, and does what lines of JSON on
// its input say: {"deliver": {"from", "to", "text"}}. Ids are hexadecimal in responses and decimal in receipts; receipts
// come before the response, late, in any order and twice.
import readline from "node:readline";
import smpp from "smpp";

const sessions = new Set();
let count = 0;

function say(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function text(message) {
  const content = message && typeof message === "object" && "message" in message ? message.message : message;
  return Buffer.isBuffer(content) ? content.toString("hex") : String(content ?? "");
}

function receipt(session, pdu, id) {
  session.deliver_sm({
    source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
    short_message: `id:${id} sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 stat:DELIVRD err:000 text:`,
  });
}

const server = smpp.createServer((session) => {
  sessions.add(session);
  session.on("close", () => sessions.delete(session));
  session.on("error", () => sessions.delete(session));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on("bind_transceiver", (pdu) => {
    const welcome = pdu.password === "secret";
    session.send(pdu.response(welcome ? { system_id: "smsc" } : { command_status: smpp.ESME_RINVPASWD }));
    say({ bound: pdu.system_id, welcome });
  });
  session.on("submit_sm", (pdu) => {
    count += 1;
    const number = count;
    const udh = pdu.short_message?.udh ? pdu.short_message.udh.map((one) => one.toString("hex")) : [];
    say({
      to: pdu.destination_addr,
      from: pdu.source_addr,
      coding: pdu.data_coding,
      udh,
      text: text(pdu.short_message),
      validity: String(pdu.validity_period ?? ""),
    });
    const early = number % 3 === 0;
    if (early) receipt(session, pdu, String(number + 1000));
    session.send(pdu.response({ message_id: (number + 1000).toString(16).toUpperCase().padStart(8, "0") }));
    const wait = ((number * 37) % 5) * 40;
    if (!early) setTimeout(() => receipt(session, pdu, String(number + 1000)), wait);
    if (number % 4 === 0) setTimeout(() => receipt(session, pdu, String(number + 1000)), wait + 60);
  });
});

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { deliver } = JSON.parse(line);
  const [session] = sessions;
  session?.deliver_sm({
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: deliver.from,
    destination_addr: deliver.to,
    data_coding: 8,
    short_message: { message: deliver.text },
  });
});

server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
