import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { isProblem } from "@/api/problem";
import { fetchClient, got } from "@/api/client";
import { about, type Events, type Happening } from "./api";
import { merged, pending, type Sending } from "./events";
import type { SealedChat } from "./sealed/useSealed";
import { onConversation, useLiveState, type Writing } from "./live";

const PATH = "/v1/conversations/{id}/events";
const PAGE = 60;
const keyOf = (id: string) => ["inbox-events", id] as const;

const read = (id: string, query: { before?: number; after?: number }): Promise<Events> => got(fetchClient.GET(PATH, { params: { path: { id }, query: { limit: PAGE, ...query } } }));

/** What was said in a conversation: the newest page first, older ones on demand, and everything that happens meanwhile. */
export function useThread(id: string) {
  const client = useQueryClient();
  const { round } = useLiveState();
  const query = useQuery({ queryKey: keyOf(id), queryFn: () => read(id, {}), staleTime: Infinity });
  const [earlier, setEarlier] = useState<"no" | "reading" | "all">("no");
  const add = useCallback(
    (more: readonly Happening[]) => client.setQueryData<Events>(keyOf(id), (known) => known && { ...known, items: merged(known.items, more) }),
    [client, id],
  );
  useEffect(() => onConversation(id, (heard) => {
    if ("event" in heard) add([heard.event]);
    if ("delivery" in heard) {
      const known = client.getQueryData<Events>(keyOf(id));
      add((known?.items ?? []).filter(({ seq }) => seq === heard.delivery.seq).map((one) => ({ ...one, delivery: heard.delivery.delivery })));
    }
    if ("file" in heard) {
      const known = client.getQueryData<Events>(keyOf(id));
      add((known?.items ?? []).filter(({ file }) => file?.id === heard.file.id).map((one) => ({ ...one, file: heard.file })));
    }
  }), [id, add, client]);
  // A new connection: what was said in between is read, so that nothing depends on the stream alone.
  useEffect(() => {
    const last = client.getQueryData<Events>(keyOf(id))?.items.at(-1)?.seq;
    if (last === undefined) return;
    let stopped = false;
    const catchUp = async (after: number): Promise<void> => {
      const { items } = await read(id, { after });
      if (stopped) return;
      add(items);
      if (items.length === PAGE) await catchUp(items.at(-1)?.seq ?? after);
    };
    void catchUp(last).catch(() => {});
    return () => { stopped = true; };
  }, [round, id, add, client]);
  const items = query.data?.items ?? [];
  const readEarlier = async () => {
    const first = items[0]?.seq;
    if (first === undefined) return;
    setEarlier("reading");
    const older = await read(id, { before: first }).catch(() => null);
    if (older) add(older.items);
    setEarlier(older && older.items.length < PAGE ? "all" : "no");
  };
  return { query, items, add, readEarlier, earlier: items.length < PAGE && earlier === "no" ? ("all" as const) : earlier };
}

const outboxKey = (id: string) => `barid.inbox.out.${id}`;

function kept(id: string): Sending[] {
  try {
    return JSON.parse(sessionStorage.getItem(outboxKey(id)) ?? "[]") as Sending[];
  } catch {
    return [];
  }
}

const RETRY = 3000;

/** Sends one after the other, each under a name of its own; keeps what has not arrived through a reload of the page. */
export function useOutbox(id: string, items: readonly Happening[], add: (more: readonly Happening[]) => void, seal?: SealedChat["seal"]) {
  const [out, setOut] = useState(() => kept(id));
  const queue = useRef(out);
  const busy = useRef(false);
  const sealing = useRef(seal);
  sealing.current = seal;
  const put = useCallback((next: Sending[]) => {
    queue.current = next;
    setOut(next);
    // What is encrypted on its way is not left lying in the browser either.
    if (sealing.current) return;
    if (next.length > 0) sessionStorage.setItem(outboxKey(id), JSON.stringify(next));
    else sessionStorage.removeItem(outboxKey(id));
  }, [id]);
  const pump = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    for (let one; (one = queue.current.find(({ failed }) => !failed)); ) {
      const { client_id, at: _, failed: __, ...rest } = one;
      try {
        const sealed = rest.kind !== "form" && sealing.current ? await sealing.current(rest) : null;
        const plain = { ...rest, file: typeof rest.file === "string" ? rest.file : undefined };
        const { event } = await got(fetchClient.POST(PATH, { ...about(id), body: { client_id, ...(sealed ?? plain) } }));
        add([event]);
        put(queue.current.filter((other) => other.client_id !== client_id));
      } catch (error) {
        const passing = !isProblem(error) || error.status >= 500 || error.status === 429 || error.status === 401;
        if (passing) {
          setTimeout(() => void pump(), RETRY);
          break;
        }
        put(queue.current.map((other) => (other.client_id === client_id ? { ...other, failed: true } : other)));
      }
    }
    busy.current = false;
  }, [id, add, put]);
  useEffect(() => {
    const again = () => void pump();
    again();
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [pump]);
  const send = (sending: Omit<Sending, "client_id" | "at" | "failed">) => {
    put([...queue.current, { ...sending, client_id: crypto.randomUUID(), at: new Date().toISOString(), failed: false }]);
    void pump();
  };
  const retry = (client_id: string) => {
    put(queue.current.map((one) => (one.client_id === client_id ? { ...one, failed: false } : one)));
    void pump();
  };
  const discard = (client_id: string) => put(queue.current.filter((one) => one.client_id !== client_id));
  return { waiting: pending(out, items), send, retry, discard };
}

const FADES = 8000;

/** Who is writing now, and what, where the visitor was told that it is seen. */
export function useWriting(id: string): Writing | null {
  const [writing, setWriting] = useState<Writing | null>(null);
  useEffect(() => {
    setWriting(null);
    return onConversation(id, (heard) => {
      if ("typing" in heard) setWriting(heard.typing.on ? { name: heard.typing.name, text: null, at: Date.now() } : null);
      if ("peek" in heard) setWriting(heard.peek ? { name: "", text: heard.peek, at: Date.now() } : null);
      if ("event" in heard && heard.event.author.kind === "visitor") setWriting(null);
    });
  }, [id]);
  useEffect(() => {
    if (!writing || writing.text) return;
    const timer = setTimeout(() => setWriting(null), FADES);
    return () => clearTimeout(timer);
  }, [writing]);
  return writing;
}
