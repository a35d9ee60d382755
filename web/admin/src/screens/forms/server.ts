import type { components } from "@/api/schema";
import { api, fetchClient, queryClient, stale } from "@/api/client";
import { complete, type Definition, type Draft, type Language } from "./definition";

export type Form = components["schemas"]["Form"];

const PATH = "/v1/forms/{id}";
const about = (id: string) => ({ params: { path: { id } } });

export const draftOfForm = ({ name, topic, definition }: Form): Draft => ({ name, topic, definition: complete(definition) });

export const useForms = () => api.useQuery("get", "/v1/forms", {});
export const useForm = (id: string) => api.useQuery("get", PATH, about(id), { refetchOnWindowFocus: false });
export const useTopics = () => api.useQuery("get", "/v1/topics", {}, { staleTime: 60_000 });
export const useCustomFields = (allowed: boolean) => api.useQuery("get", "/v1/fields", {}, { staleTime: 60_000, enabled: allowed });
export const useEmbed = (id: string) => api.useQuery("get", "/v1/forms/{id}/embed", about(id));

/** A published privacy notice; the description leaves its shape open. */
export interface Notice {
  id: string;
  notice: string;
  version: number;
  published_at?: string;
}

export const useNotices = (allowed: boolean) =>
  api.useQuery("get", "/v1/privacy/notices", {}, { staleTime: 60_000, enabled: allowed, select: ({ items }) => items as unknown as Notice[] });

/** Remembers what the server just answered, so that other screens show it at once. */
function remember(form: Form): Form {
  queryClient.setQueryData(api.queryOptions("get", PATH, about(form.id)).queryKey, form);
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === "/v1/forms" || queryKey[1] === "/v1/forms/{id}/embed" });
  return form;
}

function answer<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (error) throw error;
  if (data === undefined) throw new TypeError("no answer");
  return data;
}

export const make = async (draft: Draft): Promise<Form> => remember(answer(await fetchClient.POST("/v1/forms", { body: draft })));

export const save = async (id: string, draft: Draft, version: number): Promise<Form> =>
  remember(answer(await fetchClient.PATCH(PATH, { ...about(id), body: { ...draft, version } })));

/** The server's newest state, past every cache. */
export const read = async (id: string): Promise<Form> => remember(answer(await fetchClient.GET(PATH, about(id))));

export async function archive(id: string, archived: boolean) {
  remember(answer(await fetchClient.PATCH(PATH, { ...about(id), body: { archived } })));
  await stale("/v1/forms");
}

export interface Look {
  language: Language;
  show: "form" | "thanks";
}

/** The form as a page for a frame; throws what would be refused when it is saved. */
export async function preview(definition: Definition, topic: string, { language, show }: Look, signal: AbortSignal): Promise<string> {
  const body = { definition, language, show, ...(definition.topics.length > 0 ? { topic } : {}) };
  return answer(await fetchClient.POST("/v1/forms/preview", { body, parseAs: "text", signal }));
}
