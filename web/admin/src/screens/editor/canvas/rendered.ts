import { useDebouncedValue } from "@mantine/hooks";
import { useMemo } from "react";
import type { Block, Design, Row } from "@/screens/content/document";
import { policy } from "@/screens/content/preview";
import { usePreview } from "@/screens/content/server";
import type { Look } from "./BlockView";

const PLACE = "alone";
const row = (id: string, block: Block, bg?: string): Row => ({ id, layout: [1], stack: "normal", style: { bg }, cols: [[block]] });
const END = row("end", { id: "end-footer", type: "footer", text: "", view_link: false, notice: false, align: "start" });

/** A message of this block alone, in the looks of the place where it stands. */
const alone = (block: Block, { theme, dir, lang, tone }: Look): Design => ({ v: 2, dir, lang, preheader: "", theme, rows: [row(PLACE, block, tone.bg), ...(block.type === "footer" ? [] : [END])] });

/** The words and looks of a block as the server rendered it; nothing where there is no message. */
export function cellOf(html: string): HTMLElement | null {
  return new DOMParser().parseFromString(html, "text/html").querySelector<HTMLElement>(`.b-${PLACE} [class*="mj-column-per"] td > div`);
}

/** A block as the server renders it, when writing in it rests. */
export function useRendered(block: Block, look: Look): HTMLElement | null {
  const [settled] = useDebouncedValue(block, 400);
  const html = usePreview({ subject: PLACE, design: alone(settled, look) }, { language: look.lang }).data?.html ?? "";
  return useMemo(() => cellOf(html), [html]);
}

/** The application's fonts, for a frame: mail is written in the first of them where a reader has it. */
function fonts(): string {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => ({ rule, base: sheet.href ?? document.baseURI })));
  return rules.filter(({ rule }) => rule instanceof CSSFontFaceRule).map(({ rule, base }) => rule.cssText.replace(/url\("?(?!data:)([^")]+)"?\)/g, (_, url: string) => `url("${new URL(url, base).href}")`)).join("");
}

const stylesOf = (cell: HTMLElement) => [...cell.ownerDocument.querySelectorAll("head style")].map(({ outerHTML }) => outerHTML).join("");

/** The document of a frame that shows a rendered block with the styles of its message, and may load pictures and fonts of this server alone. */
export function frameOfCell(cell: HTMLElement, { dir, lang }: Pick<Look, "dir" | "lang">, origin: string): string {
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy(origin, false)}; font-src ${origin}"><meta name="referrer" content="no-referrer">`;
  return `<!doctype html><html dir="${dir}" lang="${lang}">${head}${stylesOf(cell)}<style>${fonts()}html{background:transparent}body{margin:0;display:flow-root;word-break:break-word;overflow:hidden}</style><body>${cell.outerHTML}`;
}
