import { describe, expect, it } from "vitest";
import type { Block, Design } from "@/screens/content/document";
import { branded, brandOf, differences, documentOf, isSame } from "./pieces";

const spacer = (id: string, height = 8): Block => ({ id, type: "spacer", height });
const footer = (text: string): Block => ({ id: "f", type: "footer", text, view_link: true, notice: false, align: "center" });
const theme = { width: 600, bg: "#ffffff", surface: "#ffffff", text: "#000000", link: "#000000", brand: "#000000", font: "plex" as const, radius: 6, dark: null };
const make = (blocks: Block[], text = "", look = theme): Design => ({ v: 2, dir: "ltr", lang: "en", preheader: "p", theme: look, rows: [{ id: "r", layout: [1], stack: "normal", style: {}, cols: [blocks] }, { id: "e", layout: [1], stack: "normal", style: {}, cols: [[footer(text)]] }] });

describe("what is kept for the editor", () => {
  it("is a whole document with a footer", () => {
    const design = make([spacer("a")], "why");
    expect(documentOf(design, design.rows).rows.map(({ id }) => id)).toEqual(["r", "e"]);
    expect(brandOf(design).rows.map(({ id }) => id)).toEqual(["e"]);
    expect(documentOf({ ...design, rows: [] }, []).rows[0]?.cols[0]?.[0]?.type).toBe("footer");
  });

  it("gives a message other looks and no other words", () => {
    const brand = brandOf(make([], "from the brand", { ...theme, brand: "#123456" }));
    const dressed = branded(make([spacer("a")], ""), brand, () => false);
    expect(dressed.theme.brand).toBe("#123456");
    expect(dressed.rows[1]?.cols[0]?.[0]).toMatchObject({ id: "f", text: "from the brand" });
    expect(branded(make([spacer("a")], "own"), brand, () => false).rows[1]?.cols[0]?.[0]).toMatchObject({ text: "own" });
    expect(branded(make([spacer("a")], ""), brand, () => true).rows[1]?.cols[0]?.[0]).toMatchObject({ text: "" });
    expect(dressed.rows[0]).toEqual(make([spacer("a")]).rows[0]);
  });

  it("tells two states apart, block by block", () => {
    const before = make([spacer("a"), spacer("b"), spacer("c")]);
    const after = make([spacer("b"), spacer("a", 20), spacer("d")], "", { ...theme, radius: 9 });
    expect(differences(before, after)).toEqual({ added: ["d"], removed: ["c"], changed: ["a"], moved: ["b", "a"], theme: true });
    const reordered = JSON.parse(JSON.stringify(before), (_, value: unknown) => (typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).reverse()) : value)) as Design;
    expect(isSame(differences(before, reordered))).toBe(true);
    expect(isSame(differences({ ...before, theme: { ...theme, dark: undefined as unknown as null } }, before))).toBe(true);
    expect(isSame(differences(before, make([spacer("a"), spacer("b"), spacer("c")])))).toBe(true);
  });
});
