import { b64u, hex, random, sha256, unb64u, utf8, type Octets } from "./octets";

/** A message as it travels: nobody but the holders of the chat key reads it. */
export interface Encrypted {
  key_id: string;
  thread: string;
  sender: string;
  counter: number;
  ciphertext: string;
  file?: string | null;
}

/** What a message is bound to. `role` is `visitor`, or the member's id. */
export interface Place {
  conversation: string;
  role: string;
  visibility: "all" | "agents";
}

/** A file beside a message: its name and key travel inside the message, its octets encrypted beside it. */
export interface FileKey {
  id: string;
  name: string;
  type: string;
  size: number;
  key: string;
  nonce: string;
  sha256: string;
}

export type Plain = { v: 1; type: "text"; text: string } | { v: 1; type: "file"; text: string | null; file: FileKey };

const STEP = 128;
const GCM = "AES-GCM";

/** Both ends of a message's key: one for each sender, so that numbers of different senders never meet. */
async function messageKey(chatKey: Octets, keyId: string, sender: string): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", chatKey, "HKDF", false, ["deriveKey"]);
  const info = utf8(`barid-message-1\n${keyId}\n${sender}`);
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, secret, { name: GCM, length: 256 }, false, ["encrypt", "decrypt"]);
}

function nonceOf(counter: number): Octets {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, BigInt(counter));
  return nonce;
}

const bound = ({ conversation, role, visibility }: Place, { thread, sender, counter }: Pick<Encrypted, "thread" | "sender" | "counter">) =>
  utf8(`barid-message-1\n${conversation}\n${thread}\n${role}\n${sender}\n${counter}\n${visibility}`);

/** What it says, filled up with spaces: its length tells little. */
function padded(plain: Plain): Octets {
  const text = utf8(JSON.stringify(plain));
  const octets = new Uint8Array(Math.ceil(text.length / STEP) * STEP).fill(0x20);
  octets.set(text);
  return octets;
}

/** One page's own line of messages: a name of its own, and numbers that are used once. */
export class Sender {
  readonly name = b64u(random(16));
  private readonly used = new Map<string, number>();

  async seal(chatKey: Octets, keyId: string, thread: string, place: Place, plain: Plain): Promise<Encrypted> {
    const counter = this.used.get(keyId) ?? 0;
    this.used.set(keyId, counter + 1);
    const head = { key_id: keyId, thread, sender: this.name, counter };
    const key = await messageKey(chatKey, keyId, this.name);
    const ciphertext = await crypto.subtle.encrypt({ name: GCM, iv: nonceOf(counter), additionalData: bound(place, head) }, key, padded(plain));
    return { ...head, ciphertext: b64u(ciphertext), file: plain.type === "file" ? plain.file.id : null };
  }
}

function checked(value: unknown): Plain {
  const { v, type, text, file } = value as { v: unknown; type: unknown; text: unknown; file?: Partial<Record<keyof FileKey, unknown>> };
  if (v !== 1) throw new TypeError("another version");
  if (type === "text" && typeof text === "string") return { v: 1, type, text };
  if (type !== "file" || !file) throw new TypeError("another kind");
  const word = (name: keyof FileKey): string => {
    const found = file[name];
    if (typeof found !== "string") throw new TypeError(name);
    return found;
  };
  return { v: 1, type, text: typeof text === "string" ? text : null, file: { id: word("id"), name: word("name"), type: word("type"), size: Number(file.size) || 0, key: word("key"), nonce: word("nonce"), sha256: word("sha256") } };
}

/** What arrived, opened once each: the same number of the same sender in another place is a repetition and refused. */
export class Reader {
  private readonly met = new Map<string, number>();

  /** Throws what was changed, moved to another place, or repeated. */
  async open(chatKey: Octets, place: Place, seq: number, message: Encrypted): Promise<Plain> {
    const { key_id, sender, counter, ciphertext } = message;
    const name = `${key_id} ${sender} ${counter}`;
    if ((this.met.get(name) ?? seq) !== seq) throw new TypeError("repeated");
    const key = await messageKey(chatKey, key_id, sender);
    const octets = await crypto.subtle.decrypt({ name: GCM, iv: nonceOf(counter), additionalData: bound(place, message) }, key, unb64u(ciphertext));
    this.met.set(name, seq);
    const plain = checked(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets)));
    if (plain.type === "file" && message.file && plain.file.id !== message.file) throw new TypeError("another file");
    return plain;
  }
}

const fileBound = (conversation: string) => utf8(`barid-file-1\n${conversation}`);

/** A file's octets under a key of its own, and what its receivers need; its id comes when it is uploaded. */
export async function sealFile(conversation: string, file: { name: string; type: string; size: number; arrayBuffer(): Promise<ArrayBuffer> }): Promise<{ octets: Octets; key: Omit<FileKey, "id"> }> {
  const [secret, nonce] = [random(32), random(12)];
  const key = await crypto.subtle.importKey("raw", secret, GCM, false, ["encrypt"]);
  const octets = new Uint8Array(await crypto.subtle.encrypt({ name: GCM, iv: nonce, additionalData: fileBound(conversation) }, key, await file.arrayBuffer()));
  return { octets, key: { name: file.name, type: file.type, size: file.size, key: b64u(secret), nonce: b64u(nonce), sha256: b64u(await sha256(octets)) } };
}

/** Throws octets that are not those which were sent. */
export async function openFile(conversation: string, file: FileKey, octets: Octets): Promise<ArrayBuffer> {
  if (b64u(await sha256(octets)) !== file.sha256) throw new TypeError("other octets");
  const key = await crypto.subtle.importKey("raw", unb64u(file.key, 32), GCM, false, ["decrypt"]);
  return crypto.subtle.decrypt({ name: GCM, iv: unb64u(file.nonce, 12), additionalData: fileBound(conversation) }, key, octets);
}

/** How people compare a device's key: ten groups of four digits. */
export async function fingerprintOf(publicKey: Octets): Promise<string> {
  return (hex(await sha256(publicKey)).slice(0, 40).match(/.{4}/g) ?? []).join(" ");
}
