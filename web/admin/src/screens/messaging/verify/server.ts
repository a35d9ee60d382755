import { api, fetchClient, got, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { of, SELDOM, WATCHED, write } from "../server";

type Schema = components["schemas"];
export type Service = Schema["VerificationService"];
export type Settings = Schema["VerificationSettings"];
export type Verification = Schema["Verification"];
export type Watch = Schema["VerificationWatch"];

const SERVICES = "/v1/verification-services";
const PATH = "/v1/verifications";
const PAGE = 30;

export const CHANNELS = ["sms", "voice", "email"] as const;
export const isOpen = ({ state }: Pick<Verification, "state">) => state === "pending";

export const useServices = (enabled = true) => api.useQuery("get", SERVICES, {}, { ...SELDOM, enabled });
export const useService = (id: string, enabled: boolean) => api.useQuery("get", "/v1/verification-services/{id}", of(id), { enabled });
export const makeService = (body: Schema["NewVerificationService"]) => write(fetchClient.POST(SERVICES, { body }), SERVICES);
export const saveService = (id: string, body: Schema["VerificationServiceChange"]) => write(fetchClient.PATCH("/v1/verification-services/{id}", { ...of(id), body }), SERVICES);
export const dropService = (id: string) => write(fetchClient.DELETE("/v1/verification-services/{id}", of(id)), SERVICES);

export const useVerifications = (cursor?: string) =>
  api.useQuery("get", PATH, { params: { query: { limit: PAGE, cursor } } }, { placeholderData: (before) => before, refetchInterval: ({ state: { data } }) => (data?.items.some(isOpen) ? WATCHED : false) });
export const useVerification = (id: string) => api.useQuery("get", "/v1/verifications/{id}", of(id), { refetchInterval: ({ state: { data } }) => (data && isOpen(data) ? WATCHED : false) });
export const beginVerification = (body: Schema["NewVerification"]) => write(fetchClient.POST(PATH, { body }), PATH, "/v1/balance");
/** A wrong code is an answer here, and counts: it is not asked again by itself. */
export const checkCode = async (id: string, code: string) => {
  try {
    return await got(fetchClient.POST("/v1/verifications/{id}/check", { ...of(id), body: { code } }));
  } finally {
    await stale(PATH);
  }
};
export const resendCode = (id: string, channel?: string) => write(fetchClient.POST("/v1/verifications/{id}/resend", { ...of(id), body: { channel: channel ?? null } }), PATH, "/v1/balance");
export const cancelVerification = (id: string) => write(fetchClient.POST("/v1/verifications/{id}/cancel", of(id)), PATH);

export const useWatch = (enabled = true) => api.useQuery("get", "/v1/verifications/watch", {}, { ...SELDOM, enabled });
export const saveWatch = (body: Watch) => write(fetchClient.PUT("/v1/verifications/watch", { body }), "/v1/verifications/watch");
