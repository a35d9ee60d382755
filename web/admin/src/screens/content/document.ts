/** The document of a message, as the server reads and writes it (version 2). */

export type Align = "start" | "center" | "end";
export type Dir = "ltr" | "rtl";
export type Font = "plex" | "system" | "arial" | "tahoma" | "verdana" | "georgia" | "times";

export const FONTS: readonly Font[] = ["plex", "system", "arial", "tahoma", "verdana", "georgia", "times"];
export const NETWORKS = [
  "facebook", "instagram", "x", "linkedin", "youtube", "tiktok", "whatsapp", "telegram", "snapchat", "threads", "mastodon", "github", "website", "email",
] as const;
export type Network = (typeof NETWORKS)[number];

export interface Colours {
  bg: string;
  surface: string;
  text: string;
  link: string;
  brand: string;
}

export interface Theme extends Colours {
  width: number;
  font: Font;
  radius: number;
  dark: Colours | null;
}

export type Mark =
  | { type: "bold" | "italic" | "underline" | "strike" }
  | { type: "link"; attrs: { href: string } }
  | { type: "textStyle"; attrs: { color: string } };

export type Inline =
  | { type: "text"; text: string; marks?: Mark[] }
  | { type: "hardBreak" }
  | { type: "merge"; attrs: { field: string; fallback: string }; marks?: Mark[] };

export type Node =
  | { type: "paragraph"; attrs?: { textAlign?: Align | null }; content?: Inline[] }
  | { type: "bulletList" | "orderedList"; attrs?: { start?: number }; content: ListItem[] }
  | { type: "blockquote"; content: Node[] };

export interface ListItem {
  type: "listItem";
  content: Node[];
}

export interface Doc {
  type: "doc";
  content: Node[];
}

interface Common {
  id: string;
  dir?: Dir;
  padding?: { block: number; inline: number };
}

export interface Link {
  label: string;
  url: string;
}

export interface ProductItem {
  name: string;
  text?: string;
  price?: string;
  old_price?: string;
  image?: string;
  alt?: string;
  url?: string;
}

interface ButtonLike extends Common, Link {
  align: Align;
  style: "filled" | "outline";
  color?: string;
  wide: boolean;
}

export type Block =
  | (Common & { type: "heading"; level: 1 | 2 | 3; content: Inline[]; align: Align; color?: string })
  | (Common & { type: "text"; content: Doc; align: Align; color?: string; size?: number })
  | (ButtonLike & { type: "button" })
  | (ButtonLike & { type: "booking" })
  | (ButtonLike & { type: "signup" })
  | (Common & { type: "image"; src: string; alt: string; decorative: boolean; url?: string; width?: number; align: Align; radius?: number })
  | (Common & { type: "divider"; color?: string; width?: number; style: "solid" | "dashed" | "dotted" })
  | (Common & { type: "spacer"; height: number })
  | (Common & { type: "social"; items: Array<{ network: Network; url: string; label?: string }>; align: Align })
  | (Common & { type: "menu"; items: Link[]; align: Align })
  | (Common & { type: "video"; url: string; thumbnail: string; alt: string; label?: string })
  | (Common & { type: "table"; header: boolean; rows: string[][]; align: Align })
  | (Common & { type: "product"; columns: 1 | 2 | 3; label?: string; items: ProductItem[] })
  | (Common & { type: "quote"; content: Doc; cite?: string })
  | (Common & { type: "code"; html: string })
  | (Common & { type: "footer"; text: string; unsubscribe_label?: string; preferences_label?: string; view_link: boolean; notice: boolean; align: Align });

export type BlockType = Block["type"];
export type BlockOf<T extends BlockType> = Extract<Block, { type: T }>;

export interface Row {
  id: string;
  layout: number[];
  stack: "normal" | "reverse" | "none";
  style: { bg?: string; padding?: { block: number; inline: number } };
  visible_if?: string;
  /** Editors of messages leave the row as it is; who edits the template may unlock it. */
  locked?: boolean;
  cols: Block[][];
}

export interface Design {
  v: 1 | 2;
  dir: Dir;
  lang: string;
  preheader: string;
  theme: Theme;
  rows: Row[];
}

/** What people write in: exactly one of the three. */
export type Body = { design: Design } | { mjml: string } | { html: string };

export const designOf = (body: Body | null | undefined): Design | null => (body && "design" in body ? body.design : null);
export const codeOf = (body: Body | null | undefined): { kind: "mjml" | "html"; text: string } | null =>
  !body || "design" in body ? null : "mjml" in body ? { kind: "mjml", text: body.mjml } : { kind: "html", text: body.html };

export const isRtl = (language: string) => /^(ar|fa|he|ur|ckb|ps|sd|ug|yi|dv)(-|$)/.test(language);

/** The words of a piece of rich text, for a summary. */
export function wordsOf(content: Doc | readonly (Inline | Node | ListItem)[]): string {
  const parts = "type" in content ? content.content : content;
  return parts
    .map((part) => {
      if (part.type === "text") return part.text;
      if (part.type === "hardBreak") return " ";
      if (part.type === "merge") return `⟨${part.attrs.fallback || part.attrs.field}⟩`;
      return wordsOf((part.content ?? []) as Node[]) + " ";
    })
    .join("")
    .replace(/\s+/g, " ")
    .trim();
}

/** A few words that tell one block from another. */
export function summary(block: Block): string {
  switch (block.type) {
    case "heading": case "text": case "quote": return wordsOf(block.content);
    case "button": case "booking": case "signup": return block.label;
    case "image": case "video": return block.alt;
    case "menu": return block.items.map(({ label }) => label).join(" · ");
    case "product": return block.items.map(({ name }) => name).join(" · ");
    case "table": return (block.rows[0] ?? []).join(" · ");
    case "footer": return block.text;
    case "code": return block.html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
    default: return "";
  }
}
