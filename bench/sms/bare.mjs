// The client of the same library alone: COUNT messages to the centre on PORT with so many under way, until every
// receipt has come. It keeps nothing. One line of JSON: messages a second, receipts included.
import smpp from "smpp";

const [port, count, window] = process.argv.slice(2).map(Number);
const session = smpp.connect({ url: `smpp://127.0.0.1:${port}` });
let [sent, answered, receipts, begun] = [0, 0, 0, 0];

function push() {
  while (sent < count && sent - answered < window) {
    sent += 1;
    const text = `bare ${sent}`;
    session.submit_sm({ source_addr: "966112345678", destination_addr: "966500000000", registered_delivery: 1, short_message: text }, () => {
      answered += 1;
      push();
    });
  }
}

session.on("deliver_sm", (pdu) => {
  session.send(pdu.response());
  receipts += 1;
  if (receipts === count) {
    console.log(JSON.stringify({ per_second: count / ((Date.now() - begun) / 1000) }));
    session.close();
    process.exit(0);
  }
});
session.bind_transceiver({ system_id: "bench", password: "bench" }, () => {
  begun = Date.now();
  push();
});
