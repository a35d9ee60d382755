import { describe, expect, it } from "vitest";
import type { Block, Design } from "./document";
import { wordsOf } from "./document";
import { offsetOf } from "./lines";
import { addBlock, blockOfPointer, duplicateBlock, moveBlock, newBlock, placeOf, removeBlock } from "./edits";
import { beginning, redone, STEPS, stepped, undone } from "./history";
import { frameOf, fullness, policy } from "./preview";
import { asLink, cleanDoc, docOfLine, lineOfDoc } from "./richtext";

const footer: Block = { id: "foot", type: "footer", text: "", view_link: false, notice: false, align: "center" };
const text = (id: string) => newBlock("text", id);
const row = (id: string, ...cols: Block[][]) => ({ id, layout: cols.map(() => 1), stack: "normal" as const, style: {}, cols });
const theme = { width: 600, bg: "#ffffff", surface: "#ffffff", text: "#000000", link: "#000000", brand: "#000000", font: "plex" as const, radius: 6, dark: null };
const design = (...rows: Design["rows"]): Design => ({ v: 1, dir: "ltr", lang: "en", preheader: "", theme, rows });
const ids = (of: Design) => of.rows.map(({ cols }) => cols.map((blocks) => blocks.map(({ id }) => id).join("+")).join("|"));

describe("the document's edits", () => {
  const start = design(row("r1", [text("a"), text("b")]), row("r2", [text("c")], [text("d")]), row("r3", [footer]));

  it("put a new block before the footer, or after another one", () => {
    expect(ids(addBlock(start, text("n")))).toEqual(["a+b", "c|d", "n", "foot"]);
    expect(ids(addBlock(start, text("n"), { row: 0, col: 0, at: 0 }))).toEqual(["a+n+b", "c|d", "foot"]);
    expect(ids(addBlock(start, text("n"), { row: 2, col: 0, at: 0 }))).toEqual(["a+b", "c|d", "n", "foot"]);
  });

  it("move a block within its column and then out of it", () => {
    const down = moveBlock(start, { row: 0, col: 0, at: 0 }, 1);
    expect(ids(down)).toEqual(["b+a", "c|d", "foot"]);
    expect(ids(moveBlock(down, { row: 0, col: 0, at: 1 }, 1))).toEqual(["b", "a", "c|d", "foot"]);
    expect(ids(moveBlock(start, { row: 1, col: 1, at: 0 }, -1))).toEqual(["a+b", "d", "c|", "foot"]);
  });

  it("never move, remove or copy the footer, nor anything past it", () => {
    const last = { row: 2, col: 0, at: 0 };
    expect(removeBlock(start, last)).toBe(start);
    expect(duplicateBlock(start, last)).toBe(start);
    expect(moveBlock(start, last, -1)).toBe(start);
    const near = design(row("r1", [text("a")]), row("r2", [footer]));
    expect(ids(moveBlock(near, { row: 0, col: 0, at: 0 }, 1))).toEqual(["a", "foot"]);
    const inside = design(row("r1", [text("a"), footer]));
    expect(ids(moveBlock(inside, { row: 0, col: 0, at: 0 }, 1))).toEqual(["a+foot"]);
  });

  it("take an empty row away with its last block, and find blocks again", () => {
    const without = removeBlock(removeBlock(start, { row: 0, col: 0, at: 0 }), { row: 0, col: 0, at: 0 });
    expect(ids(without)).toEqual(["c|d", "foot"]);
    expect(placeOf(without, "d")).toEqual({ row: 0, col: 1, at: 0 });
    expect(blockOfPointer(start, "/rows/1/cols/1/0/url")).toBe("d");
    expect(blockOfPointer(start, "/preheader")).toBeNull();
  });

  it("give a copy a name of its own", () => {
    const copied = duplicateBlock(start, { row: 0, col: 0, at: 0 });
    const names = copied.rows.flatMap(({ cols }) => cols.flat().map(({ id }) => id));
    expect(new Set(names).size).toBe(6);
  });
});

describe("the code view", () => {
  it("finds the place of a line and column, counted in characters", () => {
    const text = "a\n👍bc\nlast";
    expect(text.slice(offsetOf(text, 2, 2))).toBe("bc\nlast");
    expect(offsetOf(text, 3, 99)).toBe(text.length);
    expect(offsetOf(text, 9, 1)).toBe(text.length);
  });
});

describe("history", () => {
  it("goes back and forwards, and forgets what was undone after a new step", () => {
    let history = beginning(0);
    for (const [step, value] of [1, 2, 3].entries()) history = stepped(history, value, `s${step}`, step * 5000);
    history = undone(undone(history));
    expect(history.now).toBe(1);
    expect(redone(history).now).toBe(2);
    expect(redone(stepped(history, 9, "new", 90_000)).now).toBe(9);
  });

  it("keeps a hundred steps, and writing one word is one of them", () => {
    let history = beginning(0);
    for (let step = 1; step <= 150; step++) history = stepped(history, step, `s${step}`, step);
    expect(history.past).toHaveLength(STEPS);
    let typing = beginning("");
    for (const [at, letters] of ["a", "ab", "abc"].entries()) typing = stepped(typing, letters, "text", at * 100);
    expect(undone(typing).now).toBe("");
  });
});

describe("rich text", () => {
  it("leaves nothing that the server does not know", () => {
    const raw = { type: "doc", content: [{ type: "orderedList", attrs: { start: 1, type: null }, content: [{ type: "listItem", attrs: { color: null }, content: [{ type: "paragraph", attrs: { textAlign: null }, content: [
      { type: "text", text: "x", marks: [{ type: "link", attrs: { href: "https://a.example", target: "_blank", rel: "noopener", class: null } }, { type: "code" }] },
      { type: "merge", attrs: { field: "first_name", fallback: "friend", extra: 1 } },
    ] }] }] }, { type: "codeBlock", content: [] }] };
    expect(cleanDoc(raw)).toEqual({ type: "doc", content: [{ type: "orderedList", content: [{ type: "listItem", content: [{ type: "paragraph", content: [
      { type: "text", text: "x", marks: [{ type: "link", attrs: { href: "https://a.example" } }] },
      { type: "merge", attrs: { field: "first_name", fallback: "friend" } },
    ] }] }] }] });
  });

  it("turns a heading into a paragraph and back", () => {
    const line = [{ type: "text" as const, text: "مرحبا" }, { type: "hardBreak" as const }];
    expect(lineOfDoc(docOfLine(line))).toEqual(line);
    expect(wordsOf(docOfLine(line))).toBe("مرحبا");
  });

  it("completes addresses that people type", () => {
    expect(asLink("example.org/a")).toBe("https://example.org/a");
    expect(asLink("a@example.org")).toBe("mailto:a@example.org");
    expect(asLink("{{ unsubscribe_url }}")).toBe("{{ unsubscribe_url }}");
    expect(asLink("javascript:alert(1)")).toBe("javascript:alert(1)");
  });
});

describe("the preview", () => {
  const origin = "http://barid.example";

  it("puts its own policy before everything the message brings", () => {
    const frame = frameOf('<html><head lang="en"><script>parent.x()</script></head><body>x</body></html>', { origin });
    expect(frame.indexOf("Content-Security-Policy")).toBeLessThan(frame.indexOf("<script"));
    const parsed = new DOMParser().parseFromString(frameOf('<!-- <head> --><html lang="ar" dir="rtl"><head><title>t</title></head><body id="b">x</body></html>', { origin }), "text/html");
    expect(parsed.head.querySelector("meta[http-equiv]")?.getAttribute("content")).toContain("default-src 'none'");
    expect([parsed.documentElement.dir, parsed.body.id, parsed.title]).toEqual(["rtl", "b", "t"]);
  });

  it("allows no script, and other servers' pictures only when asked", () => {
    expect(policy(origin, false)).toBe(`default-src 'none'; img-src ${origin} data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'`);
    expect(policy(origin, true)).toContain("data: https: http:");
    expect(policy(origin, true)).not.toContain("script-src");
  });

  it("shows the dark colours only in the dark", () => {
    const html = "<head></head><style>@media (prefers-color-scheme:dark){a{}}</style>";
    expect(frameOf(html, { origin, scheme: "dark" })).toContain("@media all{a{}}");
    expect(frameOf(html, { origin, scheme: "light" })).toContain("@media not all{a{}}");
  });

  it("warns before mail programs cut the message off", () => {
    expect(fullness(50_000).level).toBe("good");
    expect(fullness(100_000).level).toBe("near");
    expect(fullness(105_000).level).toBe("over");
  });
});
