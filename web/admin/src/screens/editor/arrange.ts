import type { Block, Design, Row } from "@/screens/content/document";
import { blockAt, freshId, type Place } from "@/screens/content/edits";

/** Where something can be put: between the blocks of a column, or as a row of its own before row `gap`. */
export type Target = Place | { gap: number };

export const isGap = (target: Target): target is { gap: number } => "gap" in target;

/** The layouts that a row can have, as shares of its columns. */
export const LAYOUTS: readonly (readonly number[])[] = [[1], [1, 1], [1, 2], [2, 1], [1, 1, 1], [1, 1, 1, 1]];

export const holdsFooter = (row: Row) => row.cols.some((col) => col.some(({ type }) => type === "footer"));

/** What may not be changed here: the footer's row stays last. */
export const lastGap = (design: Design) => {
  const footer = design.rows.findIndex(holdsFooter);
  return footer < 0 ? design.rows.length : footer;
};

const rowOf = (blocks: Block[]): Row => ({ id: freshId(), layout: [1], stack: "normal", style: {}, cols: [blocks] });

function inserted(design: Design, blocks: Block[], target: Target): Design {
  if (isGap(target)) {
    const gap = Math.min(target.gap, lastGap(design));
    return { ...design, rows: [...design.rows.slice(0, gap), rowOf(blocks), ...design.rows.slice(gap)] };
  }
  const rows = design.rows.map((row, r) => (r !== target.row ? row : {
    ...row, cols: row.cols.map((col, c) => (c !== target.col ? col : [...col.slice(0, target.at), ...blocks, ...col.slice(target.at)])),
  }));
  return { ...design, rows };
}

/** Nothing goes behind the footer, and nothing beside it. */
function allowed(design: Design, target: Target): boolean {
  if (isGap(target)) return target.gap <= lastGap(design);
  const row = design.rows[target.row];
  return row !== undefined && target.col < row.cols.length && !holdsFooter(row);
}

export function insertAt(design: Design, blocks: Block[], target: Target): Design {
  return blocks.length > 0 && allowed(design, target) ? inserted(design, blocks, target) : design;
}

/** Takes a block from its place to another. Its old row goes with its last block; columns that are empty stay while
 *  their row has others. */
export function moveTo(design: Design, from: Place, target: Target): Design {
  const block = blockAt(design, from);
  if (!block || block.type === "footer" || !allowed(design, target)) return design;
  const same = !isGap(target) && target.row === from.row && target.col === from.col;
  if (same && (target.at === from.at || target.at === from.at + 1)) return design;
  const marked: Block = { ...block, id: `${block.id}\u0000` };
  const put = inserted(design, [marked], target);
  const rows = put.rows
    .map((row) => ({ ...row, cols: row.cols.map((col) => col.filter(({ id }) => id !== block.id)) }))
    .filter((row) => row.cols.some((col) => col.length > 0))
    .map((row) => ({ ...row, cols: row.cols.map((col) => col.map((one) => (one.id === marked.id ? block : one))) }));
  return { ...design, rows };
}

/** A row in another layout. Blocks of columns that fall away go to the end of the last one that stays. */
export function relaid(row: Row, layout: readonly number[]): Row {
  const kept = row.cols.slice(0, layout.length);
  const rest = row.cols.slice(layout.length).flat();
  const cols = layout.map((_, at) => kept[at] ?? []);
  const last = cols.length - 1;
  return { ...row, layout: [...layout], cols: cols.map((col, at) => (at === last ? [...col, ...rest] : col)) };
}

/** The same with names that no other row or block has. */
export const renamed = (row: Row): Row => ({ ...structuredClone(row), locked: undefined, id: freshId(), cols: row.cols.map((col) => col.map((block) => ({ ...structuredClone(block), id: freshId() }))) });

export function insertRows(design: Design, rows: Row[], gap: number): Design {
  const at = Math.min(gap, lastGap(design));
  const clean = rows.map((row) => ({ ...row, cols: row.cols.map((col) => col.filter(({ type }) => type !== "footer")) })).filter((row) => row.cols.some((col) => col.length > 0));
  return { ...design, rows: [...design.rows.slice(0, at), ...clean.map(renamed), ...design.rows.slice(at)] };
}

/** Everything but the footer's row can go. */
export function removeRow(design: Design, at: number): Design {
  const row = design.rows[at];
  return !row || holdsFooter(row) ? design : { ...design, rows: design.rows.filter((_, r) => r !== at) };
}

/** The places of all blocks in reading order. */
export function places(design: Design): Array<{ block: Block; place: Place }> {
  return design.rows.flatMap((row, r) => row.cols.flatMap((col, c) => col.map((block, at) => ({ block, place: { row: r, col: c, at } }))));
}

/** The block before or after one in reading order. */
export function neighbour(design: Design, id: string, step: -1 | 1): string | null {
  const all = places(design);
  const at = all.findIndex(({ block }) => block.id === id);
  return all[at + step]?.block.id ?? null;
}
