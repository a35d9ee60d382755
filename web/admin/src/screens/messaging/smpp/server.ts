import { api, fetchClient } from "@/api/client";
import type { components } from "@/api/schema";
import { of, write } from "../server";

type Schema = components["schemas"];
export type Account = Schema["SmppAccount"];
export type Settings = Schema["SmppAccountSettings"];
export type Made = Schema["MadeSmppAccount"];

const PATH = "/v1/smpp-accounts";

/** Sessions come and go by themselves. */
export const useAccounts = () => api.useQuery("get", PATH, {}, { refetchInterval: 10_000 });
export const makeAccount = (body: Schema["NewSmppAccount"]) => write(fetchClient.POST(PATH, { body }), PATH);
export const saveAccount = (id: string, body: Schema["SmppAccountChange"]) => write(fetchClient.PATCH("/v1/smpp-accounts/{id}", { ...of(id), body }), PATH);
export const renewSecret = (id: string) => write(fetchClient.POST("/v1/smpp-accounts/{id}/secret", { ...of(id), body: {} }), PATH);
export const closeAccount = (id: string) => write(fetchClient.DELETE("/v1/smpp-accounts/{id}", of(id)), PATH);
