import { useQuery } from "@tanstack/react-query";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { languagesOf, pieceOf, type MessageFields } from "@/screens/campaigns/fields";
import { designOf, type Design, type Row } from "@/screens/content/document";
import { freshId } from "@/screens/content/edits";
import { alike } from "./alike";
import { holdsFooter } from "./arrange";

export type Kept = components["schemas"]["Piece"];
type Kind = Kept["kind"];

const PATH = "/v1/pieces";

export const usePieces = (kind: Kind, about = "", enabled = true) => api.useQuery("get", PATH, { params: { query: { kind, about, limit: 100 } } }, { enabled });

export async function readPiece(id: string): Promise<Design> {
  const { data, error } = await fetchClient.GET("/v1/pieces/{id}", { params: { path: { id } } });
  if (error) throw error;
  return data.design as unknown as Design;
}

/** The document of a piece, for a picture of it. */
export const usePiece = (id: string, enabled = true) => useQuery({ queryKey: ["get", "/v1/pieces/{id}", id], queryFn: () => readPiece(id), staleTime: Infinity, enabled });

export async function keepPiece(kind: Kind, name: string, design: Design, about = ""): Promise<Kept> {
  const { data, error } = await fetchClient.POST(PATH, { body: { kind, name, about, design: design as unknown as components["schemas"]["Design"] } });
  if (error) throw error;
  await stale(PATH);
  return data;
}

/** Keeps the message that somebody gives up for another's, in each language: it is among its earlier states. */
export function keepGivenUp(of: string, mine: MessageFields, choice: Record<string, "mine" | "theirs">) {
  for (const language of languagesOf(mine)) {
    const design = designOf(pieceOf(mine, language).body);
    if (design && choice[language === mine.language ? "body" : `${language}/body`] === "theirs") void keepPiece("state", "", design, `${of}:${language}`).catch(() => {});
  }
}

export async function forgetPiece(id: string) {
  const { error } = await fetchClient.DELETE("/v1/pieces/{id}", { params: { path: { id } } });
  if (error) throw error;
  await stale(PATH);
}

const footerRow = (design: Design): Row => design.rows.find(holdsFooter) ?? { id: freshId(), layout: [1], stack: "normal", style: {}, cols: [[{ id: freshId(), type: "footer", text: "", view_link: false, notice: false, align: "center" }]] };

/** A document of these rows alone, in the looks of the one they come from. */
export const documentOf = (design: Design, rows: readonly Row[]): Design => ({ ...design, preheader: "", rows: [...rows.filter((row) => !holdsFooter(row)), footerRow(design)] });

/** The looks of a brand: its theme and its footer, and no message. */
export const brandOf = (design: Design): Design => documentOf(design, []);

/** The looks of a brand on something: alone they are an empty page. */
export function sampleOf(brand: Design, name: string): Design {
  const heading = { id: "sample-heading", type: "heading" as const, level: 1 as const, content: [{ type: "text" as const, text: name }], align: "center" as const };
  const button = { id: "sample-button", type: "button" as const, label: name, url: "https://example.org", align: "center" as const, style: "filled" as const, wide: false };
  return { ...brand, rows: [{ id: "sample", layout: [1], stack: "normal", style: {}, cols: [[heading, button]] }, ...brand.rows] };
}

/** A message in the looks of a brand. Its words stay; the footer keeps what was written in it, if anything was, and
 *  stays as it is where it is locked. */
export function branded(design: Design, brand: Design, isLocked: (row: Row) => boolean): Design {
  const theirs = footerRow(brand).cols.flat().find(({ type }) => type === "footer");
  const rows = design.rows.map((row) => (!holdsFooter(row) || isLocked(row) ? row : {
    ...row, style: { ...footerRow(brand).style, ...row.style },
    cols: row.cols.map((col) => col.map((block) => (block.type !== "footer" || theirs?.type !== "footer" ? block : { ...theirs, id: block.id, text: block.text || theirs.text, notice: block.notice }))),
  }));
  return { ...design, theme: brand.theme, rows };
}

/** What differs between two states, block by block, for a reader: what came, what went, what was rewritten or moved. */
export interface Difference {
  added: string[];
  removed: string[];
  changed: string[];
  moved: string[];
  theme: boolean;
}

export function differences(before: Design, after: Design): Difference {
  const flat = (design: Design) => design.rows.flatMap(({ cols }) => cols.flat());
  const [old, now] = [flat(before), flat(after)];
  const find = (list: typeof old, id: string) => list.find((block) => block.id === id);
  const stayed = now.filter(({ id }) => find(old, id));
  const order = (list: typeof old) => list.filter(({ id }) => find(old, id) && find(now, id)).map(({ id }) => id);
  const [was, is] = [order(old), order(now)];
  return {
    added: now.filter(({ id }) => !find(old, id)).map(({ id }) => id),
    removed: old.filter(({ id }) => !find(now, id)).map(({ id }) => id),
    changed: stayed.filter((block) => !alike(block, find(old, block.id))).map(({ id }) => id),
    moved: is.filter((id, at) => was[at] !== id),
    theme: !alike(before.theme, after.theme),
  };
}

export const isSame = ({ added, removed, changed, moved, theme }: Difference) => !theme && added.length + removed.length + changed.length + moved.length === 0;
