import { Editor } from "@tiptap/core";
import { afterEach, describe, expect, it } from "vitest";
import type { Doc } from "./document";
import { cleanDoc, straight } from "./richtext";
import { lineExtensions, textExtensions } from "./tiptap";

let editor: Editor;
afterEach(() => editor.destroy());

/** What the document holds once this was pasted into a text, or into a heading's line. */
function pasted(html: string, line = false): Doc {
  editor = new Editor({ extensions: line ? lineExtensions : textExtensions, editorProps: { transformPastedHTML: straight, transformPastedText: straight } });
  // A page without layout has no clipboard either; an event of any kind stands for it.
  editor.view.pasteHTML(html, new Event("paste") as ClipboardEvent);
  return cleanDoc(editor.getJSON());
}

const marksOf = (doc: Doc) => JSON.stringify(doc).match(/"type":"(bold|italic|underline|strike|link|textStyle)"/g) ?? [];
const SCRIPT = "</" + "script>";

describe.each([["a text", false], ["a heading", true]])("what is pasted into %s", (_, line) => {
  it.each([
    [`<p>Words<script>window.owned=1${SCRIPT}<style>p{display:none}</style></p>`, "Words"],
    ['<p onclick="x()">Words<img src=x onerror="x()"><svg onload="x()"></svg></p>', "Words"],
    ['<p><a href="javascript:x()">Words</a><a href="data:text/html,x"> more</a></p>', "Words more"],
    ['<p style="position:fixed;inset:0;background:url(//evil.example)">Words</p>', "Words"],
    ['<iframe srcdoc="<p>in</p>"></iframe><p>Words</p><object data="x"></object><form action="//evil.example"><input name="q"></form>', "Words"],
    ['<p><span data-color="red;position:fixed;inset:0">Words</span></p>', "Words"],
    ['<p data-side="end;position:fixed">Words</p>', "Words"],
    ["<p>Wo\u202erds\u2066</p>", "Words"],
  ])("is words alone: %s", (html, words) => {
    const doc = pasted(html, line);
    expect(editor.getText().trim()).toBe(words);
    expect(JSON.stringify(doc)).not.toMatch(/owned|javascript|onerror|onclick|evil|position|data:|\u202e|\u2066/);
    expect(marksOf(doc)).toEqual([]);
  });

  it("keeps good links and what mail can show", () => {
    const doc = pasted('<p><b>Bold</b> <a href="https://shop.example/" onclick="x()">shop</a> <span data-color="#a00">red</span></p>', line);
    expect(marksOf(doc)).toEqual(['"type":"bold"', '"type":"link"', '"type":"textStyle"']);
    expect(JSON.stringify(doc)).not.toContain("onclick");
  });
});

describe("what other programs put on the clipboard", () => {
  it("comes from Word as paragraphs and words", () => {
    const doc = pasted(`<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {mso-style-parent:""} --></style><!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=AR-SA><!--StartFragment--><p class=MsoNormal dir=RTL style='mso-margin-top-alt:auto'><b><span lang=AR-SA style='font-family:"Arial"'>كتب</span></b><o:p></o:p></p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·</span><![endif]><span>One</span></p><!--EndFragment--></body></html>`);
    expect(editor.getText({ blockSeparator: "|" }).replace(/\s+/g, " ").replace(/\|+/g, "|")).toContain("كتب");
    expect(editor.getText()).toContain("One");
    expect(marksOf(doc)).toEqual(['"type":"bold"']);
    expect(JSON.stringify(doc)).not.toMatch(/mso|Mso|supportLists|xml/);
  });

  it("comes from Google Docs without being bold all over", () => {
    const doc = pasted('<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:400">Plain </span><span style="font-weight:700">bold</span></p><ul><li dir="ltr"><p role="presentation"><span>Point</span></p></li></ul></b>');
    expect(marksOf(doc)).toEqual(['"type":"bold"']);
    expect(doc.content.map(({ type }) => type)).toEqual(["paragraph", "bulletList"]);
  });
});

it("keeps where a paragraph stands and its colours while it is written in", () => {
  const paragraph = { type: "paragraph" as const, attrs: { textAlign: "end" as const }, content: [{ type: "text" as const, text: "Late", marks: [{ type: "textStyle" as const, attrs: { color: "#7a1f5c" } }] }] };
  editor = new Editor({ extensions: textExtensions, content: { type: "doc", content: [paragraph] } });
  editor.commands.insertContentAt(5, "r");
  expect(cleanDoc(editor.getJSON())).toEqual({ type: "doc", content: [{ ...paragraph, content: [{ ...paragraph.content[0], text: "Later" }] }] });
});
