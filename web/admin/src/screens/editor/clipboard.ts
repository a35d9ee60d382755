import type { Block, BlockType, Row } from "@/screens/content/document";
import { freshId, newBlock } from "@/screens/content/edits";
import { OFFERED } from "@/screens/content/blocks/look";
import { LAYOUTS } from "./arrange";

/** Rows between campaigns: through the computer's own clipboard, as text; and beside it, for buttons. */
const KEPT = "barid.rows";
const MOST = 60;
const LONGEST = 400_000;

interface Parcel {
  barid: "rows";
  rows: Row[];
}

export const packed = (rows: Row[]) => JSON.stringify({ barid: "rows", rows } satisfies Parcel);
export const rowOfBlock = (block: Block): Row => ({ id: freshId(), layout: [1], stack: "normal", style: {}, cols: [[block]] });

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** A block from outside on top of a new one of its kind, so that no member is missing; its words are the server's to judge. */
function block(value: unknown): Block[] {
  if (!isRecord(value) || !OFFERED.includes(value.type as Exclude<BlockType, "footer">)) return [];
  const fresh = newBlock(value.type as Exclude<BlockType, "footer">);
  const sound = Object.entries(value).filter(([name, member]) => {
    const usual = (fresh as unknown as Record<string, unknown>)[name];
    return usual === undefined || (typeof usual === typeof member && Array.isArray(usual) === Array.isArray(member));
  });
  return [{ ...fresh, ...Object.fromEntries(sound), id: fresh.id }];
}

/** What a text holds of a message; nothing when it is any other text. */
export function unpacked(text: string): Row[] {
  if (text.length > LONGEST || !text.startsWith('{"barid":"rows"')) return [];
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return [];
  }
  const rows = isRecord(read) && Array.isArray(read.rows) ? read.rows : [];
  return rows.slice(0, MOST).flatMap((row: unknown): Row[] => {
    if (!isRecord(row) || !Array.isArray(row.cols)) return [];
    const cols = row.cols.slice(0, 4).map((col: unknown) => (Array.isArray(col) ? col.slice(0, MOST).flatMap(block) : []));
    const layout = LAYOUTS.find((one) => JSON.stringify(one) === JSON.stringify(row.layout) && one.length === cols.length) ?? LAYOUTS.find((one) => one.length === cols.length);
    if (!layout || cols.every((col) => col.length === 0)) return [];
    const style = isRecord(row.style) ? (row.style as Row["style"]) : {};
    const stack = row.stack === "reverse" || row.stack === "none" ? row.stack : "normal";
    return [{ id: freshId(), layout: [...layout], stack, style, cols, ...(typeof row.visible_if === "string" ? { visible_if: row.visible_if } : {}) }];
  });
}

export function keep(rows: Row[]) {
  const text = packed(rows);
  try {
    localStorage.setItem(KEPT, text);
  } catch {
    // A full storage loses nothing but this copy.
  }
  return text;
}

export const kept = (): Row[] => unpacked(localStorage.getItem(KEPT) ?? "");
