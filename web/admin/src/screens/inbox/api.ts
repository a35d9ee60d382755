import type { Encrypted } from "@sealed/message";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { fetchClient } from "@/api/client";

/** Parameters of a request whose answer the description of the API does not name yet. */
export interface Asked {
  params?: { query?: Record<string, string | number | boolean | undefined>; path?: Record<string, string> };
  body?: unknown;
}

interface Untyped {
  request(way: string, path: string, init: object): Promise<{ data?: unknown; error?: unknown; response: Response }>;
}

/** One request; throws the problem that the server answers. */
export async function ask<T = void>(way: "get" | "post" | "put" | "patch" | "delete", path: string, asked: Asked = {}): Promise<T> {
  const { data, error } = await (fetchClient as unknown as Untyped).request(way, path, asked);
  if (error) throw error;
  return data as T;
}

/** A file that is read with the member's session. */
export async function askFile(path: string, asked: Asked = {}): Promise<Blob> {
  const { data, error } = await (fetchClient as unknown as Untyped).request("get", path, { ...asked, parseAs: "blob" });
  if (error) throw error;
  return data as Blob;
}

/** A query with the key that `stale(path)` finds. */
export const reading = <T>(path: string, asked: Asked = {}) => queryOptions({ queryKey: ["get", path, asked] as const, queryFn: () => ask<T>("get", path, asked) });

export interface Paged<T> {
  items: T[];
  next: string | null;
}

export const paging = <T>(path: string, query: Record<string, string | number | boolean | undefined>) =>
  infiniteQueryOptions({
    queryKey: ["get", path, { params: { query } }] as const,
    queryFn: ({ pageParam }: { pageParam: string | undefined }) => ask<Paged<T>>("get", path, { params: { query: { ...query, cursor: pageParam } } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Paged<T>) => page.next ?? undefined,
  });

export type AuthorKind = "visitor" | "agent" | "bot" | "system";

export interface SentFile {
  id: string;
  name: string;
  type: string;
  size: number;
  state: "checking" | "clean" | "refused";
}

/** Something that happened in a conversation, as members see it. */
export interface Happening {
  seq: number;
  thread: string;
  at: string;
  kind: "message" | "file" | "form" | "filled_form" | "rich" | "system" | "encrypted";
  author: { kind: AuthorKind; id: string | null; name: string | null };
  visibility: "all" | "agents";
  client_id: string | null;
  text: string | null;
  file: SentFile | null;
  form: { kind: string; fields: Array<{ key: string; label: string; value: string }> } | null;
  quick_replies: Array<{ label: string; value: string }> | null;
  code: string | null;
  params: Record<string, string> | null;
  deleted: boolean;
  /** What only its two ends can open. */
  encrypted?: (Encrypted & { role: string }) | null;
}

export interface Person {
  /** Null where nobody knows. */
  name: string | null;
  email: string | null;
  contact: string | null;
  visitor: string | null;
  online: boolean;
  identified: boolean;
}

export interface Row {
  id: string;
  channel: string;
  state: "open" | "snoozed" | "closed";
  routing: "assigned" | "queued" | "unassigned" | "bot";
  group: string | null;
  assignee: { id: string; name: string; kind: "agent" | "bot" } | null;
  person: Person;
  language?: string | null;
  preview: { text: string; kind: string; author: AuthorKind; visibility?: string; at: string } | null;
  last_seq: number;
  seen_seq: number;
  unread: number;
  tags: string[];
  snoozed_until: string | null;
  waiting_since: string | null;
  queue_position: number | null;
  created_at: string;
  updated_at: string;
  subject: string | null;
  rating: { score: number } | null;
  /** Whether it is encrypted end to end. */
  encrypted?: boolean;
}

export interface Visit {
  id: string;
  conversation: string | null;
  name: string | null;
  contact: string | null;
  online: boolean;
  consented: boolean;
  page: { url: string; title: string } | null;
  pages: Array<{ url: string; title: string; at: string }>;
  referrer: string | null;
  language: string | null;
  country: string | null;
  browser: string | null;
  visits: number;
  since: string;
  last_seen: string;
  state: "browsing" | "chatting" | "queued";
}

export interface Full extends Row {
  thread: string;
  threads: Array<{ id: string; n: number; started_at: string; ended_at: string | null; tags: string[]; rating: { score: number; comment: string | null } | null }>;
  widget: string | null;
  properties: Record<string, Record<string, string | number | boolean>>;
  participants: Array<{ id: string; name: string; role: "assignee" | "supervisor" }>;
  seen: { visitor: number; agents: Array<{ id: string; name: string; seq: number }> };
  visit: Visit | null;
  visitor_banned: boolean;
  answers: Array<{ key: string; label: string; value: string }>;
  peek: string | null;
  encryption?: { key_id: string | null; rotate: boolean; missing: number; off: string[] } | null;
}

export interface Events {
  items: Happening[];
  last_seq: number;
  first_seq: number;
}

export interface Agent {
  id: string;
  name: string;
  status: "accepting" | "not_accepting" | "offline";
  online: boolean;
  chats: number;
  limit: number;
  groups: Array<{ id: string; name: string; priority: string }>;
  shown_name: string | null;
  show_name: boolean;
}

export interface CannedReply {
  id: string;
  shortcut: string;
  text: string;
  language: string | null;
  group: string | null;
  tags: string[];
}

export interface GroupName {
  id: string;
  name: string;
}

export const VIEWS = ["mine", "unassigned", "queued", "bot", "open", "snoozed", "closed", "supervised", "all"] as const;
export type View = (typeof VIEWS)[number];

export const CONVERSATION = "/v1/conversations/{id}";
export const about = (id: string): Asked => ({ params: { path: { id } } });

export const conversation = (id: string) => reading<Full>(CONVERSATION, about(id));
export const agents = () => reading<{ items: Agent[] }>("/v1/agents");
export const me = () => reading<Agent>("/v1/agents/me");
export const groups = () => reading<{ items: GroupName[] }>("/v1/groups");
export const cannedReplies = () => reading<{ items: CannedReply[] }>("/v1/canned-replies");
export const counts = () => reading<Record<string, number>>("/v1/conversations/counts");
