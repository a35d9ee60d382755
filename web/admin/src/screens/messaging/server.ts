import { useRef } from "react";
import { api, fetchClient, got, stale, type Answered } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";

type Schema = components["schemas"];
export type Sms = Schema["SmsMessage"];
export type NewSms = Schema["NewSms"];
export type Step = Schema["Listed_SmsStep"]["items"][number];
export type Received = Schema["Listed_ReceivedSms"]["items"][number];
export type Way = Schema["SmsRoute"];
export type NewWay = Schema["NewRoute"];
export type WayRules = Schema["RouteRules"];
export type Sender = Schema["SmsOriginator"];
export type SenderRules = Schema["OriginatorRules"];
export type Allowed = Schema["SmsSettings"];
export type Balance = Schema["BalanceView"];
export type Movement = Schema["Listed_BalanceEntry"]["items"][number];
export type Price = Schema["PriceLine"];
export type Counted = Schema["SmsParts"];

export const of = (id: string) => ({ params: { path: { id } } });
export const SELDOM = { staleTime: 60_000 };
/** How often what moves by itself is looked at again. */
export const WATCHED = 4000;
/** What has not come to its end. */
const MOVING: ReadonlySet<string> = new Set(["queued", "sending", "sent"]);
/** What moves by itself: not what is due only later. */
export const movingAmong = (states: ReadonlySet<string>) => ({ state, due_at }: { state: string; due_at?: string | null }) => states.has(state) && !(due_at && new Date(due_at).getTime() > Date.now() + 60_000);
export const isMoving = movingAmong(MOVING);

/** Writes, and has what stands on the screen read anew. */
export async function write<T>(asked: Promise<Answered<T>>, ...paths: string[]): Promise<Exclude<T, undefined>> {
  const answer = await got(asked);
  await stale(...paths);
  return answer;
}

export interface Filter { state?: string; contact?: string; cursor?: string }
export const PAGE = 30;

export const useMessages = ({ state, contact, cursor }: Filter) =>
  api.useQuery("get", "/v1/messages", { params: { query: { limit: PAGE, state, contact, cursor } } }, {
    placeholderData: (before) => before,
    refetchInterval: ({ state: { data } }) => (data?.items.some(isMoving) ? WATCHED : false),
  });
export const useMessage = (id: string) => api.useQuery("get", "/v1/messages/{id}", of(id), { refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? WATCHED : false) });
export const useSteps = (id: string, moving: boolean) => api.useQuery("get", "/v1/messages/{id}/timeline", of(id), { refetchInterval: moving ? WATCHED : false });
export const useReceived = (cursor?: string) => api.useQuery("get", "/v1/messages/received", { params: { query: { limit: PAGE, cursor } } }, { placeholderData: (before) => before });
export const cancelMessage = (id: string) => write(fetchClient.POST("/v1/messages/{id}/cancel", of(id)), "/v1/messages", "/v1/balance");

/** Counts a text as it will be counted when it is sent. */
export const useCounted = (text: string) =>
  api.useQuery("post", "/v1/messages/preview", { body: { text } }, { enabled: text !== "", placeholderData: (before) => before, staleTime: Infinity });

export const randomKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Sends a message. Pressed again after a lost answer, the same message stays one message. */
export function useSend(): (body: NewSms) => Promise<Sms> {
  const last = useRef({ text: "", key: "" });
  return (body) => {
    const text = JSON.stringify(body);
    if (last.current.text !== text) last.current = { text, key: randomKey() };
    return write(fetchClient.POST("/v1/messages", { body, headers: { "Idempotency-Key": last.current.key } }), "/v1/messages", "/v1/balance");
  };
}

export const useWays = (enabled = true) => api.useQuery("get", "/v1/routes", {}, { enabled, refetchInterval: 10_000 });
/** Names of routes by id; empty for those who may not see routes. */
export function useWayNames(): (id: string) => string {
  const { data } = useWays(useMay()("routes:read"));
  return (id) => data?.items.find((way) => way.id === id)?.name ?? id;
}
export const makeWay = (body: NewWay) => write(fetchClient.POST("/v1/routes", { body }), "/v1/routes");
export const saveWay = (id: string, body: Schema["RouteChange"]) => write(fetchClient.PATCH("/v1/routes/{id}", { ...of(id), body }), "/v1/routes");
export const dropWay = (id: string) => write(fetchClient.DELETE("/v1/routes/{id}", of(id)), "/v1/routes");

export const useSenders = (enabled = true) => api.useQuery("get", "/v1/originators", {}, { ...SELDOM, enabled });
export const makeSender = (body: Schema["NewOriginator"]) => write(fetchClient.POST("/v1/originators", { body }), "/v1/originators");
export const saveSender = (id: string, rules: SenderRules) => write(fetchClient.PATCH("/v1/originators/{id}", { ...of(id), body: { rules } }), "/v1/originators");
export const dropSender = (id: string) => write(fetchClient.DELETE("/v1/originators/{id}", of(id)), "/v1/originators");

export const useAllowed = (enabled = true) => api.useQuery("get", "/v1/messages/settings", {}, { ...SELDOM, enabled });
export const saveAllowed = (body: Allowed) => write(fetchClient.PUT("/v1/messages/settings", { body }), "/v1/messages/settings", "/v1/originators");

export const useBalance = (enabled = true) => api.useQuery("get", "/v1/balance", {}, { enabled });
export const saveTerms = (body: Schema["BalanceTerms"]) => write(fetchClient.PUT("/v1/balance", { body }), "/v1/balance");
export const useMovements = (cursor?: string) => api.useQuery("get", "/v1/balance/entries", { params: { query: { limit: PAGE, cursor } } }, { placeholderData: (before) => before });

/** Enters money that was paid. Pressed again after a lost answer, it is entered once. */
export function useTopUp(): (amount_micros: number) => Promise<Balance> {
  const key = useRef(randomKey());
  return async (amount_micros) => {
    const answer = await write(fetchClient.POST("/v1/balance/top-ups", { body: { amount_micros }, headers: { "Idempotency-Key": key.current } }), "/v1/balance");
    key.current = randomKey();
    return answer;
  };
}

const PRICES_A_PAGE = 200;
const MOST_PAGES = 100;

/** The whole price list: as long as a list may be. */
export async function everyPrice(): Promise<{ items: Price[] }> {
  const items: Price[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await got(fetchClient.GET("/v1/prices", { params: { query: { limit: PRICES_A_PAGE, cursor } } }));
    items.push(...answer.items);
    if (!answer.next) break;
    cursor = answer.next;
  }
  return { items };
}

export const savePrices = (items: Price[]) => write(fetchClient.PUT("/v1/prices", { body: { items } }), "/v1/prices");
