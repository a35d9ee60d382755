// @vitest-environment node
import { Aes128Gcm, DhkemX25519HkdfSha256 as Native } from "@hpke/core";
import { DhkemX25519HkdfSha256 as Written } from "@hpke/dhkem-x25519";
import { openWith, sealTo, shareInfo, suiteOf } from "@sealed/hpke";
import { fingerprintOf, openFile, Reader, sealFile, Sender, type Encrypted, type Place } from "@sealed/message";
import { b64u, hex, random, unb64u, utf8, type Octets } from "@sealed/octets";
import { describe, expect, it } from "vitest";

const octets = (text: string): Octets => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, mode base. */
const VECTOR = {
  info: "4f6465206f6e2061204772656369616e2055726e",
  pkRm: "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
  skRm: "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
  enc: "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
  pt: "4265617574792069732074727574682c20747275746820626561757479",
  aad: "436f756e742d30",
  ct: "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
};

describe.each([["the browser's", () => new Native()], ["the written", () => new Written()]] as const)("HPKE with %s X25519", (_, kem) => {
  it("opens what the standard sealed", async () => {
    const suite = suiteOf(kem(), new Aes128Gcm());
    const recipientKey = await suite.kem.deserializePrivateKey(octets(VECTOR.skRm));
    const context = await suite.createRecipientContext({ recipientKey, enc: octets(VECTOR.enc), info: octets(VECTOR.info) });
    expect(hex(await context.open(octets(VECTOR.ct), octets(VECTOR.aad)))).toBe(VECTOR.pt);
  });

  it("opens what the other one sealed, at its own place and for its own recipient alone", async () => {
    const mine = suiteOf(kem());
    const other = suiteOf(kem() instanceof Native ? new Written() : new Native());
    const pair = await mine.kem.generateKeyPair();
    const publicKey = new Uint8Array(await mine.kem.serializePublicKey(pair.publicKey));
    const key = random(32);
    const info = shareInfo("cnv_1", "k", "dev_1");
    const share = await sealTo(other, publicKey, info, key);
    expect([unb64u(share.enc).length, unb64u(share.ciphertext).length]).toEqual([32, 48]);
    expect(await openWith(mine, pair, info, share)).toEqual(key);
    await expect(openWith(mine, pair, shareInfo("cnv_2", "k", "dev_1"), share)).rejects.toThrow();
    await expect(openWith(mine, await mine.kem.generateKeyPair(), info, share)).rejects.toThrow();
  });
});

it("a key that never leaves the browser opens, too", async () => {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const share = await sealTo(suiteOf(new Written()), publicKey, "x", utf8("secret"));
  expect(pair.privateKey.extractable).toBe(false);
  expect(await openWith(suiteOf(new Native()), pair, "x", share)).toEqual(utf8("secret"));
});

describe("messages", () => {
  const key = random(32);
  const place: Place = { conversation: "cnv_1", role: "visitor", visibility: "all" };
  const seal = (text: string, sender = new Sender()) => sender.seal(key, "k", "thr_1", place, { v: 1, type: "text", text });

  it("are read by who holds the key, and tell little by their length", async () => {
    const message = await seal("السلام عليكم");
    expect(await new Reader().open(key, place, 4, message)).toEqual({ v: 1, type: "text", text: "السلام عليكم" });
    expect((unb64u(message.ciphertext).length - 16) % 128).toBe(0);
    await expect(new Reader().open(random(32), place, 4, message)).rejects.toThrow();
  });

  it("belong to one conversation, thread, writer and number", async () => {
    const message = await seal("yes");
    const moved: Array<[Place, Encrypted]> = [
      [{ ...place, conversation: "cnv_2" }, message], [{ ...place, role: "usr_1" }, message], [{ ...place, visibility: "agents" }, message],
      [place, { ...message, thread: "thr_2" }], [place, { ...message, counter: 1 }], [place, { ...message, sender: b64u(random(16)) }], [place, { ...message, key_id: "other" }],
    ];
    for (const [where, what] of moved) await expect(new Reader().open(key, where, 4, what)).rejects.toThrow();
  });

  it("are told once: a repetition in another place is refused", async () => {
    const [reader, message] = [new Reader(), await seal("pay")];
    await reader.open(key, place, 4, message);
    await reader.open(key, place, 4, message);
    await expect(reader.open(key, place, 9, message)).rejects.toThrow("repeated");
  });

  it("of one writer never use a number twice", async () => {
    const sender = new Sender();
    const counters = await Promise.all(Array.from({ length: 8 }, () => seal("x", sender).then(({ counter }) => counter)));
    expect(new Set(counters).size).toBe(8);
  });

  it("of another version or kind are refused instead of guessed at", async () => {
    const odd = await new Sender().seal(key, "k", "thr_1", place, JSON.parse('{"v":2,"type":"text","text":"x"}'));
    await expect(new Reader().open(key, place, 1, odd)).rejects.toThrow();
    expect(() => unb64u("a+b")).toThrow();
    expect(() => unb64u("AAAA", 32)).toThrow();
  });
});

it("files open with what their message says, and with nothing else", async () => {
  const file = new File(["report"], "r.pdf", { type: "application/pdf" });
  const { octets: sealed, key } = await sealFile("cnv_1", file);
  const whole = { id: "fil_1", ...key };
  expect(new TextDecoder().decode(await openFile("cnv_1", whole, sealed))).toBe("report");
  await expect(openFile("cnv_2", whole, sealed)).rejects.toThrow();
  sealed[0] = (sealed[0] ?? 0) ^ 1;
  await expect(openFile("cnv_1", whole, sealed)).rejects.toThrow("other octets");
});

it("devices are compared by ten groups of four digits", async () => {
  expect(await fingerprintOf(new Uint8Array(32))).toBe("6668 7aad f862 bd77 6c8f c18b 8e9f 8e20 0897 1485");
});
