import type { FileKey } from "@sealed/message";
import type { Happening } from "./api";

/** What a member sent that the server has not answered for yet. */
export interface Sending {
  client_id: string;
  kind: "message" | "note" | "file" | "rich" | "form" | "template";
  /** An approved text of WhatsApp, of which the words are what it says. */
  template?: { name: string; language: string; parameters: string[] };
  text?: string;
  /** Its id; of an encrypted one, also what opens it. */
  file?: string | FileKey;
  form?: string;
  quick_replies?: Array<{ label: string; value: string }>;
  at: string;
  failed: boolean;
}

/** Two lists of events as one: each event once, in order, newer knowledge over older. */
export function merged(known: readonly Happening[], more: readonly Happening[]): Happening[] {
  const all = new Map(known.map((one) => [one.seq, one]));
  for (const one of more) all.set(one.seq, one);
  return [...all.values()].sort((a, b) => a.seq - b.seq);
}

/** What is still on its way: whatever arrived under its own name is not. */
export const pending = (sendings: readonly Sending[], events: readonly Happening[]): Sending[] => {
  const arrived = new Set(events.map(({ client_id }) => client_id));
  return sendings.filter(({ client_id }) => !arrived.has(client_id));
};

const SAME = 300_000;

/** Whether an entry continues what the same person said a moment before, and needs no name of its own. */
export function continues(before: Happening | undefined, one: Happening): boolean {
  return before !== undefined && before.kind !== "system" && one.kind !== "system" && before.visibility === one.visibility && before.author.kind === one.author.kind && before.author.id === one.author.id
    && new Date(one.at).getTime() - new Date(before.at).getTime() < SAME;
}

/** What stands behind a `/` at the beginning of what is written, while it may still become a canned reply's name. */
export function shortcutIn(text: string): string | null {
  const found = /^\/(\S*)$/.exec(text);
  return found ? (found[1] ?? "") : null;
}

/** A canned reply with what is known about the person in its places: `{name}`, `{agent}`. */
export const filled = (text: string, known: Record<string, string>) => text.replace(/\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole);
