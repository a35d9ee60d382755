import { Extension, Mark, mergeAttributes, Node } from "@tiptap/core";
import Link from "@tiptap/extension-link";
import StarterKit from "@tiptap/starter-kit";
import { isLink, SIDES } from "./richtext";

/** A value of the reader: one piece that is not written in, with words for those who lack it. */
const Merge = Node.create({
  name: "merge",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes: () => ({ field: { default: "" }, fallback: { default: "" } }),
  parseHTML: () => [{ tag: "span[data-merge]", getAttrs: (element) => ({ field: element.dataset.merge ?? "", fallback: element.dataset.fallback ?? "" }) }],
  renderHTML: ({ node }) => [
    "span",
    { "data-merge": String(node.attrs.field), "data-fallback": String(node.attrs.fallback), class: node.attrs.fallback || node.attrs.field === "email" ? "merge" : "merge merge-open" },
    `${String(node.attrs.field)}${node.attrs.fallback ? ` · ${String(node.attrs.fallback)}` : ""}`,
  ],
  renderText: ({ node }) => `{{ ${String(node.attrs.field)} }}`,
});

const COLOUR = /^#([0-9a-f]{3}){1,2}$/i;

/** Colours that came with a design are kept; there is no button for them. What is pasted may claim to be one. */
const TextStyle = Mark.create({
  name: "textStyle",
  addAttributes: () => ({ color: { default: null, parseHTML: (element: HTMLElement) => element.dataset.color ?? null } }),
  parseHTML: () => [{ tag: "span[data-color]", getAttrs: (element) => (COLOUR.test(element.dataset.color ?? "") ? null : false) }],
  renderHTML: ({ HTMLAttributes }) => ["span", mergeAttributes({ "data-color": String(HTMLAttributes.color ?? ""), style: `color: ${String(HTMLAttributes.color ?? "inherit")}` }), 0],
});

/** Where a paragraph stands that says it itself: kept, too. */
const Sides = Extension.create({
  name: "sides",
  addGlobalAttributes: () => [{ types: ["paragraph"], attributes: { textAlign: {
    default: null,
    parseHTML: (element: HTMLElement) => SIDES.find((side) => side === element.dataset.side) ?? null,
    renderHTML: ({ textAlign }) => (textAlign ? { "data-side": String(textAlign), style: `text-align: ${String(textAlign)}` } : {}),
  } } }],
});

const PlainLink = Link.extend({ addAttributes: () => ({ href: { default: null } }) }).configure({ openOnClick: false, autolink: false, linkOnPaste: true, isAllowedUri: (url) => isLink(url) });

/** What mail can show, and nothing else. */
export const textExtensions = [
  StarterKit.configure({ heading: false, code: false, codeBlock: false, horizontalRule: false, link: false, trailingNode: false, undoRedo: false }),
  PlainLink, Merge, TextStyle, Sides,
];

/** One line: no lists, no quotations. */
export const lineExtensions = [
  StarterKit.configure({ heading: false, code: false, codeBlock: false, horizontalRule: false, link: false, trailingNode: false, undoRedo: false, bulletList: false, orderedList: false, listItem: false, listKeymap: false, blockquote: false }),
  PlainLink, Merge, TextStyle, Sides,
];
