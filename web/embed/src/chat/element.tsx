import { App, type Frame } from "./app";
import { Chat, type Sealing } from "./chat";
import type { Config, Greeting, Happening } from "./config";
import { draw, h } from "./dom";
import { Visit } from "./greet";
import { mayTrack } from "./kept";
import { css } from "./style";

const LOOK = 1000;

/** What the lazy part gets to work with. */
export interface Host {
  chat: Chat;
  root: ShadowRoot;
  base: string;
  tell(text: string): void;
}

export class ChatElement extends HTMLElement {
  chat?: Chat;
  visit?: Visit;
  ready: Promise<void> = Promise.resolve();
  private frame!: Frame;
  private root!: ShadowRoot;
  private place = document.createElement("div");
  private timer?: ReturnType<typeof setInterval>;
  private parts: Record<string, Promise<unknown>> = {};
  private drawing = false;

  connectedCallback(): void {
    if (this.shadowRoot) return;
    this.ready = this.prepare();
    // A chat that is switched off, or not meant for this site, is not there.
    this.ready.catch(() => {});
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
    this.visit?.stop();
    this.chat?.stop();
  }

  private async prepare(): Promise<void> {
    this.root = this.attachShadow({ mode: "open" });
    const preview = this.getAttribute("preview");
    const base = this.getAttribute("src") + "/";
    const config = preview ? (JSON.parse(preview) as Config) : await this.read(base);
    const style = new CSSStyleSheet();
    style.replaceSync(css(config.theme));
    this.root.adoptedStyleSheets = [style];
    this.root.append(this.place);
    const chat = (this.chat = new Chat(config, base));
    chat.group = this.getAttribute("group");
    this.frame = {
      menu: false, mailing: false, ending: false, hidden: false, long: false, skipped: false, told: false,
      set: (part) => (Object.assign(this.frame, part), this.draw()),
      toggle: () => this.toggle(!chat.opened),
      send: (box) => this.send(box),
      attach: () => this.bring("files").then(() => chat.tell("pick")),
      answer: (greeting, how, reply) => this.answer(greeting, how, reply),
    };
    chat.changed = () => this.draw();
    chat.on("message", (one) => this.ring(one as Happening));
    chat.on("fetch", (file) => file && void this.bring("files").then(() => chat.tell("save", file)));
    this.root.addEventListener("dragover", (event) => chat.opened && config.features.files && (event.preventDefault(), void this.bring("files")));
    chat.unlock = () => this.bring("sealed") as Promise<Sealing>;
    this.place.addEventListener("keydown", (event) => this.key(event));
    this.draw();
    if (preview) {
      Object.assign(chat, config.sample);
      // A preview looks like a chat and sends nothing.
      chat.wire.ask = () => new Promise(() => {});
      if (this.hasAttribute("shown")) chat.show(true);
      if (config.greetings[0]) this.frame.set({ greeting: config.greetings[0] });
      return;
    }
    this.visit = new Visit(chat.store, config.lang);
    if (mayTrack()) {
      this.visit.count();
      void chat.appear().catch(() => {});
    }
    if (config.greetings.length) this.timer = setInterval(() => this.look(), LOOK);
    chat.tell("ready");
  }

  private async read(base: string): Promise<Config> {
    const wanted = [this.getAttribute("language"), document.documentElement.lang, ...navigator.languages];
    const lang = wanted.map((tag) => (tag ?? "").split("-")[0]!.toLowerCase()).find((tag) => tag === "en" || tag === "ar");
    const answer = await fetch(`${base}config${lang ? "?lang=" + lang : ""}`, { credentials: "omit" });
    if (!answer.ok) throw answer.status;
    return answer.json();
  }

  /** However much changed, it is drawn once. */
  private draw(): void {
    if (this.drawing) return;
    this.drawing = true;
    queueMicrotask(() => {
      this.drawing = false;
      const log = this.root.querySelector<HTMLElement>(".c");
      const low = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
      const inside = this.root.activeElement;
      draw(this.place, [<App chat={this.chat!} frame={this.frame} />]);
      // What had the keyboard may be gone; the keyboard stays in the window.
      if (inside && !this.root.activeElement) this.root.querySelector<HTMLElement>("h2")?.focus();
      const now = this.root.querySelector<HTMLElement>(".c[role=log]");
      // Whoever reads what was said earlier is not torn away from it.
      if (now && (low || now !== log)) now.scrollTop = now.scrollHeight;
    });
  }

  toggle(open: boolean): void {
    const { chat, root, frame } = this;
    if (!chat || chat.opened === open || (open && chat.shut)) return;
    const inside = root.activeElement !== null;
    Object.assign(frame, { menu: false, mailing: false, ending: false, say: "", greeting: undefined });
    chat.show(open);
    queueMicrotask(() => setTimeout(() => {
      const place = open ? root.querySelector<HTMLElement>(".k textarea") ?? root.querySelector<HTMLElement>("h2") : inside ? root.querySelector<HTMLElement>(".l") : null;
      place?.focus();
    }));
  }

  private send(box: HTMLTextAreaElement): void {
    const { chat, frame } = this;
    const text = box.value.trim();
    const long = new TextEncoder().encode(text).length > chat!.config.limits.text_bytes;
    frame.set({ long, say: "" });
    box.focus();
    if (!text || long) return;
    box.value = "";
    chat!.write("");
    chat!.post("messages", text);
  }

  get away(): boolean {
    return this.frame?.hidden || this.chat!.config.theme.launcher === "none";
  }

  setHidden(hidden: boolean): void {
    if (hidden) this.toggle(false);
    this.frame?.set({ hidden, greeting: undefined });
  }

  hideGreeting(): void {
    if (this.frame.greeting) this.frame.answer(this.frame.greeting, "dismissed");
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.chat!.opened) {
      event.preventDefault();
      this.toggle(false);
    }
    const panel = this.root.querySelector<HTMLElement>(".w");
    // Over the whole screen of a phone there is nowhere else to go.
    if (event.key !== "Tab" || !panel || !matchMedia("(max-width:30rem)").matches) return;
    const all = [...panel.querySelectorAll<HTMLElement>("button,input,textarea,select,a,summary,[tabindex='0']")].filter((one) => one.offsetParent);
    const [first, last] = [all[0], all[all.length - 1]];
    const at = this.root.activeElement;
    if (at === (event.shiftKey ? first : last)) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  }

  private look(): void {
    const { chat, visit, frame } = this;
    if (chat!.opened || frame.hidden || frame.greeting || chat!.live || document.hidden) return;
    const greeting = visit!.due(chat!.config.greetings.filter(({ id }) => !this.greeted.has(id)));
    if (!greeting) return;
    this.greeted.add(greeting.id);
    frame.set({ greeting });
    this.counted(greeting, "shown");
  }

  private readonly greeted = new Set<string>();

  private answer(greeting: Greeting, how: "accepted" | "dismissed", reply?: string): void {
    const { chat } = this;
    if (!chat) return;
    if (greeting.id) {
      const { it } = chat.store;
      it.greeted = [...new Set([...(it.greeted ?? []), greeting.id])];
      chat.store.begin();
    }
    this.frame.set({ greeting: undefined });
    this.counted(greeting, how);
    if (how === "dismissed") return;
    this.toggle(true);
    if (reply) chat.post("messages", reply);
  }

  private counted({ id }: Greeting, action: string): void {
    this.chat!.tell("greeting", { id, action });
    // A count of nobody in particular: it opens no session.
    if (id) void this.chat!.wire.fetch("greeting", { method: "POST", body: JSON.stringify({ id, action }) }, true).catch(() => {});
  }

  /** What most chats never need comes in scripts of its own: files, encryption. */
  private bring(part: "files" | "sealed"): Promise<unknown> {
    return (this.parts[part] ??= new Promise((done, fail) => {
      const { chat, root, frame } = this;
      const script = document.createElement("script");
      script.src = this.getAttribute("src")!.replace(/\/chat\/[^/]*$/, `/chat-${part}.js`);
      script.onload = () => done((window.Barid!["chat-" + part] as (host: Host) => unknown)({ chat: chat!, root, base: this.getAttribute("src") + "/", tell: (say) => frame.set({ say }) }));
      script.onerror = () => (delete this.parts[part], fail());
      document.head.append(script);
    }));
  }

  /** What was said while nobody looked: beside the button, and with a short tone where the visitor has acted on the page. */
  private ring({ text }: Happening): void {
    const { chat } = this;
    // What was said while the window is closed stands beside its button.
    if (!chat!.opened && text) this.frame.set({ greeting: { id: "", text, buttons: [] as Greeting["buttons"] } as Greeting });
    if (!chat!.config.features.sound || chat!.store.it.quiet || (chat!.opened && !document.hidden)) return;
    if (!(navigator as { userActivation?: { hasBeenActive: boolean } }).userActivation?.hasBeenActive) return;
    void this.bring("files").then(() => chat!.tell("tone"));
  }
}

