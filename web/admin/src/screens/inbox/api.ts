import type { Encrypted } from "@sealed/message";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, fetchClient, got } from "@/api/client";
import type { components, paths } from "@/api/schema";

type Schema = components["schemas"];

export type AuthorKind = "visitor" | "agent" | "bot" | "system";
export type SentFile = Schema["ConversationFile"];
export type Person = Schema["ConversationPerson"];
export type Row = Schema["ConversationRow"] & { encrypted?: boolean };
export type Visit = Schema["VisitView"];
export type Full = Schema["ConversationFull"] & { encrypted?: boolean; encryption?: Keys | null };
export type Agent = Schema["ChatAgent"];
export type GroupName = Pick<Schema["ChatGroup"], "id" | "name">;
export type CannedReply = Omit<Schema["CannedReply"], "updated_at">;

export const STATUSES = ["accepting", "not_accepting", "offline"] as const;
/** Whether a member takes chats. */
export const statusOf = ({ status }: Pick<Agent, "status">) => STATUSES.find((one) => one === status) ?? "offline";

/** How a conversation's keys stand. */
export interface Keys {
  key_id?: string | null;
  rotate: boolean;
  missing: number;
}

/** Something that happened in a conversation, as members see it; of an encrypted one what only its ends can open. */
export type Happening = Omit<Schema["ConversationEvent"], "params" | "id" | "n"> & { params?: unknown; encrypted?: (Encrypted & { role: string }) | null };
export interface Events { items: Happening[]; last_seq: number; first_seq: number }

export const VIEWS = ["mine", "unassigned", "queued", "bot", "open", "snoozed", "closed", "supervised", "all"] as const;
export type View = (typeof VIEWS)[number];

export const CONVERSATION = "/v1/conversations/{id}";
export const about = (id: string) => ({ params: { path: { id } } });

export const conversation = (id: string) => api.queryOptions("get", CONVERSATION, about(id));
export const agents = () => api.queryOptions("get", "/v1/agents", {});
export const me = () => api.queryOptions("get", "/v1/agents/me", {});
export const groups = () => api.queryOptions("get", "/v1/groups", {});
export const cannedReplies = () => api.queryOptions("get", "/v1/canned-replies", {});
export const counts = () => api.queryOptions("get", "/v1/conversations/counts", {});

export type Asked = NonNullable<paths["/v1/conversations"]["get"]["parameters"]["query"]>;

/** Conversations page by page, under a key that `stale` finds. */
export const pagesOf = (query: Omit<Asked, "cursor">) =>
  infiniteQueryOptions({
    queryKey: ["get", "/v1/conversations", { params: { query } }] as const,
    queryFn: ({ pageParam }: { pageParam: string | undefined }) => got(fetchClient.GET("/v1/conversations", { params: { query: { ...query, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** What a system event says about itself, as words to put into its sentence. */
export const paramsOf = ({ params }: Happening): Record<string, string> =>
  (typeof params === "object" && params !== null ? Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])) : {});

/** A file of somebody's, read with the member's session. */
export const readFile = (id: string, file: string) => got<Blob>(fetchClient.GET("/v1/conversations/{id}/files/{file}", { params: { path: { id, file } }, parseAs: "blob" }));
