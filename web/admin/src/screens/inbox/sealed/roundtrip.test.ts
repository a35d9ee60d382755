// @vitest-environment node
import { DhkemX25519HkdfSha256 } from "@hpke/core";
import { openWith, shareInfo, suiteOf } from "@sealed/hpke";
import { Reader, Sender } from "@sealed/message";
import { b64u, unb64u } from "@sealed/octets";
import { beforeAll, describe, expect, it } from "vitest";
import { hashOf, judged } from "./log";
import type { LogEntry } from "./shapes";

/** The widget's part as it is built, whose types are those of another project. */
const WIDGET = import.meta.glob("../../../../../embed/src/chat-sealed/index.ts");

interface Waiting { id: string; to: string; text: string; at: string; state: "waiting" }
interface Told { key_id: string; shares: Array<{ recipient: string; enc: string; ciphertext: string }> }
type Asked = { path: string; body: unknown };

const suite = suiteOf(new DhkemX25519HkdfSha256());
const CONVERSATION = { id: "cnv_1", state: "open", thread: "thr_1", encryption: { mode: "end_to_end", key_id: null as string | null, rotate: false, missing: 0 } };

/** The widget's own code beside a server that only keeps what it is given. */
async function visitor(devices: Array<{ device: string; public_key: string }>) {
  const asked: Asked[] = [];
  const chat = {
    conversation: undefined as typeof CONVERSATION | undefined,
    get live() { return this.conversation !== undefined; },
    store: { it: {} as Record<string, unknown>, begin: () => {} },
    first: (one: Waiting) => ({ client_id: one.id, text: one.text }),
    met(answer: { conversation?: typeof CONVERSATION }) { if (answer.conversation) this.conversation = answer.conversation; },
    on: () => () => {},
    wire: {
      ask: async (path: string, body?: unknown) => {
        asked.push({ path, body });
        if (path === "start") return { conversation: structuredClone(CONVERSATION), events: [] };
        if (path === "keys" && !body) return { conversation: "cnv_1", key_id: chat.conversation?.encryption.key_id ?? null, rotate: chat.conversation?.encryption.rotate ?? false, devices, reception: [], missing: [] };
        return { event: null };
      },
    },
  };
  const begin = (window as unknown as { Barid: Record<string, (host: object) => { deliver: (one: Waiting) => Promise<unknown>; open: (one: object) => Promise<void> }> }).Barid["chat-sealed"];
  if (!begin) throw new Error("not there");
  const sealing = begin({ chat });
  const post = (id: string, text: string, to = "messages") => sealing.deliver({ id, to, text, at: "", state: "waiting" });
  return { chat, asked, post, sealing };
}

beforeAll(async () => {
  Object.assign(globalThis, { window: globalThis });
  await Promise.all(Object.values(WIDGET).map((load) => load()));
});

const sent = (asked: Asked[], path: string) => asked.filter((one) => one.path === path && one.body).map(({ body }) => body);

describe("a visitor and a member", () => {
  const given = async () => {
    const pair = await suite.kem.generateKeyPair();
    const device = { device: "dev_1", public_key: b64u(await suite.kem.serializePublicKey(pair.publicKey)) };
    const there = await visitor([device]);
    await there.post("m1", "أين طلبي؟", "start");
    const [told] = sent(there.asked, "keys") as [Told];
    const share = told.shares[0] as Told["shares"][0];
    const key = await openWith(suite, pair, shareInfo("cnv_1", told.key_id, "dev_1"), share);
    return { there, told, key };
  };

  it("read each other, and nothing readable passes the server", async () => {
    const { there, told, key } = await given();
    const [{ encrypted, client_id }] = sent(there.asked, "messages") as [{ client_id: string; encrypted: Parameters<Reader["open"]>[3] }];
    expect(client_id).toBe("m1");
    expect((sent(there.asked, "start")[0] as { text: unknown; client_id: string })).toMatchObject({ text: null, client_id: "m1-s" });
    expect(JSON.stringify(there.asked)).not.toContain("طلبي");
    const place = { conversation: "cnv_1", role: "visitor", visibility: "all" } as const;
    expect(await new Reader().open(key, place, 2, encrypted)).toMatchObject({ text: "أين طلبي؟" });
    const answer = await new Sender().seal(key, told.key_id, "thr_1", { ...place, role: "usr_9" }, { v: 1, type: "text", text: "في الطريق" });
    const event = { seq: 3, author: { kind: "agent", me: false }, text: null as string | null, encrypted: { ...answer, role: "usr_9" } };
    await there.sealing.open(event);
    expect(event.text).toBe("في الطريق");
    const forged = { ...event, seq: 4, text: null as string | null, author: { kind: "agent", me: false }, encrypted: { ...encrypted, role: "visitor" }, locked: false };
    await there.sealing.open(forged);
    expect([forged.text, forged.locked]).toEqual([null, true]);
  });

  it("keep one key until it has to be another, and then use another", async () => {
    const { there } = await given();
    await Promise.all([there.post("m2", "one"), there.post("m3", "two")]);
    expect(sent(there.asked, "keys")).toHaveLength(1);
    Object.assign(there.chat.conversation?.encryption ?? {}, { rotate: true });
    await there.post("m4", "three");
    const keys = (sent(there.asked, "keys") as Told[]).map(({ key_id }) => key_id);
    expect(new Set(keys).size).toBe(2);
    const messages = sent(there.asked, "messages") as Array<{ encrypted: { key_id: string; counter: number } }>;
    expect(messages.map(({ encrypted }) => [keys.indexOf(encrypted.key_id), encrypted.counter])).toEqual([[0, 0], [0, 1], [0, 2], [1, 0]]);
    expect(unb64u(keys[0] ?? "")).toHaveLength(16);
  });
});

describe("the log of devices", () => {
  const entry = (n: number, action: LogEntry["action"]): LogEntry => ({ n, at: "", device: "dev_1", member: { id: "usr_1", name: "Layla" }, action, by: { id: "usr_1", name: "Layla" }, by_device: null, public_key: b64u(new Uint8Array(32)), fingerprint: "", hash: "" });
  const chained = async (...entries: LogEntry[]) => {
    let before = "0".repeat(64);
    for (const one of entries) before = one.hash = await hashOf(before, one);
    return entries;
  };

  it("is believed while it hangs together and begins as it did", async () => {
    const log = await chained(entry(1, "added"), entry(2, "approved_first"));
    expect(await judged(log, null)).toBe("whole");
    expect(await judged(log, { n: 1, hash: log[0]?.hash ?? "" })).toBe("whole");
    expect(await judged(await chained(entry(1, "added"), entry(2, "revoked")), { n: 2, hash: log[1]?.hash ?? "" })).toBe("changed");
    expect(await judged(log.map((one) => ({ ...one, member: { id: "usr_2", name: "Omar" } })), null)).toBe("broken");
  });
});
