import { openWith, receptionInfo, sealTo, shareInfo } from "@sealed/hpke";
import { fingerprintOf } from "@sealed/message";
import { b64u, unb64u, type Octets } from "@sealed/octets";
import { fetchClient, got } from "@/api/client";
import { suite } from "./device";
import type { ReceptionKey } from "./shapes";
import type { KeptDevice } from "./vault";

const PATH = "/v1/conversations/{id}/keys";

/** A recipient that has no share of the newest key yet. */
export interface Lacking {
  recipient: string;
  /** Whose it is; nobody's in the case of a group's reception key. */
  member: string | null;
  publicKey: string;
  fingerprint: string;
}

export interface Opened {
  /** The keys that could be opened here, by their names. */
  keys: ReadonlyMap<string, Octets>;
  newest: string | null;
  lacking: Lacking[];
}

/** The private halves of reception keys that were shared with this device. */
async function receptions(kept: KeptDevice): Promise<Map<string, CryptoKey>> {
  const { items } = await got(fetchClient.GET("/v1/conversations/reception-keys", { params: { query: { device: kept.device } } }));
  const found = new Map<string, CryptoKey>();
  for (const { id, share } of items) {
    if (!share) continue;
    const secret = await openWith(suite, kept.pair, receptionInfo(id, kept.device), share).catch(() => null);
    if (secret) found.set(id, await suite.kem.deserializePrivateKey(secret));
  }
  return found;
}

/** Reads the shares of a conversation's keys and opens those that are meant for this device or for a group it serves. */
export async function openKeys(conversation: string, kept: KeptDevice): Promise<Opened> {
  const told = await got(fetchClient.GET(PATH, { params: { path: { id: conversation }, query: { device: kept.device } } }));
  const keys = new Map<string, Octets>();
  const groups = told.shares.some(({ recipient, key_id }) => recipient.startsWith("rcp_") && !told.shares.some((one) => one.key_id === key_id && one.recipient === kept.device)) ? await receptions(kept) : new Map<string, CryptoKey>();
  for (const share of told.shares) {
    const recipient = share.recipient === kept.device ? kept.pair : groups.get(share.recipient);
    if (!recipient || keys.has(share.key_id)) continue;
    const key = await openWith(suite, recipient, shareInfo(conversation, share.key_id, share.recipient), share).catch(() => null);
    if (key?.length === 32) keys.set(share.key_id, key);
  }
  const all = [...told.devices.map(({ device, member, public_key }) => ({ recipient: device, member: member.name, publicKey: public_key })), ...told.reception.map(({ reception, public_key }) => ({ recipient: reception, member: null, publicKey: public_key }))];
  const lacking = await Promise.all(all.filter(({ recipient }) => told.missing.includes(recipient)).map(async (one) => ({ ...one, fingerprint: await fingerprintOf(unb64u(one.publicKey, 32)) })));
  return { keys, newest: told.key_id ?? null, lacking };
}

/** Gives the newest key to others who may read along. */
export async function shareKey(conversation: string, kept: KeptDevice, { keys, newest }: Opened, to: readonly Lacking[]) {
  const key = newest ? keys.get(newest) : undefined;
  if (!newest || !key || to.length === 0) return;
  const shares = await Promise.all(to.map(async ({ recipient, publicKey }) => ({ recipient, ...(await sealTo(suite, unb64u(publicKey, 32), shareInfo(conversation, newest, recipient), key)) })));
  await got(fetchClient.POST(PATH, { params: { path: { id: conversation } }, body: { device: kept.device, key_id: newest, shares } }));
}

/** Makes a group's reception key: chats that wait for nobody in particular are given to all its devices at once. */
export async function makeReception(group: string | null, kept: KeptDevice) {
  const pair = await suite.kem.generateKeyPair();
  const secret = new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey));
  const public_key = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey));
  const made = await got(fetchClient.POST("/v1/conversations/reception-keys", { body: { group, public_key: b64u(public_key), device: kept.device } }));
  await shareReception(made, kept, secret);
}

async function shareReception({ id, missing }: ReceptionKey, kept: KeptDevice, secret: Octets) {
  const shares = await Promise.all(missing.map(async ({ device, public_key }) => ({ recipient: device, ...(await sealTo(suite, unb64u(public_key, 32), receptionInfo(id, device), secret)) })));
  if (shares.length > 0) await got(fetchClient.POST("/v1/conversations/reception-keys/{id}/shares", { params: { path: { id } }, body: { device: kept.device, shares } }));
}

/** Gives a reception key to devices that were approved since. */
export async function spreadReception(one: ReceptionKey, kept: KeptDevice) {
  if (!one.share) return;
  await shareReception(one, kept, await openWith(suite, kept.pair, receptionInfo(one.id, kept.device), one.share));
}
