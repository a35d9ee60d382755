import type { Identity } from "./config";
import type { ChatElement } from "./element";

type Call = [name: string, ...rest: unknown[]];

/** `Barid.chat` (also `barid.chat`): what a page may do with its chat. Calls before the chat is there wait for it. */
export function api(): void {
  const barid = (window.Barid = Object.assign(window.Barid ?? window.barid ?? {}, {}));
  window.barid ??= barid;
  const early = ((barid.chat as { q?: Call[] } | undefined)?.q ?? []) as Call[];
  const with_ = (act: (element: ChatElement) => void): void => {
    const element = document.querySelector<ChatElement>("barid-chat");
    if (element) void element.ready.then(() => element.chat && act(element), () => {});
  };
  const calls = {
    open: () => with_((one) => one.toggle(true)),
    close: () => with_((one) => one.toggle(false)),
    hide: () => with_((one) => one.setHidden(true)),
    show: () => with_((one) => one.setHidden(false)),
    hideGreeting: () => with_((one) => one.hideGreeting()),
    /** `hash` is the HMAC that the site's own server makes; without it name and address only fill in forms. */
    identify: (identity: Identity) => with_(({ chat }) => void chat!.identify(identity).catch(() => {})),
    /** What the site knows about the visit and greetings may ask for: `{plan: "pro"}`. */
    set: (values: Record<string, string>) => with_(({ visit, chat }) => {
      Object.assign(visit?.attributes ?? {}, values);
      void chat!.identify({ attributes: { ...chat!.identity?.attributes, ...values } }).catch(() => {});
    }),
    /** `ready`, `open`, `close`, `unread`, `message`, `started`, `ended`, `form`, `rating`, `greeting`. */
    on: (name: string, act: (data: unknown) => void): (() => void) => {
      let off = (): void => {};
      with_(({ chat }) => {
        off = chat!.on(name, act);
        if (name === "unread") act(chat!.unread);
        if (name === "ready") act(undefined);
      });
      return () => off();
    },
    /** Sends a message as if the visitor had written it. */
    send: (text: string) => with_(({ chat }) => text.trim() && chat!.post("messages", text.trim())),
    get: () => {
      const element = document.querySelector<ChatElement>("barid-chat");
      const { opened: open, unread, config, conversation = null, live: chatting, identity } = element?.chat ?? {};
      return config && { open, hidden: element!.away, unread, available: config.open, conversation, chatting, identity };
    },
    /** Forgets the visitor in this browser and takes the chat off the page. */
    shutdown: () => with_((one) => (one.chat!.stop(), one.remove())),
  };
  barid.chat = calls;
  for (const [name, ...rest] of early) (calls as unknown as Record<string, (...all: unknown[]) => void>)[name]?.(...rest);
}
