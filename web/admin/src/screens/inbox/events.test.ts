import { describe, expect, it } from "vitest";
import type { Happening } from "./api";
import { continues, filled, merged, pending, shortcutIn, type Sending } from "./events";

const event = (seq: number, more: Partial<Happening> = {}): Happening => ({
  seq, thread: "thr_1", at: `2026-11-22T10:00:${String(seq).padStart(2, "0")}Z`, kind: "message", author: { kind: "visitor", id: null, name: null }, visibility: "all", client_id: null,
  text: String(seq), file: null, form: null, quick_replies: null, code: null, params: null, deleted: false, ...more,
});

describe("events of a conversation", () => {
  it("are each there once and in order, however they came", () => {
    const all = merged([event(1), event(3)], [event(3, { deleted: true }), event(2)]);
    expect(all.map(({ seq, deleted }) => [seq, deleted])).toEqual([[1, false], [2, false], [3, true]]);
  });

  it("end the waiting for what they were sent as", () => {
    const sendings = ["a", "b"].map((client_id): Sending => ({ client_id, kind: "message", at: "", failed: false }));
    expect(pending(sendings, [event(1, { client_id: "a" })]).map(({ client_id }) => client_id)).toEqual(["b"]);
  });

  it("carry on without a name, but never from a note into a message", () => {
    expect(continues(event(1), event(2))).toBe(true);
    expect(continues(event(1, { visibility: "agents" }), event(2))).toBe(false);
    expect(continues(event(1), event(2, { at: "2026-11-22T11:00:00Z" }))).toBe(false);
  });
});

describe("canned replies", () => {
  it("are asked for by a stroke at the very beginning", () => {
    expect(shortcutIn("/hel")).toBe("hel");
    expect(shortcutIn("/")).toBe("");
    expect(shortcutIn("/مرحبا")).toBe("مرحبا");
    expect(shortcutIn("and/or")).toBeNull();
    expect(shortcutIn("/hello there")).toBeNull();
  });

  it("name who is spoken to, and leave alone what they do not know", () => {
    expect(filled("Dear {name}, {order}", { name: "Omar" })).toBe("Dear Omar, {order}");
  });
});
