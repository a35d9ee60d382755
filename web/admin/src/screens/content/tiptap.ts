import { Mark, mergeAttributes, Node } from "@tiptap/core";
import Link from "@tiptap/extension-link";
import StarterKit from "@tiptap/starter-kit";
import { isLink } from "./richtext";

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

/** Colours that came with a design are kept; there is no button for them. */
const TextStyle = Mark.create({
  name: "textStyle",
  addAttributes: () => ({ color: { default: null, parseHTML: (element: HTMLElement) => element.dataset.color ?? null } }),
  parseHTML: () => [{ tag: "span[data-color]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", mergeAttributes({ "data-color": String(HTMLAttributes.color ?? "") }), 0],
});

const PlainLink = Link.extend({ addAttributes: () => ({ href: { default: null } }) }).configure({ openOnClick: false, autolink: false, linkOnPaste: true, isAllowedUri: (url) => isLink(url) });

/** What mail can show, and nothing else. */
export const textExtensions = [
  StarterKit.configure({ heading: false, code: false, codeBlock: false, horizontalRule: false, link: false, trailingNode: false, undoRedo: false }),
  PlainLink, Merge, TextStyle,
];

/** One line: no lists, no quotations. */
export const lineExtensions = [
  StarterKit.configure({ heading: false, code: false, codeBlock: false, horizontalRule: false, link: false, trailingNode: false, undoRedo: false, bulletList: false, orderedList: false, listItem: false, listKeymap: false, blockquote: false }),
  PlainLink, Merge, TextStyle,
];
