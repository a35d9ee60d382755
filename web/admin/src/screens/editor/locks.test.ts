import { describe, expect, it } from "vitest";
import type { Block, Design, Row } from "@/screens/content/document";
import { touchesLocked } from "./locks";

const block = (id: string, words: string): Block => ({ id, type: "heading", level: 1, align: "start", content: [{ type: "text", text: words }] });
const row = (id: string, locked = false, words = id): Row => ({ id, layout: [1], stack: "normal", style: {}, cols: [[block(`${id}-b`, words)]], ...(locked ? { locked } : {}) });
const footer: Row = { id: "end", layout: [1], stack: "normal", style: {}, cols: [[{ id: "foot", type: "footer", text: "", view_link: false, notice: false, align: "center" }]] };
const design = (...rows: Row[]): Design => ({ v: 2, dir: "ltr", lang: "en", preheader: "", theme: { width: 600, font: "plex", radius: 8, bg: "#ffffff", surface: "#ffffff", text: "#000000", link: "#0000aa", brand: "#0000aa", dark: null }, rows: [...rows, footer] });

const [head, close] = [row("head", true), row("close", true)];
const before = design(head, row("one"), close);

describe("locked rows", () => {
  it.each([
    ["nothing", before],
    ["the same read again", JSON.parse(JSON.stringify(before)) as Design],
    ["more between", design(head, row("two"), row("one"), close)],
    ["less between", design(head, close)],
    ["other words between", design(head, row("one", false, "other"), close)],
  ])("are left alone by %s", (_, after) => expect(touchesLocked(before, after)).toBe(false));

  it.each([
    ["other words", design(row("head", true, "other"), row("one"), close)],
    ["the lock", design(row("head"), row("one"), close)],
    ["going", design(row("one"), close)],
    ["their order", design(close, row("one"), head)],
    ["something before the first", design(row("two"), head, row("one"), close)],
    ["something behind the last", design(head, row("one"), close, row("two"))],
  ])("are touched by %s", (_, after) => expect(touchesLocked(before, after)).toBe(true));

  it("alone in a message, are written around", () => {
    expect(touchesLocked(design(head), design(row("one"), head, row("two")))).toBe(false);
    expect(touchesLocked(design(row("one")), design(row("two")))).toBe(false);
  });
});
