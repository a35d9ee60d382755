import { DhkemX25519HkdfSha256 } from "@hpke/core";
import { suiteOf } from "@sealed/hpke";
import { fingerprintOf } from "@sealed/message";
import { b64u, unb64u } from "@sealed/octets";
import { useQuery } from "@tanstack/react-query";
import { api, fetchClient, got, stale } from "@/api/client";
import { useWorkspaceId } from "@/app/Shell";
import { useMay, useSession } from "@/app/session";
import { forgetDevice, keepDevice, keptDevice, type KeptDevice } from "./vault";
import type { Device } from "./shapes";

const PATH = "/v1/conversations/devices";

/** The browser's own X25519: only with it can a key be used that never leaves the browser. */
export const suite = suiteOf(new DhkemX25519HkdfSha256());

export const devices = () => api.queryOptions("get", PATH, {});
export const deviceLog = () => api.queryOptions("get", "/v1/conversations/devices/log", {});

export type Standing = "reading" | "impossible" | "none" | "pending" | "approved" | "revoked";

/** This browser as the member's device: what it keeps, and how it stands with the others. */
export interface MyDevice {
  standing: Standing;
  owner: string;
  kept: KeptDevice | null;
  device: Device | null;
}

export const useOwner = () => `${useWorkspaceId()} ${useSession().user.id}`;

const keptKey = (owner: string) => ["sealed-device", owner] as const;

export function useMyDevice(wanted = true): MyDevice {
  const owner = useOwner();
  const may = useMay()("conversations:read");
  const kept = useQuery({ queryKey: keptKey(owner), queryFn: async () => (await keptDevice(owner)) ?? null, staleTime: Infinity, enabled: wanted && "indexedDB" in window });
  const all = useQuery({ ...devices(), enabled: wanted && may, staleTime: 60_000 });
  const device = all.data?.items.find(({ id }) => id === kept.data?.device) ?? null;
  const standing: Standing = !("indexedDB" in window) || !window.isSecureContext || kept.error ? "impossible" : kept.isPending || all.isPending ? "reading" : (device?.state ?? "none");
  return { standing, owner, kept: kept.data ?? null, device };
}

/** Makes a key that stays here, and asks the others to approve it. */
export async function enrol(owner: string, name: string, met: readonly Device[]): Promise<Device> {
  const pair = (await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])) as CryptoKeyPair;
  const publicKey = b64u(await crypto.subtle.exportKey("raw", pair.publicKey));
  const device = await got(fetchClient.POST(PATH, { body: { name, public_key: publicKey } }));
  const known = await Promise.all([...met.filter(({ state }) => state === "approved"), device].map((one) => fingerprintOf(unb64u(one.public_key, 32))));
  await keepDevice(owner, { device: device.id, publicKey, pair, known, log: null });
  await stale(PATH);
  return device;
}

export async function approve(id: string, by: string | null) {
  await got(fetchClient.POST("/v1/conversations/devices/{id}/approve", { params: { path: { id } }, body: { by_device: by } }));
  await stale(PATH, "/v1/conversations");
}

export async function revoke(id: string, owner: string, mine: boolean) {
  await got(fetchClient.POST("/v1/conversations/devices/{id}/revoke", { params: { path: { id } } }));
  if (mine) await forgetDevice(owner);
  await stale(PATH, "/v1/conversations");
}

/** The member has met these devices: from now on keys go to them without a question. */
export async function acquaint(owner: string, fingerprints: readonly string[]) {
  const kept = await keptDevice(owner);
  if (kept) await keepDevice(owner, { ...kept, known: [...new Set([...kept.known, ...fingerprints])] });
}

export async function rememberLog(owner: string, last: { n: number; hash: string } | null) {
  const kept = await keptDevice(owner);
  if (kept && last && last.n >= (kept.log?.n ?? 0)) await keepDevice(owner, { ...kept, log: last });
}

export const keptAgain = (owner: string) => keptKey(owner);
