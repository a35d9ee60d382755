import type { Align, Doc, Inline, Mark, Node } from "./document";

export const SIDES: readonly Align[] = ["start", "center", "end"];

/** Without the characters that turn the direction of what follows: the server takes them out of a message. */
export const straight = (text: string) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");

interface Raw {
  type?: string;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: Raw[];
  content?: Raw[];
}

function mark({ type, attrs }: Raw): Mark[] {
  if (type === "bold" || type === "italic" || type === "underline" || type === "strike") return [{ type }];
  if (type === "link" && typeof attrs?.href === "string") return [{ type, attrs: { href: attrs.href } }];
  if (type === "textStyle" && typeof attrs?.color === "string") return [{ type, attrs: { color: attrs.color } }];
  return [];
}

function inline(raw: Raw): Inline[] {
  const marks = (raw.marks ?? []).flatMap(mark);
  const dressed = marks.length > 0 ? { marks } : {};
  if (raw.type === "text" && raw.text) return [{ type: "text", text: raw.text, ...dressed }];
  if (raw.type === "hardBreak") return [{ type: "hardBreak" }];
  if (raw.type === "merge") return [{ type: "merge", attrs: { field: String(raw.attrs?.field ?? ""), fallback: String(raw.attrs?.fallback ?? "") }, ...dressed }];
  return [];
}

function node(raw: Raw): Node[] {
  const children = raw.content ?? [];
  switch (raw.type) {
    case "paragraph": {
      const align = SIDES.find((side) => side === raw.attrs?.textAlign);
      const attrs = align ? { attrs: { textAlign: align } } : {};
      const content = children.flatMap(inline);
      return [{ type: "paragraph", ...attrs, ...(content.length > 0 ? { content } : {}) }];
    }
    case "bulletList":
    case "orderedList": {
      const start = raw.attrs?.start;
      const attrs = raw.type === "orderedList" && typeof start === "number" && start !== 1 ? { attrs: { start } } : {};
      return [{ type: raw.type, ...attrs, content: children.map((item) => ({ type: "listItem" as const, content: (item.content ?? []).flatMap(node) })) }];
    }
    case "blockquote":
      return [{ type: "blockquote", content: children.flatMap(node) }];
    default:
      return [];
  }
}

/** What an editor holds, as the document takes it: without attributes that mail does not know. */
export const cleanDoc = (raw: unknown): Doc => ({ type: "doc", content: ((raw as Raw).content ?? []).flatMap(node) });

/** A heading's line as a text of one paragraph, and back. */
export const docOfLine = (content: Inline[]): Doc => ({ type: "doc", content: [{ type: "paragraph", ...(content.length > 0 ? { content } : {}) }] });

export function lineOfDoc(doc: Doc): Inline[] {
  return doc.content.flatMap((part, at) => {
    const content = part.type === "paragraph" ? (part.content ?? []) : [];
    return at > 0 && content.length > 0 ? [{ type: "hardBreak" as const }, ...content] : content;
  });
}

/** Whether an address may stand in a link; the server's own rule. */
export const isLink = (url: string) => /^(https?:\/\/|mailto:|tel:)\S+$/i.test(url) || /^(\{\{|\*\|)/.test(url);

/** What somebody typed as an address of the web. */
export function asLink(typed: string): string {
  const text = typed.trim();
  if (text === "" || isLink(text)) return text;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`;
  return /^[^\s/:]+\.[^\s/:]{2,}(\/\S*)?$/.test(text) ? `https://${text}` : text;
}

/** Values of the message and its sender: they are always there. */
export const MESSAGE = ["organisation", "list_name", "postal_address", "sender_name"] as const;

/** The address is always there, and so is what the message and its sender say. */
export const needsFallback = (field: string) => field !== "email" && !(MESSAGE as readonly string[]).includes(field);
