import type { Draft } from "./definition";

/** A draft as parts that two people may change apart from each other: `name`, `en/title`, `fields`. */
export type Parts = Record<string, unknown>;

const SPLIT = ["en", "ar", "theme", "display"] as const;

export function partsOf({ name, topic, definition }: Draft): Parts {
  const parts: Parts = { name, topic };
  for (const [key, value] of Object.entries(definition)) {
    if (!(SPLIT as readonly string[]).includes(key)) parts[key] = value;
    else for (const [inner, text] of Object.entries(value as object)) parts[`${key}/${inner}`] = text;
  }
  return parts;
}

/** The draft again; only for parts that {@link partsOf} made. */
export function draftOf({ name, topic, ...rest }: Parts): Draft {
  const definition: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(rest)) {
    const [key = "", inner] = path.split("/");
    if (inner === undefined) definition[key] = value;
    else definition[key] = { ...(definition[key] as object | undefined), [inner]: value };
  }
  return { name, topic, definition } as unknown as Draft;
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Which parts differ. */
export function changed(base: Draft, now: Draft): string[] {
  const [one, other] = [partsOf(base), partsOf(now)];
  return Object.keys(other).filter((path) => !same(one[path], other[path]));
}

export interface Merged {
  /** Both sides' changes; mine where both changed the same part. */
  draft: Draft;
  /** Changed on both sides, differently. */
  conflicts: string[];
  /** Taken from the other side. */
  taken: string[];
}

/** What both made of `base`. */
export function merge(base: Draft, mine: Draft, theirs: Draft): Merged {
  const [before, own, other] = [partsOf(base), partsOf(mine), partsOf(theirs)];
  const result: Parts = { ...own };
  const conflicts: string[] = [];
  const taken: string[] = [];
  for (const path of Object.keys(own)) {
    if (same(other[path], before[path]) || same(other[path], own[path])) continue;
    if (same(own[path], before[path])) {
      result[path] = other[path];
      taken.push(path);
    } else {
      conflicts.push(path);
    }
  }
  return { draft: draftOf(result), conflicts, taken };
}

/** The draft with the other side's version of these parts. */
export function taking(draft: Draft, theirs: Draft, paths: readonly string[]): Draft {
  const other = partsOf(theirs);
  return draftOf({ ...partsOf(draft), ...Object.fromEntries(paths.map((path) => [path, other[path]])) });
}
