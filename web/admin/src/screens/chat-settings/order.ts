/** A list with one of its items a place further up (-1) or down (1). */
export function moved<T>(items: readonly T[], at: number, by: -1 | 1): T[] {
  const next = [...items];
  const [one] = next.splice(at, 1);
  if (one !== undefined) next.splice(Math.max(0, Math.min(next.length, at + by)), 0, one);
  return next;
}

/** A list with one of its items changed. */
export const changed = <T>(items: readonly T[], at: number, change: Partial<T>): T[] => items.map((one, place) => (place === at ? { ...one, ...change } : one));

/** A list without one of its items. */
export const without = <T>(items: readonly T[], at: number): T[] => items.filter((_, place) => place !== at);

/** A key for a field, of what it is called: lower-case letters, digits, underscores; not one that is taken. */
export function keyOf(label: string, taken: readonly string[]): string {
  const base = label.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 50) || "field";
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n++) if (!taken.includes(`${base}_${n}`)) return `${base}_${n}`;
}
