import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Draft, type Meanwhile } from "./draft";
import type { Flat } from "./fields";

const problem = (code: string, status = 409, more = {}) => ({ type: "about:blank", title: "x", status, code, detail: "x", ...more });

function start(save: (base: Flat, mine: Flat, revision: number) => Promise<number>, meanwhile: Meanwhile | null = null, fields: Flat = { name: "N", subject: "S" }, revision = 1) {
  const taken = vi.fn();
  const draft = new Draft({ fields, revision }, { key: "k", save, meanwhile: ({ code }) => (code === "changed_meanwhile" ? meanwhile : null), taken });
  return { draft, taken };
}

const accepting = () => vi.fn(async (_base: Flat, _mine: Flat, revision: number) => revision + 1);

beforeEach(() => { localStorage.clear(); vi.useFakeTimers(); });
afterEach(() => vi.useRealTimers());

describe("a draft", () => {
  it("is saved a moment after the last change, once", async () => {
    const save = accepting();
    const { draft } = start(save);
    draft.change({ name: "N", subject: "A" });
    draft.change({ name: "N", subject: "AB" });
    expect(draft.snapshot().saving.kind).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1000);
    expect(save).toHaveBeenCalledOnce();
    expect(draft.snapshot().saving.kind).toBe("saved");
    expect(localStorage.getItem("k")).toBeNull();
  });

  it("survives a lost connection, and the page", async () => {
    const lost = vi.fn(async () => { throw new TypeError("failed to fetch"); });
    const { draft } = start(lost);
    draft.change({ name: "N", subject: "typed" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(draft.snapshot().saving.kind).toBe("offline");
    const save = accepting();
    const again = start(save).draft;
    expect(again.snapshot().fields.subject).toBe("typed");
    await vi.advanceTimersByTimeAsync(10);
    expect(save.mock.calls[0]?.[1].subject).toBe("typed");
  });

  it("tries again by itself when the connection is back", async () => {
    let back = false;
    const save = vi.fn(async () => { if (!back) throw new TypeError("lost"); return 2; });
    const { draft } = start(save);
    draft.change({ name: "N", subject: "typed" });
    await vi.advanceTimersByTimeAsync(1000);
    back = true;
    await vi.advanceTimersByTimeAsync(6000);
    expect(draft.snapshot().saving.kind).toBe("saved");
  });

  it("takes another one's changes to other fields and says so", async () => {
    const theirs = { name: "Theirs", subject: "S" };
    const save = vi.fn(async (_base: Flat, _mine: Flat, revision: number) => { if (revision === 1) throw problem("changed_meanwhile"); return 9; });
    const { draft, taken } = start(save, { theirs, revision: 5, by: "Layla", at: null });
    draft.change({ name: "N", subject: "Mine" });
    await vi.advanceTimersByTimeAsync(2000);
    expect(taken).toHaveBeenCalledWith(["name"], "Layla");
    expect(save).toHaveBeenLastCalledWith(theirs, { name: "Theirs", subject: "Mine" }, 5);
    expect(draft.snapshot()).toMatchObject({ conflict: null, saving: { kind: "saved" } });
  });

  it("never writes over the same field: it asks, and does as told", async () => {
    const theirs = { name: "N", subject: "Theirs" };
    const save = vi.fn(async (_base: Flat, _mine: Flat, revision: number) => { if (revision === 1) throw problem("changed_meanwhile"); return 9; });
    const { draft } = start(save, { theirs, revision: 5, by: "Layla", at: null });
    draft.change({ name: "N", subject: "Mine" });
    await vi.advanceTimersByTimeAsync(9000);
    expect(draft.snapshot().conflict?.names).toEqual(["subject"]);
    expect(save).toHaveBeenCalledOnce();
    draft.resolve({ subject: "mine" });
    await vi.advanceTimersByTimeAsync(10);
    expect(save).toHaveBeenLastCalledWith(theirs, { name: "N", subject: "Mine" }, 5);
  });

  it("asks, too, when what was kept here is older than the server's", () => {
    localStorage.setItem("k", JSON.stringify({ revision: 1, base: { subject: "S" }, mine: { subject: "Mine" } }));
    const { draft } = start(accepting(), null, { name: "N", subject: "Theirs" }, 2);
    expect(draft.snapshot().conflict?.names).toEqual(["subject"]);
    draft.resolve({ subject: "theirs" });
    expect(draft.snapshot().fields.subject).toBe("Theirs");
    expect(localStorage.getItem("k")).toBeNull();
  });

  it("keeps what is refused on the screen and says why", async () => {
    const { draft } = start(async () => { throw problem("invalid_input", 422); });
    draft.change({ name: "", subject: "S" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(draft.snapshot()).toMatchObject({ fields: { name: "" }, saving: { kind: "refused" } });
  });
});
