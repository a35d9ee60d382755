import { describe, expect, it } from "vitest";
import { newBlock } from "@/screens/content/edits";
import { packed, rowOfBlock, unpacked } from "./clipboard";

describe("rows that travel between campaigns", () => {
  it("come back with names of their own", () => {
    const row = { ...rowOfBlock(newBlock("button", "b1")), visible_if: 'tag "vip"' };
    const [back] = unpacked(packed([row]));
    expect(back?.cols[0]?.[0]).toMatchObject({ type: "button", style: "filled" });
    expect(back?.cols[0]?.[0]?.id).not.toBe("b1");
    expect(back?.visible_if).toBe('tag "vip"');
  });

  it("are never a footer, a kind that is unknown, or a member of the wrong kind", () => {
    const footer = { id: "f", type: "footer", text: "", view_link: false, notice: false, align: "center" };
    const parcel = (...blocks: unknown[]) => JSON.stringify({ barid: "rows", rows: [{ id: "r", layout: [1], stack: "normal", style: {}, cols: [blocks] }] });
    expect(unpacked(parcel(footer))).toEqual([]);
    expect(unpacked(parcel({ id: "x", type: "script" }, null, 3))).toEqual([]);
    expect(unpacked(parcel({ id: "x", type: "menu", items: "no list", align: "end" }))[0]?.cols[0]?.[0]).toMatchObject({ type: "menu", items: [{ label: "", url: "" }], align: "end" });
  });

  it("are nothing in any other text", () => {
    for (const text of ["", "Hello", "{", '{"barid":"rows"', '{"barid":"rows","rows":{}}', '{"barid":"rows","rows":[{"cols":[]}]}', '[1]']) expect(unpacked(text)).toEqual([]);
  });
});
