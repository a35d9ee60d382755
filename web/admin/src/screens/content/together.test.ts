import { describe, expect, it } from "vitest";
import type { Block, Design } from "./document";
import { together } from "./together";

const button = (id: string, label = id): Block => ({ id, type: "button", label, url: "", align: "start", style: "filled", wide: false });
const footer: Block = { id: "f", type: "footer", text: "", view_link: false, notice: false, align: "center" };
const row = (id: string, ...cols: Block[][]) => ({ id, layout: cols.map(() => 1), stack: "normal" as const, style: {}, cols });
const theme = { width: 600, bg: "#ffffff", surface: "#ffffff", text: "#000000", link: "#000000", brand: "#000000", font: "plex" as const, radius: 6, dark: null };
const base: Design = { v: 2, dir: "ltr", lang: "en", preheader: "", theme, rows: [row("r1", [button("a"), button("b")]), row("r2", [button("c")], []), row("r3", [footer])] };
const shape = (design: Design | undefined) => design?.rows.map(({ cols }) => cols.map((col) => col.map((block) => (block.type === "button" ? block.label : block.id)).join("")).join("|")).join("/");

const said = (design: Design, id: string, label: string): Design => ({ ...design, rows: design.rows.map((one) => ({ ...one, cols: one.cols.map((col) => col.map((block) => (block.id === id ? button(id, label) : block))) })) });
const without = (design: Design, id: string): Design => ({ ...design, rows: design.rows.map((one) => ({ ...one, cols: one.cols.map((col) => col.filter((block) => block.id !== id)) })) });
const withRow = (design: Design, at: number, id: string): Design => ({ ...design, rows: [...design.rows.slice(0, at), row(`row-${id}`, [button(id)]), ...design.rows.slice(at)] });
const minus = (design: Design, at: number): Design => ({ ...design, rows: design.rows.filter((_, r) => r !== at) });

describe("what two people made of one message", () => {
  it("is what one of them made, when the other did nothing, or the same", () => {
    for (const one of [said(base, "a", "x"), without(base, "b"), withRow(base, 1, "n"), minus(base, 0), { ...base, theme: { ...theme, radius: 0 } }]) {
      expect(together(base, one, base)).toEqual(one);
      expect(together(base, base, one)).toEqual(one);
      expect(together(base, one, one)).toEqual(one);
    }
  });

  it("is both, in different blocks, rows and looks", () => {
    expect(shape(together(base, said(base, "a", "x"), said(base, "b", "y")))).toBe("xy/c|/f");
    expect(shape(together(base, said(base, "a", "x"), withRow(base, 1, "n")))).toBe("xb/n/c|/f");
    expect(shape(together(base, withRow(base, 0, "m"), withRow(base, 2, "n")))).toBe("m/ab/c|/n/f");
    expect(shape(together(base, withRow(base, 2, "m"), withRow(base, 2, "n")))).toBe("ab/c|/m/n/f");
    expect(shape(together(base, minus(base, 0), said(base, "c", "z")))).toBe("z|/f");
    expect(shape(together(base, without(base, "b"), said(base, "c", "z")))).toBe("a/z|/f");
    const dressed = together(base, { ...base, theme: { ...theme, brand: "#0b6e66" } }, { ...said(base, "a", "x"), theme: { ...theme, radius: 0 } });
    expect([dressed?.theme.brand, dressed?.theme.radius, shape(dressed)]).toEqual(["#0b6e66", 0, "xb/c|/f"]);
  });

  it("is nobody's to decide where they contradict each other", () => {
    const moved: Design = { ...base, rows: [base.rows[1], base.rows[0], base.rows[2]] as Design["rows"] };
    for (const [mine, theirs] of [
      [said(base, "a", "x"), said(base, "a", "y")],
      [without(base, "a"), said(base, "a", "y")],
      [said(base, "a", "x"), minus(base, 0)],
      [without(base, "a"), without(base, "b")],
      [moved, withRow(base, 1, "n")],
      [{ ...base, theme: { ...theme, radius: 1 } }, { ...base, theme: { ...theme, radius: 2 } }],
      [{ ...base, preheader: "x" }, { ...base, preheader: "y" }],
    ] as const) {
      expect(together(base, mine, theirs)).toBeUndefined();
      expect(together(base, theirs, mine)).toBeUndefined();
    }
  });

  it("never holds a block twice, and loses none that nobody took away", () => {
    let seed = 11;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    const acts = [
      (design: Design, n: number) => said(design, ["a", "b", "c"][n % 3] as string, `s${n}`), (design: Design, n: number) => withRow(design, n % design.rows.length, `n${n}`),
      (design: Design, n: number) => without(design, ["a", "b", "c"][n % 3] as string), (design: Design, n: number) => (design.rows.length > 1 ? minus(design, n % (design.rows.length - 1)) : design),
    ];
    const ids = (design: Design) => design.rows.flatMap(({ cols }) => cols.flat().map(({ id }) => id));
    let merged = 0;
    for (let round = 0; round < 400; round++) {
      const [mine, theirs] = [0, 1].map((side) => [0, 1, 2].reduce((design) => (acts[random(acts.length)] as (typeof acts)[0])(design, random(1000) * 2 + side), base)) as [Design, Design];
      const both = together(base, mine, theirs);
      if (!both) continue;
      merged += 1;
      const [now, my, other] = [ids(both), ids(mine), ids(theirs)];
      expect(new Set(now).size).toBe(now.length);
      expect(now.at(-1)).toBe("f");
      for (const id of [...my, ...other]) if (!ids(base).includes(id) || (my.includes(id) && other.includes(id))) expect(now).toContain(id);
      for (const id of ids(base)) if (!my.includes(id) || !other.includes(id)) expect(now).not.toContain(id);
    }
    expect(merged).toBeGreaterThan(60);
  });
});
