const primes: number[] = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
const part = (value: number): number => ((value - Math.floor(value)) * 2 ** 32) | 0;
const START = primes.slice(0, 8).map((prime) => part(Math.sqrt(prime)));
const ROUND = primes.map((prime) => part(Math.cbrt(prime)));

/** The first 32 bits of a text's SHA-256. Written out, because the browser's own needs https. */
export function hash(text: string): number {
  const bytes = new TextEncoder().encode(text);
  const words = new Int32Array((((bytes.length + 8) >> 6) + 1) * 16);
  bytes.forEach((byte, at) => (words[at >> 2]! |= byte << (24 - (at % 4) * 8)));
  words[bytes.length >> 2]! |= 0x80 << (24 - (bytes.length % 4) * 8);
  words[words.length - 1] = bytes.length * 8;
  const state = START.slice();
  const w = new Int32Array(64);
  const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by));
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
    for (let at = 0; at < 64; at++) {
      const y = w[at - 15]!;
      const z = w[at - 2]!;
      w[at] =
        at < 16
          ? words[block + at]!
          : w[at - 16]! + w[at - 7]! + (turn(y, 7) ^ turn(y, 18) ^ (y >>> 3)) + (turn(z, 17) ^ turn(z, 19) ^ (z >>> 10));
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[at]! + w[at]!) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, at) => (state[at] = (state[at]! + value) | 0));
  }
  return state[0]! >>> 0;
}

/** Finds a number whose hash behind `text` begins with so many zero bits, without keeping the page busy. */
export async function work(text: string, bits: number): Promise<number> {
  const below = 2 ** (32 - bits);
  for (let nonce = 0; ; nonce++) {
    if (hash(text + nonce) < below) return nonce;
    if (nonce % 500 === 499) await new Promise((done) => setTimeout(done));
  }
}
