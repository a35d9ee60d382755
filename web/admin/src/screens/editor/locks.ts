import type { Design, Row } from "@/screens/content/document";
import { alike } from "./alike";
import { holdsFooter } from "./arrange";

const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);

function upTo(rows: readonly Row[]): string[] {
  const end = rows.findIndex(({ locked }) => !locked);
  return ids(end < 0 ? rows : rows.slice(0, end));
}

/** The locked rows that begin a message, and those that end it before the footer. */
function edges({ rows }: Design): [string[], string[]] {
  const back = [...rows].reverse();
  const first = back.findIndex((row) => !holdsFooter(row) || row.locked === true);
  return [upTo(rows), upTo(first < 0 ? [] : back.slice(first))];
}

const begins = (whole: readonly string[], part: readonly string[]) => part.every((id, at) => whole[at] === id);

/** Whether a change touches locked rows: what the server refuses of who may not change them. */
export function touchesLocked(before: Design, after: Design): boolean {
  const locked = before.rows.filter((row) => row.locked);
  if (locked.length === 0) return false;
  const kept = after.rows.filter(({ id }) => locked.some((row) => row.id === id));
  const same = kept.length === locked.length && locked.every((row, at) => { const now = kept[at]; return now !== undefined && alike(now, row); });
  if (!same) return true;
  if (before.rows.every((row) => row.locked || holdsFooter(row))) return false;
  const [[opened, closed], [opens, closes]] = [edges(before), edges(after)];
  return !begins(opens, opened) || !begins(closes, closed);
}
