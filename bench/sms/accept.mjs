// Requests to POST /v1/messages. `open`: RATE a second whatever the answers take, for the time that COUNT of them need;
// `closed`: as fast as so many at a time are answered. One line of JSON with what they took.
import http from "node:http";

const { url, key, count, rate, parallel, first, trial, people, due } = JSON.parse(process.argv[2]);
const agent = new http.Agent({ keepAlive: true, maxSockets: parallel });
const target = new URL("/v1/messages", url);
const took = [];
const refused = {};

function post(number) {
  const body = JSON.stringify({
    to: `+9665${String(10_000_000 + (number % people)).slice(-8)}`,
    text: `Your order ${first + number} is on its way.`,
    basis: "contract",
    trial,
    send_at: due,
  });
  const begun = performance.now();
  return new Promise((done) => {
    const request = http.request(
      target,
      {
        method: "POST",
        agent,
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      },
      (answer) => {
        answer.resume();
        answer.on("end", () => {
          took.push(performance.now() - begun);
          if (answer.statusCode !== 201) refused[answer.statusCode] = (refused[answer.statusCode] ?? 0) + 1;
          done();
        });
      },
    );
    request.on("error", () => {
      refused.broken = (refused.broken ?? 0) + 1;
      done();
    });
    request.end(body);
  });
}

const begun = performance.now();
if (rate) {
  const all = [];
  for (let number = 0; number < count; number += 1) {
    const due = begun + (number * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((done) => setTimeout(done, wait));
    all.push(post(number));
  }
  await Promise.all(all);
} else {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      await post(next - 1);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}
const seconds = (performance.now() - begun) / 1000;
took.sort((a, b) => a - b);
const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
console.log(JSON.stringify({ seconds, p50: at(0.5), p99: at(0.99), worst: at(1), refused }));
process.exit(0);
