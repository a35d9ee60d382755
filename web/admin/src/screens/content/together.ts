import { alike } from "@/screens/editor/alike";
import type { Block, Design, Row, Theme } from "./document";

/** What two people made of the same thing, where both is possible; undefined where they contradict each other. */
function either<T>(base: T, mine: T, theirs: T): { is: T } | undefined {
  if (alike(mine, theirs) || alike(base, theirs)) return { is: mine };
  return alike(base, mine) ? { is: theirs } : undefined;
}

const byId = (design: Design) => new Map(design.rows.flatMap(({ cols }) => cols.flat().map((block) => [block.id, block] as const)));

/** A row without what its blocks say: where they stand, and how it looks. */
const frameOf = (row: Row) => ({ ...row, cols: row.cols.map((col) => col.map(({ id }) => id)) });
type Frame = ReturnType<typeof frameOf>;

/** The order of rows, when each side only added some or took some away. */
function orderOf(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] | undefined {
  const kept = base.filter((id) => mine.includes(id) && theirs.includes(id));
  const common = (ids: readonly string[]) => ids.filter((id) => kept.includes(id));
  if (!alike(common(mine), kept) || !alike(common(theirs), kept)) return undefined;
  const stays = (id: string) => kept.includes(id) || !base.includes(id);
  const order = theirs.filter(stays);
  // What I added comes after what stands before it with me; the footer's row stays the last.
  mine.filter(stays).forEach((id, at, all) => {
    if (!order.includes(id)) order.splice(at === 0 ? 0 : order.indexOf(all[at - 1] ?? "") + 1, 0, id);
  });
  return order;
}

function framesOf(base: Design, mine: Design, theirs: Design): Frame[] | undefined {
  const [was, my, other] = [base, mine, theirs].map((design) => design.rows.map(frameOf)) as [Frame[], Frame[], Frame[]];
  const whole = either(was, my, other);
  if (whole) return whole.is;
  const ids = (frames: Frame[]) => frames.map(({ id }) => id);
  const order = orderOf(ids(was), ids(my), ids(other));
  if (!order) return undefined;
  const frames = order.map((id) => {
    const [b, m, t] = [was, my, other].map((all) => all.find((frame) => frame.id === id));
    return b && m && t ? either(b, m, t)?.is : (m ?? t);
  });
  // What one took away, the other may not have changed.
  const gone = was.filter(({ id }) => !order.includes(id));
  const touched = gone.some((frame) => [my, other].some((all) => all.some((one) => one.id === frame.id && !alike(one, frame))));
  return touched || frames.some((frame) => !frame) ? undefined : (frames as Frame[]);
}

/** A document with the changes of both, block by block; undefined when both changed the same block, the same look or
 *  the same order differently. */
export function together(base: Design, mine: Design, theirs: Design): Design | undefined {
  const theme: Partial<Record<keyof Theme, unknown>> = {};
  for (const name of Object.keys({ ...base.theme, ...mine.theme, ...theirs.theme }) as Array<keyof Theme>) {
    const found = either<unknown>(base.theme[name], mine.theme[name], theirs.theme[name]);
    if (!found) return undefined;
    theme[name] = found.is;
  }
  const frames = framesOf(base, mine, theirs);
  const preheader = either(base.preheader, mine.preheader, theirs.preheader);
  if (!frames || !preheader || !alike([mine.dir, mine.lang, mine.v], [theirs.dir, theirs.lang, theirs.v])) return undefined;
  const [was, my, other] = [byId(base), byId(mine), byId(theirs)];
  const kept = new Set(frames.flatMap(({ cols }) => cols.flat()));
  if (kept.size !== frames.flatMap(({ cols }) => cols.flat()).length) return undefined;
  const blocks = new Map<string, Block>();
  for (const id of new Set([...was.keys(), ...kept])) {
    const [b, m, t] = [was.get(id), my.get(id), other.get(id)];
    // A block that one rewrote and the other took away is for somebody to decide.
    if (!kept.has(id)) { if ((m && !alike(b, m)) || (t && !alike(b, t))) return undefined; continue; }
    const found = m && t ? either(b, m, t)?.is : (m ?? t);
    if (!found) return undefined;
    blocks.set(id, found);
  }
  return { ...mine, preheader: preheader.is, theme: theme as unknown as Theme, rows: frames.map((frame) => ({ ...frame, cols: frame.cols.map((ids) => ids.flatMap((id) => blocks.get(id) ?? [])) })) };
}
