import { openFile, Reader, sealFile, Sender, type Encrypted, type FileKey, type Plain } from "@sealed/message";
import type { Octets } from "@sealed/octets";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSession } from "@/app/session";
import type { Full, Happening } from "../api";
import type { Sending } from "../events";
import { acquaint, keptAgain, useMyDevice, type MyDevice } from "./device";
import { openKeys, shareKey, type Lacking } from "./keys";

/** One page, one line of messages: numbers are used once. */
const sender = new Sender();

/** A message as it is sent. */
export interface SealedEvent { kind: "encrypted"; visibility: "all" | "agents"; encrypted: Encrypted }

/** An event with what was in it, once it is opened. */
export interface Read extends Happening {
  /** What opens the file beside it. */
  fileKey?: FileKey;
  /** Why it cannot be read here. */
  locked?: "no_key" | "wrong";
}

export interface SealedChat {
  /** Whether the conversation is encrypted at all. */
  on: boolean;
  mine: MyDevice;
  /** Whether something can be written: the newest key is here. */
  ready: boolean;
  waiting: boolean;
  /** Devices that may read along and that this member has not met yet. */
  strangers: Lacking[];
  meet: () => Promise<void>;
  read: (items: readonly Happening[]) => Read[];
  /** Opens what has come; what is opened is read at the next drawing. */
  collect: (items: readonly Happening[]) => void;
  seal: (sending: Omit<Sending, "client_id" | "at" | "failed">) => Promise<SealedEvent>;
  sealFile: (file: File) => ReturnType<typeof sealFile>;
  openFile: (file: FileKey, octets: Octets) => Promise<ArrayBuffer>;
}

type Told = { plain: Plain } | { locked: "no_key" | "wrong" };

const roleOf = (one: Happening): string => (one.author.kind === "visitor" ? "visitor" : (one.author.id ?? ""));

/** An encrypted conversation as this member's browser can read it. Keys stay in the page's memory. */
export function useSealed(full: Full): SealedChat {
  const client = useQueryClient();
  const { user } = useSession();
  const { id, encryption } = full;
  const on = Boolean(encryption);
  const mine = useMyDevice(on);
  const { kept, standing, owner } = mine;
  const able = on && standing === "approved" && kept !== null;
  const keys = useQuery({
    queryKey: ["get", "/v1/conversations/{id}/keys", id, kept?.device, encryption?.key_id, encryption?.missing],
    queryFn: () => openKeys(id, kept as NonNullable<typeof kept>), enabled: able, staleTime: Infinity, gcTime: 0, placeholderData: (before) => before,
  });
  const opened = keys.data;
  const reader = useRef(new Reader());
  const here = useRef(id);
  here.current = id;
  const [told, setTold] = useState<ReadonlyMap<string, Told>>(new Map());
  useEffect(() => {
    reader.current = new Reader();
    setTold(new Map());
  }, [id]);
  const pending = useRef(new Map<string, Happening>());
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (!opened) return;
    const work = [...pending.current.values()];
    pending.current.clear();
    void Promise.all(work.map(async (one): Promise<readonly [string, Told]> => {
      const message = one.encrypted as Encrypted;
      const key = opened.keys.get(message.key_id);
      const name = nameOf(one);
      if (!key) return [name, { locked: "no_key" }];
      return reader.current.open(key, { conversation: id, role: roleOf(one), visibility: one.visibility === "agents" ? "agents" : "all" }, one.seq, message).then((plain) => [name, { plain }] as const, () => [name, { locked: "wrong" }] as const);
    })).then((found) => { if (here.current === id && found.length > 0) setTold((now) => new Map([...now, ...found])); });
  }, [opened, round, id]);
  // A key that came later may open what could not be opened before.
  useEffect(() => setTold((now) => new Map([...now].filter(([, one]) => !("locked" in one && one.locked === "no_key")))), [opened]);

  const known = kept?.known;
  const strangers = useMemo(() => (opened?.lacking ?? []).filter(({ fingerprint, member }) => member !== null && !known?.includes(fingerprint)), [opened, known]);
  useEffect(() => {
    if (!kept || !opened?.newest || !opened.keys.has(opened.newest)) return;
    const friends = opened.lacking.filter((one) => !strangers.includes(one));
    if (friends.length > 0) void shareKey(id, kept, opened, friends).catch(() => {});
  }, [kept, opened, strangers, id]);
  const meet = async () => {
    if (!kept || !opened) return;
    await acquaint(owner, strangers.map(({ fingerprint }) => fingerprint));
    await client.invalidateQueries({ queryKey: keptAgain(owner) });
  };

  const read = (items: readonly Happening[]): Read[] => items.map((one) => {
    if (one.kind !== "encrypted" || one.deleted) return one;
    const found = told.get(nameOf(one));
    if (!found) return one;
    if ("locked" in found) return { ...one, locked: found.locked };
    const { plain } = found;
    return plain.type === "text" ? { ...one, text: plain.text } : { ...one, text: plain.text, fileKey: plain.file, file: { id: plain.file.id, name: plain.file.name, type: plain.file.type, size: plain.file.size, state: "clean" } };
  });
  const collect = useCallback((items: readonly Happening[]) => {
    const fresh = items.filter((one) => one.kind === "encrypted" && !one.deleted && !told.has(nameOf(one)) && !pending.current.has(nameOf(one)));
    if (fresh.length === 0) return;
    for (const one of fresh) pending.current.set(nameOf(one), one);
    setRound((now) => now + 1);
  }, [told]);

  const seal = async ({ kind, text, file }: Omit<Sending, "client_id" | "at" | "failed">) => {
    const newest = opened?.newest;
    const key = newest ? opened.keys.get(newest) : undefined;
    if (!newest || !key) throw new TypeError("no key");
    const visibility = kind === "note" ? ("agents" as const) : ("all" as const);
    const plain: Plain = typeof file === "object" ? { v: 1, type: "file", text: null, file } : { v: 1, type: "text", text: text ?? "" };
    return { kind: "encrypted" as const, visibility, encrypted: await sender.seal(key, newest, full.thread, { conversation: id, role: user.id, visibility }, plain) };
  };
  const ready = Boolean(opened?.newest && opened.keys.has(opened.newest));
  return {
    on, mine, ready, waiting: able && keys.isPending, strangers, meet, seal, read, collect,
    sealFile: (file) => sealFile(id, file), openFile: (file, octets) => openFile(id, file, octets),
  };
}

/** An event's own name: the same place with other octets is another one. */
const nameOf = ({ seq, encrypted }: Happening) => `${seq} ${encrypted?.key_id ?? ""} ${encrypted?.sender ?? ""} ${encrypted?.counter ?? ""}`;
