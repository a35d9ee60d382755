import type { Block, BlockType, Design, Row } from "./document";

/** Where a block stands. */
export interface Place { row: number; col: number; at: number }

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A name for a new row or block that no other has. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return `b${Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("")}`;
}

const EMPTY = { type: "doc" as const, content: [{ type: "paragraph" as const }] };

/** A block of a type as it begins. The footer is there once and is never made. */
export function newBlock(type: Exclude<BlockType, "footer">, id = freshId()): Block {
  switch (type) {
    case "heading": return { id, type, level: 2, content: [], align: "start" };
    case "text": return { id, type, content: EMPTY, align: "start" };
    case "button": case "booking": case "signup": return { id, type, label: "", url: "", align: "center", style: "filled", wide: false };
    case "image": return { id, type, src: "", alt: "", decorative: false, align: "center" };
    case "divider": return { id, type, style: "solid" };
    case "spacer": return { id, type, height: 24 };
    case "social": return { id, type, items: [{ network: "website", url: "" }], align: "center" };
    case "menu": return { id, type, items: [{ label: "", url: "" }], align: "center" };
    case "video": return { id, type, url: "", thumbnail: "", alt: "" };
    case "table": return { id, type, header: true, rows: [["", ""], ["", ""]], align: "start" };
    case "product": return { id, type, columns: 2, items: [{ name: "" }, { name: "" }] };
    case "quote": return { id, type, content: EMPTY };
    case "code": return { id, type, html: "" };
  }
}

const rowOf = (block: Block): Row => ({ id: freshId(), layout: [1], stack: "normal", style: {}, cols: [[block]] });

const isLocked = (row: Row) => row.cols.some((col) => col.some(({ type }) => type === "footer"));

function withColumn(design: Design, { row, col }: { row: number; col: number }, change: (blocks: Block[]) => Block[]): Design {
  const rows = design.rows.map((one, r) => (r === row ? { ...one, cols: one.cols.map((blocks, c) => (c === col ? change(blocks) : blocks)) } : one));
  return { ...design, rows };
}

export const blockAt = (design: Design, { row, col, at }: Place): Block | undefined => design.rows[row]?.cols[col]?.[at];

/** Where the block of a name stands. */
export function placeOf(design: Design, id: string): Place | null {
  for (const [row, { cols }] of design.rows.entries()) {
    for (const [col, blocks] of cols.entries()) {
      const at = blocks.findIndex((block) => block.id === id);
      if (at >= 0) return { row, col, at };
    }
  }
  return null;
}

export function replaceBlock(design: Design, place: Place, block: Block): Design {
  return withColumn(design, place, (blocks) => blocks.map((one, at) => (at === place.at ? block : one)));
}

/** Puts a block after another one, or as a row of its own before the footer. */
export function addBlock(design: Design, block: Block, after?: Place): Design {
  const near = after && blockAt(design, after);
  if (after && near && near.type !== "footer") return withColumn(design, after, (blocks) => [...blocks.slice(0, after.at + 1), block, ...blocks.slice(after.at + 1)]);
  const locked = design.rows.findIndex(isLocked);
  const end = locked < 0 ? design.rows.length : locked;
  return { ...design, rows: [...design.rows.slice(0, end), rowOf(block), ...design.rows.slice(end)] };
}

/** Takes a block away; a row that has nothing left goes with it. The footer stays. */
export function removeBlock(design: Design, place: Place): Design {
  if (blockAt(design, place)?.type === "footer") return design;
  const next = withColumn(design, place, (blocks) => blocks.filter((_, at) => at !== place.at));
  const rows = next.rows.filter((row, r) => r !== place.row || row.cols.some((blocks) => blocks.length > 0));
  return { ...next, rows };
}

export function duplicateBlock(design: Design, place: Place, id = freshId()): Design {
  const block = blockAt(design, place);
  if (!block || block.type === "footer") return design;
  return addBlock(design, { ...structuredClone(block), id }, place);
}

const swapped = <T,>(list: readonly T[], one: number, other: number): T[] =>
  list.map((item, at) => (at === one ? (list[other] as T) : at === other ? (list[one] as T) : item));

/** One step up or down inside its column. At the column's end a block that has its row for itself moves with the
 *  row; one among others leaves for a row of its own. Nothing goes past the footer. */
export function moveBlock(design: Design, place: Place, step: -1 | 1): Design {
  const { row, col, at } = place;
  const here = design.rows[row];
  const blocks = here?.cols[col];
  const block = blocks?.[at];
  if (!here || !blocks || !block || block.type === "footer") return design;
  const next = blocks[at + step];
  if (next) return next.type === "footer" ? design : withColumn(design, place, (list) => swapped(list, at, at + step));
  const alone = here.cols.every((one, c) => c === col ? one.length === 1 : one.length === 0);
  if (alone || here.cols.length > 1) return alone ? moveRow(design, row, step) : leave(design, place, step);
  return leave(design, place, step);
}

function leave(design: Design, place: Place, step: -1 | 1): Design {
  const block = blockAt(design, place);
  const here = design.rows[place.row];
  if (!block || !here || (step > 0 && isLocked(here))) return design;
  const without = withColumn(design, place, (blocks) => blocks.filter((_, at) => at !== place.at));
  const target = step > 0 ? place.row + 1 : place.row;
  return { ...without, rows: [...without.rows.slice(0, target), rowOf(block), ...without.rows.slice(target)] };
}

/** One step up or down for a whole row; the footer's row stays last. */
export function moveRow(design: Design, row: number, step: -1 | 1): Design {
  const [here, there] = [design.rows[row], design.rows[row + step]];
  if (!here || !there || isLocked(here) || isLocked(there)) return design;
  return { ...design, rows: swapped(design.rows, row, row + step) };
}

/** The block that a finding's place is about: `/rows/0/cols/0/1/alt`. */
export function blockOfPointer(design: Design, pointer: string): string | null {
  const found = /^\/rows\/(\d+)\/cols\/(\d+)\/(\d+)/.exec(pointer);
  if (!found) return null;
  return blockAt(design, { row: Number(found[1]), col: Number(found[2]), at: Number(found[3]) })?.id ?? null;
}

export const replaceRow = (design: Design, at: number, row: Row): Design => ({ ...design, rows: design.rows.map((one, r) => (r === at ? row : one)) });

/** A row of two empty columns before the footer. */
export function addColumns(design: Design): Design {
  const row: Row = { id: freshId(), layout: [1, 1], stack: "normal", style: {}, cols: [[newBlock("image")], [newBlock("text")]] };
  const locked = design.rows.findIndex(isLocked);
  const end = locked < 0 ? design.rows.length : locked;
  return { ...design, rows: [...design.rows.slice(0, end), row, ...design.rows.slice(end)] };
}
