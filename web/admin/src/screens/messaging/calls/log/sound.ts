/** Sound as it is played: one channel of samples between -1 and 1. */
export interface Sound { rate: number; samples: Float32Array<ArrayBuffer> }

const PCM = 1;
const ALAW = 6;
const ULAW = 7;

function ulaw(octet: number): number {
  const value = ~octet & 0xff;
  const magnitude = (((value & 0x0f) << 3) + 0x84) << ((value >> 4) & 7);
  return (value & 0x80 ? 0x84 - magnitude : magnitude - 0x84) / 32_768;
}

function alaw(octet: number): number {
  const value = octet ^ 0x55;
  const exponent = (value >> 4) & 7;
  const base = ((value & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? base : (base + 0x100) << (exponent - 1);
  return (value & 0x80 ? magnitude : -magnitude) / 32_768;
}

/** Reads a WAV file of a call: 16-bit PCM or G.711, of whose channels the first is heard. Browsers do not all read
 *  G.711, and the page's rules let no media element play. `null` for what is no such file. */
export function readWav(file: ArrayBuffer): Sound | null {
  const view = new DataView(file);
  const word = (at: number) => (at + 4 <= view.byteLength ? String.fromCharCode(...new Uint8Array(file, at, 4)) : "");
  if (word(0) !== "RIFF" || word(8) !== "WAVE") return null;
  let format = 0, channels = 1, rate = 0, bits = 8;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at + 4, true);
    const from = at + 8;
    if (word(at) === "fmt " && from + 16 <= view.byteLength) {
      [format, channels, rate, bits] = [view.getUint16(from, true), view.getUint16(from + 2, true), view.getUint32(from + 4, true), view.getUint16(from + 14, true)];
    } else if (word(at) === "data") {
      const wide = bits / 8;
      const known = (format === PCM && bits === 16) || ((format === ULAW || format === ALAW) && bits === 8);
      if (!known || channels < 1 || rate < 1000 || rate > 192_000) return null;
      const frames = Math.floor(Math.min(size, view.byteLength - from) / (wide * channels));
      const samples = new Float32Array(frames);
      for (let frame = 0; frame < frames; frame += 1) {
        const place = from + frame * wide * channels;
        samples[frame] = format === PCM ? view.getInt16(place, true) / 32_768 : format === ULAW ? ulaw(view.getUint8(place)) : alaw(view.getUint8(place));
      }
      return { rate, samples };
    }
    at = from + size + (size % 2);
  }
  return null;
}
