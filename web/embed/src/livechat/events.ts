/** What `Barid.chat` tells, and what it can do. */
export interface BaridChat {
  open(): void;
  close(): void;
  hide(): void;
  show(): void;
  hideGreeting(): void;
  identify(who: { name?: string; email?: string }): void;
  set(values: Record<string, string>): void;
  on(name: string, act: (data: never) => void): () => void;
  shutdown(): void;
  get(): State | undefined;
}

export interface State {
  open: boolean;
  hidden: boolean;
  available: boolean;
  chatting: boolean;
  conversation: { id: string; thread: string; state: string; queue: unknown } | null;
  identity: { name?: string; email?: string } | null;
}

export type Tell = (name: string, data: unknown) => void;

interface Happening {
  seq: number;
  at: string;
  kind: string;
  author: { kind: string };
}

export const visibility = ({ open, hidden }: State): string => (open ? "maximized" : hidden ? "hidden" : "minimized");
export const availability = ({ available }: State): string => (available ? "online" : "offline");
export const status = ({ chatting, conversation }: State): string => (!chatting ? "browsing" : conversation?.queue ? "queued" : "chatting");

/** Passes on what happens in the chat, under the names that pages written for `LiveChatWidget` listen to. */
export function translate(chat: BaridChat, tell: Tell, customer: () => unknown): void {
  const state = (): State => chat.get()!;
  let before = "";
  const moved = (): void => {
    const now = status(state());
    if (now !== before) tell("customer_status_changed", { status: (before = now) });
  };
  chat.on("ready", () => {
    before = status(state());
    tell("ready", { state: { availability: availability(state()), visibility: visibility(state()) }, customerData: customer() });
  });
  for (const name of ["open", "close"]) chat.on(name, () => tell("visibility_changed", { visibility: visibility(state()) }));
  for (const name of ["started", "ended", "unread"]) chat.on(name, moved);
  chat.on("message", ({ seq, at, kind, author }: Happening) => {
    const type = { rich: "rich_message", file: "file" }[kind] ?? "message";
    tell("new_event", { timestamp: Date.parse(at), type, author: { id: String(seq), type: author.kind === "visitor" ? "customer" : "agent" } });
  });
  chat.on("form", ({ form, fields }: { form: string; fields: Record<string, unknown> }) => {
    const type = { pre_chat: "prechat", post_chat: "postchat", offline: "ticket", ask_mail: "ask_for_email" }[form];
    tell("form_submitted", { type, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) });
  });
  chat.on("rating", ({ score, comment }: { score: number | null; comment: string | null }) => {
    tell("rating_submitted", comment ? comment : score === 1 ? "good" : score === -1 ? "bad" : "none");
  });
  chat.on("greeting", ({ id, action }: { id: string; action: string }) => {
    if (action === "shown") tell("greeting_displayed", { id, uniqueId: id });
    else tell("greeting_hidden", { id });
    if (action === "accepted") tell("rich_message_button_clicked", { eventId: id, greetingId: id, postbackId: action });
  });
}
