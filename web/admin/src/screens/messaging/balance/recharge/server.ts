import { useRef } from "react";
import { api, fetchClient } from "@/api/client";
import type { paths } from "@/api/schema";
import { of, PAGE, randomKey, WATCHED, write } from "../../server";

type Read<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: { "application/json": infer Answer } } } } } ? Answer : never;
export type Payment = Read<"/v1/balance/payments/{id}">;
export type Saved = Read<"/v1/balance/payment-method">;
export type Method = NonNullable<Saved["method"]>;
export type Auto = Read<"/v1/balance/auto-recharge">;
type Words = Pick<Saved["words"], "version" | "language">;
export interface Amounts { floor_micros: number; amount_micros: number; monthly_cap_micros: number }

const ALL = "/v1/balance";
const METHOD = "/v1/balance/payment-method";
const AUTO = "/v1/balance/auto-recharge";
/** What has not come to its end. */
const OPEN: ReadonlySet<string> = new Set(["waiting", "charging", "needs_action"]);
export const isOpen = ({ state }: Pick<Payment, "state">) => OPEN.has(state);
export const canCancel = ({ state }: Pick<Payment, "state">) => state === "waiting" || state === "needs_action";

export const usePayments = (cursor?: string) =>
  api.useQuery("get", "/v1/balance/payments", { params: { query: { limit: PAGE, cursor } } }, { placeholderData: (before) => before, refetchInterval: ({ state: { data } }) => (data?.items.some(isOpen) ? 10_000 : false) });
/** Asks the provider itself, as long as it has not said how it ended. */
export const usePayment = (id: string) => api.useQuery("get", "/v1/balance/payments/{id}", of(id), { enabled: id !== "", refetchInterval: ({ state: { data } }) => (data && isOpen(data) ? WATCHED : false) });
export const cancelPayment = (id: string) => write(fetchClient.POST("/v1/balance/payments/{id}/cancel", of(id)), ALL);

/** Begins a payment. Pressed again after a lost answer, it stays one payment. */
export function usePaying(): (amount_micros: number) => Promise<Payment> {
  const last = useRef({ amount: 0, key: "" });
  return (amount_micros) => {
    if (last.current.amount !== amount_micros) last.current = { amount: amount_micros, key: randomKey() };
    return write(fetchClient.POST("/v1/balance/payments", { body: { amount_micros }, headers: { "Idempotency-Key": last.current.key } }), ALL);
  };
}

export const useSaved = (language: string) => api.useQuery("get", METHOD, { params: { query: { language } } });
export const saveMethod = ({ version, language }: Words) => write(fetchClient.POST(METHOD, { body: { words: { version, language } } }), METHOD);
export const withdrawMethod = () => write(fetchClient.DELETE(METHOD), METHOD, AUTO);

export const useAuto = (language: string) => api.useQuery("get", AUTO, { params: { query: { language } } }, { refetchInterval: ({ state: { data } }) => (data?.open ? 10_000 : false) });
export const agree = (amounts: Amounts, { version, language }: Words) => write(fetchClient.PUT(AUTO, { body: { ...amounts, words: { version, language } } }), AUTO, "/v1/balance/payments");
export const disagree = () => write(fetchClient.DELETE(AUTO), AUTO);

/** Leaves for a page of the payment provider; it sends the browser back. */
export function leaveFor(address: string) {
  const { protocol } = new URL(address, window.location.href);
  if (protocol === "https:" || protocol === "http:") window.location.assign(address);
}
