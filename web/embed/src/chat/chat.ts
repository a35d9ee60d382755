import type { Config, Conversation, FormKind, Happening, Identity, SentFile, Values } from "./config";
import type { FileKey } from "../sealed/message";
import type { Octets } from "../sealed/octets";
import { fresh, mayTrack, wording, zone, Store, type Out } from "./kept";
import { Refusal, SILENT, Wire } from "./wire";
import { words, type Say } from "./words";

/** What an encrypted chat brings along. */
export interface Sealing {
  deliver(one: Out): Promise<Answer>;
  open(one: Happening): Promise<void>;
  seal(file: File): Promise<{ octets: Octets; key: Omit<FileKey, "id"> }>;
  unseal(file: FileKey, octets: ArrayBuffer): Promise<ArrayBuffer>;
}

export type Phase = "talk" | "pre" | "offline" | "closed";
export type Link = "idle" | "connecting" | "on" | "lost";

const PAGE = 50;
/** What is asked again and again until it is answered; whatever else is refused stays refused. */
const PASSING = [401, 408, 425, 429];

/** One visitor's chat: what was said, what waits to be sent, and the line to the server. */
export class Chat {
  readonly say: Say;
  readonly store: Store;
  readonly wire: Wire;
  opened = false;
  over = false;
  conversation?: Conversation;
  events: Happening[] = [];
  typing = "";
  link: Link = "idle";
  more = false;
  again = false;
  ticket = false;
  shut = false;
  identity: Identity | null = null;
  /** Whom the page itself wants asked. */
  group: string | null = null;
  /** Called after every change. */
  changed = (): void => {};
  /** Brings the part that seals and opens. */
  unlock: () => Promise<Sealing> = () => Promise.reject();
  private readonly listeners: Record<string, ((data: unknown) => void)[]> = {};
  private cursor = 0;
  private read = 0;
  private loaded = false;
  private line?: AbortController;
  private wake = (): void => {};
  private pumping = false;
  private tries = 0;
  private viaSocket = false;
  private known = false;
  private typed = 0;
  private typingEnds?: ReturnType<typeof setTimeout>;

  constructor(
    readonly config: Config,
    base: string,
  ) {
    this.say = words(config);
    this.store = new Store(config.widget);
    this.wire = new Wire(base, () => this.session());
    const again = (): void => this.wake();
    addEventListener("online", again);
    addEventListener("offline", () => this.line && this.cut());
    document.addEventListener("visibilitychange", () => document.hidden || (again(), this.seen()));
    if (this.store.it.open || this.out.length) void this.follow();
    if (this.out.length) void this.pump();
  }

  get out(): Out[] {
    return this.store.it.out;
  }

  get phase(): Phase {
    const { config, conversation } = this;
    if (this.live || this.out.some(({ to }) => to === "start")) return "talk";
    if (conversation && !this.again) return "closed";
    if ((!config.open || config.queue_full) && config.forms.offline) return "offline";
    return config.forms.pre_chat ? "pre" : "talk";
  }

  get live(): boolean {
    return !!this.conversation && this.conversation.state !== "closed";
  }

  /** Whether what is written now is encrypted end to end. */
  get secret(): boolean {
    return !!(this.live ? this.conversation! : this.config).encryption;
  }

  get unread(): number {
    return this.events.filter((one) => this.theirs(one) && one.seq > this.read).length;
  }

  on(name: string, act: (data: unknown) => void): () => void {
    const all = (this.listeners[name] ??= []);
    all.push(act);
    return () => void all.splice(all.indexOf(act) >>> 0, 1);
  }

  tell(name: string, data?: unknown): void {
    for (const act of [...(this.listeners[name] ?? [])]) act(data);
  }

  show(open: boolean): void {
    if (this.opened === open || this.shut) return;
    this.opened = open;
    if (open && this.store.it.token) void this.follow();
    this.tell(open ? "open" : "close");
    this.update();
    this.seen();
  }

  /** Puts words where they are safe until the server has them. */
  post(to: string, text: string, more?: Record<string, unknown>, fields?: Values): void {
    const first = to === "messages" && !this.live && !this.out.some((one) => one.to === "start" && one.state !== "failed");
    this.out.push({ id: fresh(), to: first ? "start" : to, text, fields, more, at: new Date().toISOString(), state: "waiting" });
    if (first || to === "start") this.store.it.open = true;
    this.store.it.draft = "";
    this.store.begin();
    this.update();
    void this.pump();
  }

  retry(one: Out): void {
    one.state = "waiting";
    void this.pump();
  }

  discard(one: Out): void {
    this.out.splice(this.out.indexOf(one) >>> 0, 1);
    this.update();
  }

  /** What the visitor is writing: that they write, and, where they are told so, what. */
  write(text: string): void {
    this.store.it.draft = text;
    this.store.save();
    const { typing, sneak_peek } = this.config.features;
    if (!this.live || this.link !== "on") return;
    const now = Date.now();
    if (now - this.typed > 2500 && text && typing) {
      this.typed = now;
      this.quietly("typing", { on: true });
    }
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => {
      if (sneak_peek) this.quietly("peek", { text });
      if (!text && typing) this.quietly("typing", { on: false });
    }, 400);
  }

  async rate(score: number | null, comment: string | null): Promise<void> {
    await this.wire.ask("rating", { score, comment });
    this.conversation!.rating = score ? { score } : null;
    this.tell("rating", { score, comment });
    this.update();
  }

  async end(): Promise<void> {
    await this.wire.ask("leave", {});
    if (this.conversation) this.conversation.state = "closed";
    this.update();
  }

  /** A conversation there is in any case, for what must be sent by itself: a file. */
  async begun(): Promise<void> {
    if (this.live) return;
    this.store.begin();
    if (!this.wire.token) await this.session();
    if (!this.live) this.met(await this.wire.ask<Answer>("start", this.first({ id: fresh(), text: "" })));
  }

  async identify(identity: Identity): Promise<void> {
    this.identity = { ...this.identity, ...identity };
    if (this.wire.token && this.identity.hash) await this.session();
    this.update();
  }

  /** Forgets everything here and closes the line, as when a member of the site signs out. */
  stop(): void {
    this.shut = true;
    this.opened = false;
    this.line?.abort();
    this.store.forget();
    this.update();
  }

  seen(): void {
    const last = this.events[this.events.length - 1]?.seq ?? 0;
    if (!this.opened || document.hidden || last <= this.read) return;
    this.read = last;
    this.quietly("seen", { seq: last });
    this.update();
  }

  async earlier(): Promise<void> {
    await this.history((this.events[0]?.seq ?? 1) - PAGE - 1);
    this.update();
  }

  /** Of those who allowed it and have written before, members see that they are here again, and may speak first. */
  async appear(): Promise<void> {
    if (!this.store.it.token) return;
    await this.session();
    await this.wire.ask("consent", { tracking: true, wording: wording(), zone: zone() });
    this.known = true;
    this.page();
    await this.follow();
  }

  /** Tells the page on which somebody is who allowed it. */
  page(): void {
    if ((this.live || this.known) && mayTrack()) this.quietly("page", { url: location.href, title: document.title, referrer: document.referrer || null });
  }

  quietly(path: string, body: unknown): void {
    void this.wire.ask(path, body).catch(() => {});
  }

  private theirs({ author, kind, deleted }: Happening): boolean {
    return !author.me && kind !== "system" && kind !== "filled_form" && !deleted;
  }

  private update(): void {
    this.store.save();
    this.changed();
    this.tell("unread", this.unread);
  }

  private async session(): Promise<void> {
    const { identity } = this;
    const proven = identity?.hash && identity.id ? { email: null, name: null, ...identity } : null;
    const told = await this.wire.ask<{ token: string; conversation: Conversation | null }>("session", { token: this.store.it.token ?? null, lang: this.config.lang, identity: proven });
    this.wire.token = this.store.it.token = told.token;
    if (!told.conversation || (this.conversation && this.conversation.id !== told.conversation.id)) {
      this.events = [];
      this.cursor = 0;
      this.loaded = false;
    }
    this.know(told.conversation ?? undefined);
    this.store.save();
  }

  private know(conversation: Conversation | undefined): void {
    const before = this.conversation?.state;
    this.conversation = conversation;
    this.read = Math.max(this.read, conversation?.seen.me ?? 0);
    this.store.it.open = this.live || this.out.length > 0;
    if (this.live) this.again = false;
    if (before && before !== "closed" && conversation?.state === "closed") this.tell("ended");
  }

  private async history(from: number): Promise<void> {
    const after = Math.max(0, from);
    const told = await this.wire.ask<{ conversation: Conversation; events: Happening[] }>(`events?after=${after}&limit=200`);
    this.know(told.conversation);
    if (after < (this.events[0]?.seq ?? Infinity)) this.more = after > 0;
    told.events.forEach((one) => this.add(one));
    this.cursor = Math.max(this.cursor, told.events[told.events.length - 1]?.seq ?? 0);
  }

  /** Stays in touch until it is stopped: replays what was missed, then listens. */
  private async follow(): Promise<void> {
    if (this.line || this.shut) return;
    const { signal } = (this.line = new AbortController());
    for (let failures = 0; !signal.aborted; ) {
      let heard = false;
      let silent = false;
      try {
        this.state("connecting");
        if (!this.wire.token) await this.session();
        if (!this.conversation && !this.known) break;
        if (this.conversation && (!this.loaded || failures)) {
          // Where no line stays open, asking now and then has to do.
          await this.history(this.loaded ? this.cursor : this.conversation.last_seq - PAGE);
          this.loaded = true;
        }
        const hear = (name: string, data: never, id: string): void => {
          heard = true;
          failures = 0;
          this.hear(name, data, id);
        };
        const round = this.cutter(signal);
        await this.wire[this.viaSocket ? "socket" : "listen"](this.cursor, hear, round);
      } catch (error) {
        silent = error === SILENT;
        if (error instanceof Refusal && error.status === 401) this.wire.token = undefined;
        if (error instanceof Refusal && [403, 404].includes(error.status)) break;
      }
      if (signal.aborted) break;
      if (!heard) this.viaSocket = silent;
      this.state("lost");
      await this.rest(heard ? 0 : failures++, signal);
    }
    this.line = undefined;
    this.state("idle");
  }

  private cut = (): void => {};

  /** A signal for one round of listening, which ends early when the browser says that the network is gone. */
  private cutter(whole: AbortSignal): AbortSignal {
    const round = new AbortController();
    this.cut = () => round.abort();
    whole.addEventListener("abort", this.cut);
    return round.signal;
  }

  private rest(failures: number, signal: AbortSignal): Promise<void> {
    const pause = Math.min(30_000, 1000 * 2 ** failures) * (0.5 + Math.random() / 2);
    return new Promise((done) => {
      const timer = setTimeout(done, pause);
      this.wake = () => {
        clearTimeout(timer);
        done();
        void this.pump();
      };
      signal.addEventListener("abort", this.wake);
    });
  }

  private state(link: Link): void {
    if (this.link === link) return;
    this.link = link;
    this.update();
  }

  private hear(name: string, data: never, id: string): void {
    if (name === "ready" || name === "conversation") {
      this.know((name === "ready" ? (data as { conversation: Conversation | null }).conversation : data) ?? undefined);
      if (name === "ready") {
        this.state("on");
        this.page();
        void this.pump();
      }
    } else if (name === "event") {
      this.cursor = Math.max(this.cursor, Number(id) || (data as Happening).seq);
      this.add(data);
    } else if (name === "typing") this.typing = (data as { on: boolean }).on ? (data as { name: string | null }).name || " " : "";
    else if (name === "seen") this.conversation!.seen.them = (data as { seq: number }).seq;
    else if (name === "file") {
      for (const one of this.events) if (one.file?.id === (data as SentFile).id) one.file = data;
    } else if (name === "bye" && !(data as { retry: boolean }).retry) this.line?.abort();
    this.update();
    this.seen();
  }

  private add(one: Happening): void {
    if (one.encrypted) void this.unlock().then((sealing) => sealing.open(one)).then(() => this.update(), () => {});
    const sent = one.author.me && this.out.find(({ id }) => id === one.client_id);
    if (sent) this.out.splice(this.out.indexOf(sent), 1);
    const known = this.events.findIndex(({ seq }) => seq === one.seq);
    if (known >= 0) return void (this.events[known] = one);
    this.events.push(one);
    this.events.sort((a, b) => a.seq - b.seq);
    if (!this.theirs(one)) return;
    this.typing = "";
    if (this.loaded && one.seq > this.read) this.tell("message", one);
  }

  met({ conversation, events, event }: Answer): void {
    if (conversation) this.know(conversation);
    for (const one of events ?? (event ? [event] : [])) this.add(one);
    this.loaded ||= this.cursor === 0 && !!events;
    void this.follow();
  }

  first({ id, text, fields }: Pick<Out, "id" | "text" | "fields">) {
    const tracking = mayTrack();
    const page = { url: tracking ? location.href : location.origin + location.pathname, title: document.title, referrer: tracking ? document.referrer || null : null };
    return { client_id: id, text: text || null, fields: fields ?? {}, page, tracking, ...(tracking && { wording: wording(), zone: zone() }), group: (fields?.group as string) || this.group || null };
  }

  private async deliver(one: Out): Promise<void> {
    if (!this.wire.token) await this.session();
    const { id, to, text, fields, more } = one;
    const body = to === "start" ? this.first(one) : to === "messages" ? { client_id: id, ...(text ? { text } : {}), ...more } : { client_id: id, fields };
    this.met(this.secret && !to.includes("/") ? await (await this.unlock()).deliver(one) : await this.wire.ask<Answer>(to, body));
    if (to === "start") this.tell("started", { id: this.conversation?.id });
    if (fields) this.tell("form", { form: to === "start" ? "pre_chat" : to.slice(6), fields });
    if (to === "forms/offline") this.ticket = true;
  }

  /** Sends what waits, one after the other; what is refused for good says so and does not hold up the rest. */
  private async pump(): Promise<void> {
    if (this.pumping || this.shut) return;
    this.pumping = true;
    for (let one: Out | undefined; (one = this.out.find(({ state }) => state !== "failed")); ) {
      one.state = "sending";
      this.update();
      try {
        await this.deliver(one);
        this.tries = 0;
        this.discard(one);
      } catch (error) {
        const refused = error instanceof Refusal && error.status < 500 && !PASSING.includes(error.status) ? error : null;
        if (refused?.status === 409 && one.to === "messages") {
          one.to = "start";
          continue;
        }
        one.state = refused ? "failed" : "waiting";
        one.why = refused ? (refused.status === 413 ? "too_long" : Object.values(refused.fields)[0]) : (error as Refusal).status === 429 ? "too_many" : undefined;
        this.update();
        if (refused) continue;
        const pause = Math.max((error as Refusal).after * 1000 || 0, Math.min(30_000, 1000 * 2 ** this.tries++));
        setTimeout(() => void this.pump(), pause * (0.75 + Math.random() / 2));
        break;
      }
    }
    this.pumping = false;
  }

  /** What kinds of form were filled in already since the last beginning. */
  filled(kind: FormKind): boolean {
    return this.events.some((one) => one.kind === "filled_form" && one.form?.kind === kind) || this.out.some(({ to }) => to === "forms/" + kind);
  }
}

export interface Answer {
  conversation?: Conversation;
  events?: Happening[];
  event?: Happening | null;
}
