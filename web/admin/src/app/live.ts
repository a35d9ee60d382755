import { useEffect, useState } from "react";
import { queryClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useWorkspaceId } from "./Shell";

export type Activity = components["schemas"]["Activity"];
export interface Here { user: string; name: string; mode: "viewing" | "editing"; since: string; me: boolean }

/** What the stream tells, by its name. */
interface Told {
  hello: unknown;
  change: { kind: string };
  resync: unknown;
  activity: Activity;
  presence: { object: string; here: Here[] };
  bye: unknown;
}

/** What a change of some kind makes stale. */
const ABOUT: Record<string, string> = {
  campaign: "/v1/campaigns", delivery: "/v1/campaigns", run: "/v1/campaigns", contact: "/v1/contacts", bulk: "/v1/contacts/bulk",
  import: "/v1/imports", segment: "/v1/segments", topic: "/v1/topics", tag: "/v1/tags", field: "/v1/fields", form: "/v1/forms",
  template: "/v1/templates", request: "/v1/privacy/requests", domain: "/v1/domains", booking: "/v1/booking", event_type: "/v1/booking", calendar: "/v1/booking", webhook: "/v1/webhooks", member: "/v1/members", message: "/v1/messages",
};

const QUIET = 1500;
const presence = new EventTarget();

/** Collects what became stale and has it read once in a while, however many changes arrive. */
function reader() {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  return (path: string) => {
    waiting.add(path);
    timer ??= setTimeout(() => {
      timer = null;
      void stale(...waiting);
      waiting.clear();
    }, QUIET);
  };
}

/** One stream of what changes in the workspace; keeps what is on the screen true. Answers whether it is connected. */
export function useLive(): boolean {
  const workspace = useWorkspaceId();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    const stream = new EventSource(`/v1/live?workspace=${workspace}`);
    const readAgain = reader();
    const on = <Name extends keyof Told>(event: Name, act: (data: Told[Name]) => void) =>
      stream.addEventListener(event, (message: MessageEvent<string>) => act(JSON.parse(message.data) as Told[Name]));
    on("hello", () => setConnected(true));
    on("change", ({ kind }) => {
      const path = ABOUT[kind.split(".")[0] ?? ""];
      if (path) readAgain(path);
    });
    on("resync", () => void queryClient.invalidateQueries());
    on("activity", presenceOfWork);
    on("presence", (told) => presence.dispatchEvent(new CustomEvent(told.object, { detail: told.here })));
    on("bye", () => { stream.close(); void queryClient.invalidateQueries({ queryKey: ["get", "/v1/session"] }); });
    stream.onerror = () => setConnected(false);
    stream.onopen = () => setConnected(true);
    return () => stream.close();
  }, [workspace]);
  return connected;
}

function presenceOfWork(activity: Activity) {
  queryClient.setQueriesData<{ items: Activity[] }>({ queryKey: ["get", "/v1/activity"] }, (known) =>
    known && { ...known, items: [activity, ...known.items.filter(({ id }) => id !== activity.id)] });
}

/** Listens to who else is at an object; `Presence` says who is here. */
export function onPresence(object: string, act: (here: Here[]) => void): () => void {
  const listener = (event: Event) => act((event as CustomEvent<Here[]>).detail);
  presence.addEventListener(object, listener);
  return () => presence.removeEventListener(object, listener);
}
