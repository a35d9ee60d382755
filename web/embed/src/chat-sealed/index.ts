import { DhkemX25519HkdfSha256 } from "@hpke/dhkem-x25519";
import type { Answer, Sealing } from "../chat/chat";
import type { Happening } from "../chat/config";
import type { Host } from "../chat/element";
import type { Out } from "../chat/kept";
import { sealTo, shareInfo, suiteOf } from "../sealed/hpke";
import { openFile, Reader, sealFile, Sender, type FileKey, type Plain } from "../sealed/message";
import { b64u, random, unb64u } from "../sealed/octets";

/** Who can be given a key. */
interface Recipients {
  conversation: string;
  key_id: string | null;
  rotate: boolean;
  devices: { device: string; public_key: string }[];
  reception: { reception: string; public_key: string }[];
  missing: string[];
}

/** The visitor's end of an encrypted chat: makes the key, gives it to the members' devices, seals and opens. */
function begin({ chat }: Host): Sealing {
  const suite = suiteOf(new DhkemX25519HkdfSha256());
  const sender = new Sender();
  const reader = new Reader();
  let turn: Promise<unknown> = Promise.resolve();

  const keysOf = (conversation: string): Record<string, string> => ((chat.store.it.keys ??= {})[conversation] ??= {});

  const give = async (conversation: string, keyId: string, key: string, to: [string, string][]): Promise<void> => {
    const secret = unb64u(key, 32);
    const shares = await Promise.all(to.map(async ([recipient, publicKey]) => ({ recipient, ...(await sealTo(suite, unb64u(publicKey, 32), shareInfo(conversation, keyId, recipient), secret)) })));
    if (shares.length) await chat.wire.ask("keys", { key_id: keyId, shares });
  };

  /** The key to write with: the newest, or a new one where that is unknown here or has been in hands it left. */
  const current = async (): Promise<{ keyId: string; key: string }> => {
    const { id, encryption } = chat.conversation!;
    const known = keysOf(id);
    const newest = encryption!.key_id;
    if (newest && known[newest] && !encryption!.rotate && !encryption!.missing) return { keyId: newest, key: known[newest]! };
    const told = await chat.wire.ask<Recipients>("keys");
    const all: [string, string][] = [...told.devices.map(({ device, public_key }): [string, string] => [device, public_key]), ...told.reception.map(({ reception, public_key }): [string, string] => [reception, public_key])];
    const kept = told.key_id && !told.rotate ? known[told.key_id] : undefined;
    const keyId = kept ? told.key_id! : b64u(random(16));
    const key = kept ?? b64u(random(32));
    // Kept first: what is sealed under it must never be lost to its own writer.
    known[keyId] = key;
    chat.store.begin();
    await give(id, keyId, key, kept ? all.filter(([one]) => told.missing.includes(one)) : all);
    Object.assign(chat.conversation!.encryption!, { key_id: keyId, rotate: false, missing: 0 });
    return { keyId, key };
  };

  /** One after the other: two at once would make two keys. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const next = turn.then(act, act);
    turn = next.catch(() => {});
    return next;
  };

  const deliver = async (one: Out): Promise<Answer> => {
    const { id, text, more } = one;
    const speaks = !!(text || more);
    if (one.to === "start" || !chat.live) {
      const begun = await chat.wire.ask<Answer>("start", { ...chat.first(one), text: null, client_id: speaks ? `${id.slice(0, 60)}-s` : id });
      if (!speaks) return begun;
      chat.met(begun);
      one.to = "messages";
    }
    const { conversation } = chat;
    if (!conversation?.encryption) return chat.wire.ask<Answer>("messages", { client_id: id, ...(text ? { text } : {}), ...more });
    const { keyId, key } = await current();
    const file = more?.file as FileKey | undefined;
    const plain: Plain = file ? { v: 1, type: "file", text: text || null, file } : { v: 1, type: "text", text };
    const encrypted = await sender.seal(unb64u(key, 32), keyId, conversation.thread, { conversation: conversation.id, role: "visitor", visibility: "all" }, plain);
    return chat.wire.ask<Answer>("messages", { client_id: id, encrypted });
  };

  const open = async (one: Happening): Promise<void> => {
    const { encrypted, author, seq } = one;
    const id = chat.conversation?.id;
    try {
      const key = encrypted && id && keysOf(id)[encrypted.key_id];
      // A member who spoke as the visitor, or the other way round, would put words into another's mouth.
      if (!key || !id || (author.kind === "visitor") !== (encrypted.role === "visitor")) throw new TypeError("no key");
      const plain = await reader.open(unb64u(key, 32), { conversation: id, role: encrypted.role, visibility: "all" }, seq, encrypted);
      one.text = plain.text ?? "";
      one.file = plain.type === "file" ? { id: plain.file.id, name: plain.file.name, type: plain.file.type, size: plain.file.size, state: "clean", key: plain.file } : null;
    } catch {
      one.locked = true;
    }
  };

  // Whoever may read along from now on is given the key as soon as the server says so.
  const share = (): void => {
    const { encryption } = chat.conversation ?? {};
    if (chat.live && encryption?.key_id && encryption.missing > 0 && !encryption.rotate) void inTurn(current).catch(() => {});
  };
  chat.on("unread", share);
  share();

  return {
    deliver: (one) => inTurn(() => deliver(one)),
    open,
    seal: (file) => sealFile(chat.conversation!.id, file),
    unseal: (file, octets) => openFile(chat.conversation!.id, file, new Uint8Array(octets)),
  };
}

window.Barid = Object.assign(window.Barid ?? {}, { "chat-sealed": begin });
