import type { Block, Design, Inline, ListItem, Node } from "@/screens/content/document";
import { isLink } from "@/screens/content/richtext";
import { places } from "./arrange";

/** What can be said of a link without asking the web. */
export type LinkState = "good" | "missing" | "wrong" | "plain" | "merge" | "other";

export interface FoundLink {
  block: string;
  type: Block["type"];
  words: string;
  url: string;
  state: LinkState;
}

export function stateOf(url: string): LinkState {
  const text = url.trim();
  if (text === "") return "missing";
  if (/^(\{\{|\*\|)/.test(text)) return "merge";
  if (!isLink(text)) return "wrong";
  if (/^http:/i.test(text)) return "plain";
  return /^https:/i.test(text) ? "good" : "other";
}

function inRich(parts: readonly (Inline | Node | ListItem)[]): Array<{ words: string; url: string }> {
  return parts.flatMap((part) => {
    if (part.type === "hardBreak") return [];
    if (part.type === "text" || part.type === "merge") {
      const link = part.marks?.find((mark) => mark.type === "link");
      return link ? [{ words: part.type === "text" ? part.text : part.attrs.field, url: link.attrs.href }] : [];
    }
    return inRich((part.content ?? []) as Node[]);
  });
}

function inBlock(block: Block): Array<{ words: string; url: string }> {
  switch (block.type) {
    case "heading": return inRich(block.content);
    case "text": case "quote": return inRich(block.content.content);
    case "button": case "booking": case "signup": return [{ words: block.label, url: block.url }];
    case "image": return block.url ? [{ words: block.alt, url: block.url }] : [];
    case "video": return [{ words: block.label ?? block.alt, url: block.url }];
    case "social": return block.items.map(({ network, label, url }) => ({ words: label ?? network, url }));
    case "menu": return block.items.map(({ label, url }) => ({ words: label, url }));
    case "product": return block.items.flatMap(({ name, url }) => (url ? [{ words: name, url }] : []));
    case "code": return [...new DOMParser().parseFromString(block.html, "text/html").querySelectorAll("a[href]")].map((link) => ({ words: link.textContent?.trim() ?? "", url: link.getAttribute("href") ?? "" }));
    default: return [];
  }
}

/** Every link of the message in reading order, neighbours of one text being one. */
export function linksOf(design: Design): FoundLink[] {
  return places(design).flatMap(({ block }) =>
    inBlock(block)
      .filter(({ url }, at, all) => at === 0 || block.type !== "text" || all[at - 1]?.url !== url)
      .map(({ words, url }) => ({ block: block.id, type: block.type, words, url, state: stateOf(url) })));
}
