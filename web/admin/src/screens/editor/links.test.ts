import { describe, expect, it } from "vitest";
import type { Block, Design } from "@/screens/content/document";
import { newBlock } from "@/screens/content/edits";
import { linksOf, stateOf } from "./links";

const of = (...blocks: Block[]) => ({ rows: [{ id: "r", layout: [1], stack: "normal", style: {}, cols: [blocks] }] }) as unknown as Design;

describe("the links of a message", () => {
  it("are judged by how they are written", () => {
    expect(["", "https://a.example", "http://a.example", "mailto:a@b.example", "{{ view_url }}", "javascript:alert(1)", "a b"].map(stateOf)).toEqual(["missing", "good", "plain", "other", "merge", "wrong", "wrong"]);
  });

  it("are found in every kind of block", () => {
    const rich = { type: "doc" as const, content: [{ type: "bulletList" as const, content: [{ type: "listItem" as const, content: [{ type: "paragraph" as const, content: [{ type: "text" as const, text: "here", marks: [{ type: "link" as const, attrs: { href: "https://a.example" } }] }] }] }] }] };
    const found = linksOf(of({ id: "t", type: "text", align: "start", content: rich }, { ...newBlock("button", "b"), label: "Go" } as Block, { id: "c", type: "code", html: '<p><a href="http://c.example">C</a></p>' }));
    expect(found.map(({ block, words, state }) => [block, words, state])).toEqual([["t", "here", "good"], ["b", "Go", "missing"], ["c", "C", "plain"]]);
  });
});
