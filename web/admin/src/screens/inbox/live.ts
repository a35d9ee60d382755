import { createContext, useContext, useEffect, useRef, useState } from "react";
import { queryClient, stale } from "@/api/client";
import { useWorkspaceId } from "@/app/Shell";
import { conversation as conversationQuery, type Full, type Happening, type Row, type SentFile, type Visit } from "./api";

/** What somebody is writing at this moment; never stored anywhere. */
export interface Writing {
  name: string;
  text: string | null;
  at: number;
}

export interface Live {
  connected: boolean;
  /** Rises with each connection: whoever keeps events reads what it missed. */
  round: number;
  queue: { waiting: number; longest_seconds: number } | null;
}

export const LiveContext = createContext<Live>({ connected: true, round: 0, queue: null });
export const useLiveState = () => useContext(LiveContext);

type Heard = { event: Happening } | { typing: { who: string; name: string; on: boolean } } | { peek: string } | { seen: { who: string; seq: number } } | { file: SentFile } | { delivery: { seq: number; delivery: Happening["delivery"] } };
const ears = new EventTarget();

/** Hears what happens in one conversation. */
export function onConversation(id: string, act: (heard: Heard) => void): () => void {
  const listener = (event: Event) => act((event as CustomEvent<Heard>).detail);
  ears.addEventListener(id, listener);
  return () => ears.removeEventListener(id, listener);
}

const pass = (id: string, detail: Heard) => ears.dispatchEvent(new CustomEvent(id, { detail }));

const QUIET = 700;
const LONGEST_PAUSE = 30_000;

/** Shows a message in the list at once; the row's other parts follow when it is read. */
function noted(id: string, event: Happening, mine: boolean) {
  const preview = { text: event.text ?? "", kind: event.kind, author: event.author.kind, visibility: event.visibility, at: event.at };
  const put = (row: Row): Row => (row.id !== id || row.last_seq >= event.seq ? row : {
    ...row, last_seq: event.seq, updated_at: event.at, unread: mine || event.author.kind !== "visitor" ? row.unread : row.unread + 1,
    ...(event.kind === "system" ? {} : { preview }),
  });
  queryClient.setQueriesData<{ pages: Array<{ items: Row[] }>; pageParams: unknown[] }>({ queryKey: ["get", "/v1/conversations"] }, (known) =>
    known?.pages && { ...known, pages: known.pages.map((page) => ({ ...page, items: page.items.map(put) })) });
}

/** The inbox's own stream. It follows the feed, so that a reconnection tells what was missed in between. */
export function useInboxLive(onMessage: (conversation: string, event: Happening) => void): Live {
  const workspace = useWorkspaceId();
  const [live, setLive] = useState<Live>({ connected: true, round: 0, queue: null });
  const told = useRef(onMessage);
  told.current = onMessage;
  useEffect(() => {
    let stream: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout>;
    let failures = 0;
    let last = "";
    let me = "";
    const waiting = new Set<string>();
    let reading: ReturnType<typeof setTimeout> | null = null;
    const readAgain = (...paths: string[]) => {
      for (const path of paths) waiting.add(path);
      reading ??= setTimeout(() => {
        reading = null;
        void stale(...waiting);
        waiting.clear();
      }, QUIET);
    };
    const open = () => {
      stream = new EventSource(`/v1/conversations/live?workspace=${workspace}${last ? `&after=${last}` : ""}`);
      const on = <T>(name: string, act: (data: T) => void) =>
        stream?.addEventListener(name, (message) => {
          last = (message as MessageEvent<string>).lastEventId || last;
          act(JSON.parse((message as MessageEvent<string>).data) as T);
        });
      on<{ me: string }>("ready", (ready) => {
        failures = 0;
        me = ready.me;
        setLive((now) => ({ ...now, connected: true, round: now.round + 1 }));
        readAgain("/v1/conversations");
      });
      // Says how far the stream has come.
      on("at", () => {});
      on("resync", () => setLive((now) => ({ ...now, round: now.round + 1 })));
      on<{ conversation: string }>("changed", ({ conversation }) => {
        void queryClient.invalidateQueries({ queryKey: conversationQuery(conversation).queryKey });
        readAgain("/v1/conversations/counts", "/v1/conversations");
      });
      on<{ conversation: string; event: Happening }>("event", ({ conversation, event }) => {
        noted(conversation, event, event.author.id === me);
        pass(conversation, { event });
        told.current(conversation, event);
      });
      on<{ conversation: string; who: string; name: string; on: boolean }>("typing", ({ conversation, ...typing }) => typing.who !== me && pass(conversation, { typing }));
      on<{ conversation: string; text: string }>("peek", ({ conversation, text }) => pass(conversation, { peek: text }));
      on<{ conversation: string; who: string; seq: number }>("seen", ({ conversation, ...seen }) => {
        pass(conversation, { seen });
        if (seen.who === "visitor") queryClient.setQueryData<Full>(conversationQuery(conversation).queryKey, (known) => known && { ...known, seen: { ...known.seen, visitor: seen.seq } });
      });
      on<{ conversation: string; file: SentFile }>("file", ({ conversation, file }) => pass(conversation, { file }));
      on<{ conversation: string; seq: number; delivery: Happening["delivery"] }>("delivery", ({ conversation, ...delivery }) => pass(conversation, { delivery }));
      on<Visit | { visitor: Visit }>("visitor", () => readAgain("/v1/visitors"));
      on("visitor_left", () => readAgain("/v1/visitors"));
      on("agent", () => readAgain("/v1/agents"));
      on("devices", () => readAgain("/v1/conversations/devices"));
      on<NonNullable<Live["queue"]>>("queue", (queue) => setLive((now) => ({ ...now, queue })));
      on("bye", () => again());
      stream.onerror = () => again();
    };
    // The browser's own reconnection would take an old `after` with it.
    const again = () => {
      stream?.close();
      setLive((now) => (now.connected ? { ...now, connected: false } : now));
      clearTimeout(timer);
      timer = setTimeout(open, Math.min(LONGEST_PAUSE, 500 * 2 ** failures++) * (0.5 + Math.random() / 2));
    };
    const soon = () => {
      if (stream?.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      open();
    };
    const cut = () => again();
    open();
    window.addEventListener("online", soon);
    window.addEventListener("offline", cut);
    return () => {
      clearTimeout(timer);
      if (reading) clearTimeout(reading);
      stream?.close();
      window.removeEventListener("online", soon);
      window.removeEventListener("offline", cut);
    };
  }, [workspace]);
  return live;
}
