import { describe, expect, it } from "vitest";
import type { Block, Design } from "@/screens/content/document";
import { insertAt, insertRows, lastGap, LAYOUTS, moveTo, neighbour, places, relaid, removeRow, type Target } from "./arrange";

const spacer = (id: string): Block => ({ id, type: "spacer", height: 8 });
const footer: Block = { id: "f", type: "footer", text: "", view_link: false, notice: false, align: "center" };
const row = (id: string, ...cols: Block[][]) => ({ id, layout: cols.map(() => 1), stack: "normal" as const, style: {}, cols });
const theme = { width: 600, bg: "#ffffff", surface: "#ffffff", text: "#000000", link: "#000000", brand: "#000000", font: "plex" as const, radius: 6, dark: null };
const design: Design = { v: 1, dir: "rtl", lang: "ar", preheader: "", theme, rows: [row("r1", [spacer("a"), spacer("b")]), row("r2", [spacer("c")], []), row("r3", [footer])] };
const shape = ({ rows }: Design) => rows.map(({ cols }) => cols.map((col) => col.map(({ id }) => id).join("")).join("|")).join("/");

describe("arranging blocks", () => {
  it("moves inside a column, into another, and into a row of its own", () => {
    const from = { row: 0, col: 0, at: 0 };
    expect(shape(moveTo(design, from, { row: 0, col: 0, at: 2 }))).toBe("ba/c|/f");
    expect(shape(moveTo(design, from, { row: 1, col: 1, at: 0 }))).toBe("b/c|a/f");
    expect(shape(moveTo(design, from, { gap: 2 }))).toBe("b/c|/a/f");
    expect(shape(moveTo(design, { row: 1, col: 0, at: 0 }, { gap: 0 }))).toBe("c/ab/f");
    expect(moveTo(design, from, { row: 0, col: 0, at: 1 })).toBe(design);
  });

  it("keeps the footer last, alone and in its place, whatever is tried", () => {
    const targets: Target[] = [{ gap: 3 }, { row: 2, col: 0, at: 0 }, { row: 2, col: 0, at: 1 }, { row: 9, col: 0, at: 0 }];
    for (const target of targets) {
      expect(moveTo(design, { row: 0, col: 0, at: 0 }, target)).toBe(design);
      expect(insertAt(design, [spacer("x")], target)).toBe(design);
    }
    expect(moveTo(design, { row: 2, col: 0, at: 0 }, { gap: 0 })).toBe(design);
    expect(removeRow(design, 2)).toBe(design);
    expect(lastGap(design)).toBe(2);
    const pasted = insertRows(design, [row("r3", [footer]), row("q", [spacer("a"), footer])], 9);
    expect(places(pasted).filter(({ block }) => block.type === "footer")).toHaveLength(1);
    expect(pasted.rows).toHaveLength(4);
    expect(new Set(places(pasted).map(({ block }) => block.id)).size).toBe(5);
  });

  it("loses no block with any sequence of moves", () => {
    let now = design;
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    for (let step = 0; step < 500; step += 1) {
      const all = places(now);
      const from = all[random(all.length)]?.place ?? { row: 0, col: 0, at: 0 };
      const r = random(now.rows.length);
      const target: Target = random(2) ? { gap: random(now.rows.length + 1) } : { row: r, col: random(2), at: random(3) };
      now = moveTo(now, from, target);
      expect(places(now).map(({ block }) => block.id).sort()).toEqual(["a", "b", "c", "f"]);
      expect(now.rows.at(-1)?.cols).toEqual([[footer]]);
      expect(now.rows.every(({ layout, cols }) => layout.length === cols.length)).toBe(true);
    }
  });

  it("changes layouts without losing what stood in columns that fall away", () => {
    const wide = relaid(row("r", [spacer("a")], [spacer("b")], [spacer("c")]), LAYOUTS[1] ?? []);
    expect(wide.cols.map((col) => col.map(({ id }) => id))).toEqual([["a"], ["b", "c"]]);
    expect(relaid(wide, [1, 1, 1, 1]).cols).toHaveLength(4);
  });

  it("goes through blocks in reading order", () => {
    expect(neighbour(design, "b", 1)).toBe("c");
    expect(neighbour(design, "a", -1)).toBeNull();
  });
});
