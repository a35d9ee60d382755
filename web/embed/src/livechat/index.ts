import { availability, status, translate, visibility, type BaridChat } from "./events";

type Call = [method: string, rest: unknown[]];
type Act = (data: unknown) => void;

/** The page's own object, which may have been there before this script with calls that wait in `_q`. */
interface Widget {
  _q: Call[];
  _h: ((call: string, rest: unknown[]) => unknown) | null;
  _v: string;
  on(name: string, act: Act): void;
  once(name: string, act: Act): void;
  off(name: string, act: Act): void;
  get(what: string): unknown;
  call(method: string, ...rest: unknown[]): void;
  init(): void;
}

interface Settings {
  license?: number | string;
  organizationId?: string;
  group?: number | string;
  asyncInit?: boolean;
  params?: { name: string; value: string }[];
}

const page = window as unknown as { LiveChatWidget?: Widget; __lc?: Settings };
const tag = document.currentScript as HTMLScriptElement | null;
const base = tag ? tag.src.slice(0, tag.src.lastIndexOf("/w/")) : "";
const chat = (): BaridChat | undefined => window.Barid?.chat as BaridChat | undefined;

const listeners: Record<string, Act[]> = {};
const variables: Record<string, string> = {};
const who: { name?: string; email?: string } = {};

const tell = (name: string, data: unknown): void => [...(listeners[name] ?? [])].forEach((act) => act(data));
const texts = (values: Record<string, unknown>): Record<string, string> => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

function customer(): unknown {
  const state = chat()?.get();
  return { name: who.name, email: who.email, isReturning: state?.conversation != null, sessionVariables: variables, status: state ? status(state) : "browsing" };
}

const CALLS: Record<string, (...rest: never[]) => void> = {
  maximize: () => chat()!.open(),
  minimize: () => (chat()!.show(), chat()!.close()),
  hide: () => (chat()!.hide(), tell("visibility_changed", { visibility: "hidden" })),
  destroy: () => {
    chat()!.shutdown();
    delete page.LiveChatWidget;
  },
  hide_greeting: () => chat()!.hideGreeting(),
  set_session_variables: (values: Record<string, unknown>) => {
    for (const name of Object.keys(variables)) delete variables[name];
    CALLS.update_session_variables!(values as never);
  },
  update_session_variables: (values: Record<string, unknown>) => chat()!.set(Object.assign(variables, texts(values))),
  set_customer_name: (name: string) => chat()!.identify({ name: (who.name = name) }),
  set_customer_email: (email: string) => chat()!.identify({ email: (who.email = email) }),
  // Sales are not followed: nothing is bought by looking at somebody.
  trigger_sales_tracker: () => {},
};

const GETTERS: Record<string, () => unknown> = {
  state: () => {
    const state = chat()!.get()!;
    return { availability: availability(state), visibility: visibility(state) };
  },
  customer_data: customer,
  chat_data: () => {
    const { conversation } = chat()!.get()!;
    return { chatId: conversation?.id ?? null, threadId: conversation?.thread ?? null };
  },
};

function handle(method: string, rest: unknown[]): unknown {
  const [name, ...more] = rest as [string, ...unknown[]];
  const act = more[0] as Act;
  switch (method) {
    case "on":
      (listeners[name] ??= []).push(act);
      break;
    case "once": {
      const first: Act = (data) => (handle("off", [name, first]), act(data));
      handle("on", [name, first]);
      break;
    }
    case "off":
      listeners[name] = (listeners[name] ?? []).filter((one) => one !== act);
      break;
    case "get":
      return GETTERS[name]?.();
    case "call":
      CALLS[name]?.(...(more as never[]));
  }
  return undefined;
}

let begun = false;

function init(): void {
  if (begun) return;
  begun = true;
  const { license, organizationId, group, params = [] } = page.__lc ?? {};
  const element = document.createElement("barid-chat");
  element.setAttribute("src", `${base}/w/chat/${tag?.dataset.chat ?? organizationId ?? license}`);
  if (group !== undefined) element.setAttribute("group", String(group));
  document.body.append(element);
  const script = document.createElement("script");
  script.src = base + "/w/chat.js";
  script.onload = () => ready(element, params);
  document.head.append(script);
}

function ready(element: HTMLElement, params: { name: string; value: string }[]): void {
  void (element as HTMLElement & { ready: Promise<void> }).ready.then(() => {
    const widget = page.LiveChatWidget!;
    widget._h = handle;
    widget._q.splice(0).forEach(([method, rest]) => handle(method, rest));
    if (params.length) CALLS.update_session_variables!(Object.fromEntries(params.map(({ name, value }) => [name, value])) as never);
    translate(chat()!, tell, customer);
  });
}

function made(): Widget {
  const pass = (method: string, rest: unknown[]): unknown => (widget._h ? widget._h(method, rest) : widget._q.push([method, rest]));
  const widget: Widget = {
    _q: [], _h: null, _v: "2.0",
    on: (...rest) => void pass("on", rest),
    once: (...rest) => void pass("once", rest),
    off: (...rest) => void pass("off", rest),
    get: (...rest) => {
      if (!widget._h) throw new Error("[LiveChatWidget] You can't use getters before load.");
      return pass("get", rest);
    },
    call: (...rest) => void pass("call", rest),
    init,
  };
  return widget;
}

const known = page.LiveChatWidget;
page.LiveChatWidget = known ?? made();
// A page's own stub calls `_h` with one array; ours with two values. Both mean the same.
if (known) known.init = init;
const start = (): void => {
  if (known || !page.__lc?.asyncInit) init();
};
if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
else start();
