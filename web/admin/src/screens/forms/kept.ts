import type { Draft } from "./definition";

/** What the server has not got yet, kept in this browser until it has. */
export interface Kept {
  version: number;
  base: Draft;
  mine: Draft;
}

const key = (id: string) => `barid.draft.${id}`;

export function keep(id: string, kept: Kept | null) {
  try {
    if (kept) localStorage.setItem(key(id), JSON.stringify(kept));
    else localStorage.removeItem(key(id));
  } catch {
    // A full or forbidden storage: the page itself still holds everything.
  }
}

const isKept = (value: unknown): value is Kept =>
  typeof value === "object" && value !== null && "version" in value && "base" in value && "mine" in value;

export function keptOf(id: string): Kept | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key(id)) ?? "null");
    return isKept(value) ? value : null;
  } catch {
    return null;
  }
}
