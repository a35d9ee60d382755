import { useMemo } from "react";
import { api, fetchClient, queryClient, stale } from "@/api/client";
import { isProblem } from "@/api/problem";
import type { components } from "@/api/schema";
import type { Body } from "@/screens/content/document";
import { patchOf, type CampaignFields, type Piece, type Prospecting } from "./fields";
import { useDraft } from "./useDraft";

type Schema = components["schemas"];
export type Counts = Schema["Counts"];
export type Checklist = Schema["ChecklistAnswer"];
export type ChecklistItem = Schema["ChecklistItem"];
export type State = "draft" | "scheduled" | "preparing" | "sending" | "paused" | "sent" | "cancelled";

export const STATES: readonly State[] = ["draft", "scheduled", "preparing", "sending", "paused", "sent", "cancelled"];

/** A message of one language as the server tells it; the description leaves its shape open. */
export interface Told {
  subject: string;
  language: string;
  preheader?: string | null;
  text?: string | null;
  body: Body;
}

/** A campaign of a list. */
export type CampaignRow = Omit<Schema["Campaign"], "state" | "content" | "variants" | "prospecting"> & { state: State };

export type Campaign = CampaignRow & { content: Told; variants: Record<string, Told> | null; prospecting: Prospecting | null };

export const asRow = (campaign: Schema["Campaign"]) => campaign as CampaignRow;
export const asCampaign = (campaign: Schema["Campaign"]) => campaign as unknown as Campaign;

export const pieceTold = ({ subject, preheader, text, body }: Told): Piece => ({ subject, preheader: preheader ?? "", text: text ?? null, body });

export function fieldsOf(campaign: Campaign): CampaignFields {
  const { name, topic, segment = null, purpose, from_name, from_email, reply_to = null, reason = null, track, prospecting, content, variants } = campaign;
  const others = Object.entries(variants ?? {}).map(([language, piece]) => [language, pieceTold(piece)] as const);
  return { name, topic, segment, purpose, from_name, from_email, reply_to, reason, track, prospecting, language: content.language, ...pieceTold(content), variants: Object.fromEntries(others) };
}

const PATH = "/v1/campaigns/{id}";
const about = (id: string) => ({ params: { path: { id } } });

const MOVING: readonly string[] = ["preparing", "sending", "paused"];
export const isMoving = (state: string) => MOVING.includes(state);

const WATCHED = 3000;

/** A campaign with everything; read again and again while it moves by itself. */
export function useCampaign(id: string) {
  return api.useQuery("get", PATH, about(id), { select: asCampaign, refetchInterval: ({ state }) => (state.data && isMoving(state.data.state) ? WATCHED : false) });
}

/** Remembers what the server just answered, so that other screens show it at once. */
export function remember(campaign: Schema["Campaign"]) {
  queryClient.setQueryData(api.queryOptions("get", PATH, about(campaign.id)).queryKey, campaign);
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === "/v1/campaigns" });
}

const FIXED = ["draft", "scheduled"];
export const isWritable = (state: State) => FIXED.includes(state);

/** What one is writing about a campaign; saves itself. */
export function useCampaignDraft(campaign: Campaign) {
  const { id, revision } = campaign;
  const fields = useMemo(() => fieldsOf(campaign), [campaign]);
  return useDraft<CampaignFields>({
    key: `barid.draft.${id}`, fields, revision,
    save: async (base, mine, at) => {
      const { data, error } = await fetchClient.PATCH(PATH, { ...about(id), body: { ...patchOf(base, mine), revision: at } });
      if (error) throw error;
      if (!data) throw new TypeError("no answer");
      remember(data);
      return data.revision;
    },
    read: (current) => fieldsOf(current as Campaign),
  });
}

export type CampaignDraft = ReturnType<typeof useCampaignDraft>;

/** Asks for one of a campaign's changes of state and keeps the answer. */
export async function act(id: string, what: "pause" | "resume" | "cancel") {
  const { data, error } = await fetchClient.POST(`/v1/campaigns/{id}/${what}`, about(id));
  if (error) throw error;
  if (data) remember(data);
}

export async function sendIt(id: string, grace_seconds: number) {
  const { data, error } = await fetchClient.POST("/v1/campaigns/{id}/send", { ...about(id), body: { grace_seconds } });
  if (error) throw error;
  if (data) remember(data);
}

export async function scheduleIt(id: string, at: Date) {
  const { data, error } = await fetchClient.POST("/v1/campaigns/{id}/schedule", { ...about(id), body: { at: at.toISOString() } });
  if (error) throw error;
  if (data) remember(data);
}

/** Into the bin and out of it. */
export async function bin(id: string) {
  const { error } = await fetchClient.DELETE(PATH, about(id));
  if (error) throw error;
  await stale("/v1/campaigns");
}

export async function restore(id: string) {
  const { error } = await fetchClient.POST("/v1/campaigns/{id}/restore", about(id));
  if (error) throw error;
  await stale("/v1/campaigns");
}

export async function duplicate(id: string, name: string): Promise<string> {
  const { data, error } = await fetchClient.POST("/v1/campaigns/{id}/duplicate", { ...about(id), body: { name } });
  if (error) throw error;
  await stale("/v1/campaigns");
  return data?.id ?? id;
}

/** The words of a refused field, by the name that the server calls it. */
export function errorsOf(error: unknown): Record<string, string> {
  if (!isProblem(error)) return {};
  return Object.fromEntries((error.fields ?? []).map(({ field, detail }) => [field, detail]));
}

export const useTopics = () => api.useQuery("get", "/v1/topics", { params: { query: { counts: true } } }, { staleTime: 60_000 });
export const useSegments = () => api.useQuery("get", "/v1/segments", { params: { query: { limit: 200 } } }, { staleTime: 60_000 });
export const useDomains = () => api.useQuery("get", "/v1/domains", {}, { staleTime: 60_000 });
