import { api, fetchClient, got } from "@/api/client";
import type { components } from "@/api/schema";
import { of, SELDOM, write } from "../server";

type Schema = components["schemas"];
export type OwnNumber = Schema["OwnNumber"];
export type NewNumber = Schema["NewNumber"];
export type Settings = Schema["NumberSettings"];
export type Forward = Schema["NumberForward"];
export type Facts = Schema["NumberFacts"];
export type NetworkAnswer = Schema["NetworkAnswer"];

export const CAPABILITIES = ["sms", "mms", "voice"] as const;
export const FORWARDS = ["conversation", "webhook"] as const;

const PATH = "/v1/numbers";
const PAGE = 50;

export const useNumbers = (cursor?: string, enabled = true) => api.useQuery("get", PATH, { params: { query: { limit: PAGE, cursor } } }, { enabled, placeholderData: (before) => before });
/** Numbers to choose from, as many as one answer holds. */
export const useSomeNumbers = (enabled = true) => api.useQuery("get", PATH, { params: { query: { limit: 200 } } }, { ...SELDOM, enabled });
export const addNumber = (body: NewNumber) => write(fetchClient.POST(PATH, { body }), PATH, "/v1/originators");
export const importNumbers = (items: NewNumber[]) => write(fetchClient.POST("/v1/numbers/import", { body: { items } }), PATH, "/v1/originators");
export const changeNumber = (id: string, body: Schema["NumberChange"]) => write(fetchClient.PATCH("/v1/numbers/{id}", { ...of(id), body }), PATH);
export const releaseNumber = (id: string) => write(fetchClient.DELETE("/v1/numbers/{id}", of(id)), PATH);

export const useElsewhere = (enabled = true) => api.useQuery("get", "/v1/numbers/default", {}, { ...SELDOM, enabled });
export const saveElsewhere = (body: Forward) => write(fetchClient.PUT("/v1/numbers/default", { body }), "/v1/numbers/default");

/** Call flows to choose from. */
export const useFlowChoices = (enabled = true) => api.useQuery("get", "/v1/call-flows", {}, { ...SELDOM, enabled });

const about = (number: string, country: string) => ({ params: { path: { number }, query: { country: country || undefined } } });
export const useFacts = (number: string, country: string) => api.useQuery("get", "/v1/lookup/{number}", about(number, country), { enabled: number !== "", staleTime: Infinity, retry: false });
/** Asks the network; within a day the same answer comes for nothing. */
export const askNetwork = (number: string, country: string) => got(fetchClient.POST("/v1/lookup/{number}/hlr", about(number, country)));

export const useProvider = (enabled = true) => api.useQuery("get", "/v1/lookup/provider", {}, { ...SELDOM, enabled });
export const connectProvider = (body: Schema["NewLookupProvider"]) => write(fetchClient.PUT("/v1/lookup/provider", { body }), "/v1/lookup/provider");
export const forgetProvider = () => write(fetchClient.DELETE("/v1/lookup/provider"), "/v1/lookup/provider");
