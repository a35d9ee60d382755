import type { Body, Design } from "@/screens/content/document";
import { together } from "@/screens/content/together";

/** What a message says in one language. */
export interface Piece {
  subject: string;
  preheader: string;
  text: string | null;
  body: Body | null;
}

export interface Prospecting {
  targeting: string;
  activity: string | null;
  assessment: string | null;
}

/** What its author decides about a campaign, or about a template (which has the message only). */
export interface MessageFields extends Piece {
  name: string;
  language: string;
  variants: Record<string, Piece>;
}

export interface CampaignFields extends MessageFields {
  topic: string;
  segment: string | null;
  purpose: string;
  from_name: string;
  from_email: string;
  reply_to: string | null;
  reason: string | null;
  track: boolean;
  prospecting: Prospecting | null;
}

/** Fields by name; those of another language as `ar/subject`. */
export type Flat = Record<string, unknown>;

export function flat(fields: MessageFields): Flat {
  const { variants, ...own } = fields;
  const others = Object.entries(variants).flatMap(([language, piece]) => Object.entries(piece).map(([name, value]) => [`${language}/${name}`, value] as const));
  return { ...own, ...Object.fromEntries(others) };
}

export function unflat<F extends MessageFields>(flattened: Flat): F {
  const own: Flat = {};
  const variants: Record<string, Flat> = {};
  for (const [name, value] of Object.entries(flattened)) {
    const [language, part] = name.split("/");
    if (part === undefined) own[name] = value;
    else if (language) variants[language] = { subject: "", preheader: "", text: null, body: null, ...variants[language], [part]: value };
  }
  return { ...own, variants } as unknown as F;
}

/** Whether two values say the same, whatever the order of their members. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [a, b] = [one as Flat, other as Flat];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same(a[name], b[name]));
}

/** The names of the fields in which two states differ. */
export function changed(one: Flat, other: Flat): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => !same(one[name], other[name]));
}

export interface Merged {
  /** Both sides' changes; where they contradict each other, mine. */
  fields: Flat;
  /** Changed by both, differently. */
  conflicts: string[];
  /** Changed by the other, and taken: alone, or beside what I changed in other blocks of the same document. */
  taken: string[];
}

const documentOf = (value: unknown) => (typeof value === "object" && value !== null && "design" in value ? (value as { design: Design }).design : null);

/** A document in which two people wrote at different places. */
function bothOf(base: unknown, mine: unknown, theirs: unknown): Body | undefined {
  const [was, my, other] = [base, mine, theirs].map(documentOf);
  const design = was && my && other ? together(was, my, other) : undefined;
  return design && { design };
}

/** What two people made of the same beginning. */
export function merge(base: Flat, mine: Flat, theirs: Flat): Merged {
  const my = new Set(changed(base, mine));
  const fields: Flat = { ...mine };
  const result: Merged = { fields, conflicts: [], taken: [] };
  for (const name of changed(base, theirs)) {
    if (my.has(name)) {
      if (same(mine[name], theirs[name])) continue;
      const both = bothOf(base[name], mine[name], theirs[name]);
      if (both) {
        fields[name] = both;
        result.taken.push(name);
      } else result.conflicts.push(name);
      continue;
    }
    result.taken.push(name);
    if (name in theirs) fields[name] = theirs[name];
    else delete fields[name];
  }
  return result;
}

/** The message in one language. */
export function pieceOf(fields: MessageFields, language: string): Piece {
  if (language !== fields.language) return fields.variants[language] ?? { subject: "", preheader: "", text: null, body: null };
  const { subject, preheader, text, body } = fields;
  return { subject, preheader, text, body };
}

/** The fields with a changed message in one language. */
export function withPiece<F extends MessageFields>(fields: F, language: string, change: Partial<Piece>): F {
  if (language === fields.language) return { ...fields, ...change };
  return { ...fields, variants: { ...fields.variants, [language]: { ...pieceOf(fields, language), ...change } } };
}

export const languagesOf = (fields: MessageFields) => [fields.language, ...Object.keys(fields.variants).sort()];

/** `Name <address>`, as senders are written. */
export function senderOf(name: string, email: string): string {
  return name === "" ? email : `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}" <${email}>`;
}

/** A piece as it is handed in. */
export const contentOf = ({ subject, preheader, text, body }: Piece) => ({ subject, preheader: preheader === "" ? null : preheader, text, ...(body ?? { html: "" }) });

const OWN_NAMES = ["name", "topic", "segment", "purpose", "reply_to", "reason", "track", "prospecting", "subject", "text", "language"] as const;

/** The changes as the server takes them: what is absent stays, all other languages come together. */
export function patchOf(base: Flat, mine: Flat): Record<string, unknown> {
  const names = new Set(changed(base, mine));
  const fields = unflat<CampaignFields>(mine);
  const patch: Record<string, unknown> = {};
  for (const name of OWN_NAMES) if (names.has(name)) patch[name] = fields[name];
  if (names.has("preheader")) patch.preheader = fields.preheader === "" ? null : fields.preheader;
  if (names.has("from_name") || names.has("from_email")) patch.from = senderOf(fields.from_name, fields.from_email);
  if (names.has("body") && fields.body) Object.assign(patch, fields.body);
  if ([...names].some((name) => name.includes("/"))) {
    patch.variants = Object.fromEntries(Object.entries(fields.variants).map(([language, piece]) => [language, contentOf(piece)]));
  }
  return patch;
}

/** How many characters people see; a family emoji is one. */
export function letters(text: string): number {
  return [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].length;
}
