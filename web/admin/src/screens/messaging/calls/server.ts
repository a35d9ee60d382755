import { useRef } from "react";
import { api, fetchClient, got, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { movingAmong, of, PAGE, randomKey, SELDOM, WATCHED, write } from "../server";

type Schema = components["schemas"];
export type Call = Schema["PhoneCall"];
export type NewCall = Schema["NewPhoneCall"];
export type CallStep = Schema["Listed_PhoneCallStep"]["items"][number];
export type Recording = Schema["CallRecording"];
export type Flow = Schema["CallFlow"];
export type Definition = Schema["CallFlowDefinition"];
export type Trunk = Schema["SipTrunk"];
export type NewTrunk = Schema["NewTrunk"];
export type TrunkRules = Schema["TrunkRules"];
export type CallSettings = Schema["CallSettings"];

const MOVING: ReadonlySet<string> = new Set(["queued", "starting", "ringing", "ongoing"]);
export const isMoving = movingAmong(MOVING);
/** Whether it can be hung up or taken back. */
export const canEnd = ({ state }: Pick<Call, "state">) => MOVING.has(state);

export const useCalls = ({ cursor, contact }: { cursor?: string; contact?: string }) =>
  api.useQuery("get", "/v1/calls", { params: { query: { limit: PAGE, cursor, contact } } }, { placeholderData: (before) => before, refetchInterval: ({ state: { data } }) => (data?.items.some(isMoving) ? WATCHED : false) });
export const useCall = (id: string) => api.useQuery("get", "/v1/calls/{id}", of(id), { refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? 2000 : false) });
export const useCallSteps = (id: string, moving: boolean) => api.useQuery("get", "/v1/calls/{id}/timeline", of(id), { refetchInterval: moving ? 2000 : false });
export const endCall = (id: string) => write(fetchClient.POST("/v1/calls/{id}/hangup", of(id)), "/v1/calls", "/v1/balance");

/** Calls somebody. Pressed again after a lost answer, the same call stays one call. */
export function useCalling(): (body: NewCall) => Promise<Call> {
  const last = useRef({ text: "", key: "" });
  return (body) => {
    const text = JSON.stringify(body);
    if (last.current.text !== text) last.current = { text, key: randomKey() };
    return write(fetchClient.POST("/v1/calls", { body, headers: { "Idempotency-Key": last.current.key } }), "/v1/calls", "/v1/balance");
  };
}

export const useRecordings = ({ call, cursor }: { call?: string; cursor?: string }, moving = false) =>
  api.useQuery("get", "/v1/recordings", { params: { query: { limit: PAGE, call, cursor } } }, { placeholderData: (before) => before, refetchInterval: moving ? WATCHED : false });
export const dropRecording = (id: string) => write(fetchClient.DELETE("/v1/recordings/{id}", of(id)), "/v1/recordings");
/** The sound. Each time it is read stands in the audit trail. */
export const readSound = (id: string) => got<Blob>(fetchClient.GET("/v1/recordings/{id}/file", { ...of(id), parseAs: "blob" }));

const FLOWS = "/v1/call-flows";
export const useFlows = (enabled = true) => api.useQuery("get", FLOWS, {}, { enabled });
export const useFlow = (id: string, enabled: boolean) => api.useQuery("get", "/v1/call-flows/{id}", of(id), { enabled, refetchOnWindowFocus: false });
export const makeFlow = (body: Definition) => write(fetchClient.POST(FLOWS, { body }), FLOWS);
export const saveFlow = (id: string, flow: Definition, version?: number) => write(fetchClient.PUT("/v1/call-flows/{id}", { ...of(id), body: { flow, version: version ?? null } }), FLOWS);
export const dropFlow = async (id: string) => {
  await got(fetchClient.DELETE("/v1/call-flows/{id}", of(id)));
  await stale(FLOWS, "/v1/numbers");
};
export const validateFlow = (body: Definition) => got(fetchClient.POST("/v1/call-flows/validate", { body }));
export const useFlowNumbers = (id: string) => api.useQuery("get", "/v1/call-flows/{id}/numbers", of(id));
export const saveFlowNumbers = (id: string, numbers: string[]) => write(fetchClient.PUT("/v1/call-flows/{id}/numbers", { ...of(id), body: { numbers } }), FLOWS, "/v1/numbers");

const TRUNKS = "/v1/trunks";
/** How a trunk stands changes by itself. */
export const useTrunks = (enabled = true) => api.useQuery("get", TRUNKS, {}, { enabled, refetchInterval: 10_000 });
export const makeTrunk = (body: NewTrunk) => write(fetchClient.POST(TRUNKS, { body }), TRUNKS);
export const saveTrunk = (id: string, body: Schema["TrunkChange"]) => write(fetchClient.PATCH("/v1/trunks/{id}", { ...of(id), body }), TRUNKS);
export const dropTrunk = (id: string) => write(fetchClient.DELETE("/v1/trunks/{id}", of(id)), TRUNKS);

export const useCallSettings = (enabled = true) => api.useQuery("get", "/v1/calls/settings", {}, { ...SELDOM, enabled });
export const saveCallSettings = (body: CallSettings) => write(fetchClient.PUT("/v1/calls/settings", { body }), "/v1/calls/settings");
