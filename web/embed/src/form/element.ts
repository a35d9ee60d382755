import { cross, fields, make, mark } from "./build";
import { acted, rest, seen, watch } from "./rules";
import { css } from "./style";
import type { Answer, Kind, Start, View } from "./view";
import { work } from "./work";

/** Only one form comes up by itself at a time. */
let up: FormElement | undefined;

export class FormElement extends HTMLElement {
  private view!: View;
  private kind!: Kind;
  private box?: HTMLElement;
  private form?: HTMLFormElement;
  private start?: Start;
  private since = 0;
  private begun?: Promise<void>;
  private busy = false;
  private back: Element | null = null;
  private off = (): void => {};

  connectedCallback(): void {
    if (!this.shadowRoot) void this.prepare();
  }

  disconnectedCallback(): void {
    this.off();
    if (up === this) up = undefined;
  }

  /** Brings the form up, as if the visitor had asked for it. */
  open(): void {
    this.show(true);
  }

  private async prepare(): Promise<void> {
    const root = this.attachShadow({ mode: "open" });
    const preview = this.getAttribute("preview");
    // What stands in the element stays until there is something better.
    root.append(make("slot"));
    try {
      this.view = preview ? (JSON.parse(preview) as View) : await this.read();
    } catch {
      return;
    }
    this.kind = (this.getAttribute("kind") as Kind | null) ?? this.view.kind;
    const style = css(this.view.theme, this.kind);
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(make("style", { textContent: style }));
    }
    if (this.kind === "inline") {
      this.mount();
      this.observe();
    } else if (preview) this.show(true);
    else this.off = watch(this.view, (asked) => this.show(asked));
    this.tell("ready");
    if (this.view.done?.now) this.finish(this.view.done.title, this.view.done.message);
  }

  private address(path = ""): string {
    const wanted = [this.getAttribute("language"), document.documentElement.lang, ...navigator.languages];
    const tags = wanted.map((tag) => (tag ?? "").split("-")[0]!.toLowerCase());
    const language = tags.find((tag) => tag === "en" || tag === "ar");
    return this.getAttribute("src") + path + (language ? "?lang=" + language : "");
  }

  private async read(): Promise<View> {
    const answer = await fetch(this.address(), { credentials: "omit" });
    if (!answer.ok) throw answer.status;
    return answer.json();
  }

  private mount(): void {
    const { view, kind } = this;
    const title = make("h2", { id: "title", textContent: view.title, tabIndex: -1 });
    const box = kind === "popup" ? make("dialog") : make(kind === "bar" ? "section" : "div");
    box.className = "f " + kind;
    box.lang = view.language;
    box.dir = view.direction;
    box.setAttribute("aria-labelledby", "title");
    if (kind === "inline") box.setAttribute("role", "group");
    if (kind === "slide_in") box.setAttribute("role", "dialog");
    const form = (this.form = this.made());
    const image = this.image();
    box.append(...(image ? [image] : []), title);
    if (view.intro) box.append(make("p", { className: "pre", dir: "auto", textContent: view.intro }));
    box.append(form);
    if (kind !== "inline") {
      const button = cross(view.words.close!);
      button.onclick = () => this.close(true);
      // First on the way of the keyboard is what people came for; the way out is the last.
      box.append(button);
      box.addEventListener("keydown", (event) => event.key === "Escape" && (event.preventDefault(), this.close(true)));
      box.addEventListener("cancel", (event) => (event.preventDefault(), this.close(true)));
    }
    this.shadowRoot!.querySelector("slot")?.remove();
    this.shadowRoot!.append((this.box = box));
  }

  /** The form, sent by its button: frames that may not send forms have the button's click all the same. */
  private made(): HTMLFormElement {
    const form = fields(this.view);
    const send = (event: Event): void => {
      event.preventDefault();
      void this.send();
    };
    form.onsubmit = send;
    form.querySelector<HTMLElement>(".go")!.onclick = send;
    return form;
  }

  /** Only from the page's own site: nobody else learns of the visit. */
  private image(): HTMLElement | undefined {
    const [address, alt] = this.view.theme.image ?? [];
    if (address === undefined) return undefined;
    if (this.view.done) {
      const frame = make("div", { className: "img" });
      mark(frame, { role: "img", "aria-label": alt || address });
      return frame;
    }
    const url = new URL(address, location.origin);
    return url.origin === location.origin ? make("img", { src: url.href, alt: alt! }) : undefined;
  }

  private show(asked: boolean): void {
    if (this.box?.isConnected || (up && up !== this && !asked)) return;
    up?.close(false);
    up = this;
    this.back = document.activeElement;
    // What was typed before it was closed is still there.
    if (this.box) this.shadowRoot!.append(this.box);
    else this.mount();
    const { box } = this;
    if (box instanceof HTMLDialogElement) box.showModal();
    // What comes unasked does not take the keyboard away from what somebody is doing.
    if (this.kind === "popup" || asked) this.shadowRoot!.getElementById("title")!.focus();
    seen(this.view);
    this.tell("shown");
    void this.begin();
  }

  private close(byVisitor: boolean): void {
    if (!this.box?.isConnected) return;
    const inside = this.shadowRoot!.activeElement !== null;
    if (this.box instanceof HTMLDialogElement) this.box.close();
    this.box.remove();
    if (up === this) up = undefined;
    if (inside && this.back instanceof HTMLElement) this.back.focus();
    if (byVisitor) {
      acted(this.view, false);
      this.tell("closed");
    }
  }

  private tell(what: string): void {
    this.dispatchEvent(new CustomEvent("barid:" + what, { bubbles: true, composed: true, detail: { form: this.view.id } }));
  }

  /** A form in the page counts as seen once it is on the screen. */
  private observe(): void {
    const first = (): void => {
      watching.disconnect();
      void this.begin();
    };
    const watching = new IntersectionObserver((all) => all.some((one) => one.isIntersecting) && first(), { threshold: 0.3 });
    watching.observe(this.box!);
    this.form!.addEventListener("focusin", first, { once: true });
    this.off = () => watching.disconnect();
  }

  private begin(): Promise<void> {
    if (this.view.done) return Promise.resolve();
    this.begun ??= this.fetchStart().catch(() => {
      this.begun = undefined;
    });
    return this.begun;
  }

  private async fetchStart(): Promise<void> {
    const answer = await fetch(this.address("/shown"), { method: "POST", credentials: "omit" });
    if (!answer.ok) throw answer.status;
    this.ready(await answer.json());
  }

  private ready(start: Start): void {
    this.start = start;
    this.since = performance.now();
  }

  private async send(): Promise<void> {
    const { view, form } = this;
    if (this.busy || !form) return;
    if (view.done) return this.finish(view.done.title, view.done.message);
    const data = new FormData(form);
    const text = (name: string): string => String(data.get(name) ?? "").trim();
    const button = form.querySelector<HTMLButtonElement>(".go")!;
    this.busy = true;
    button.setAttribute("aria-disabled", "true");
    button.textContent = view.words.sending!;
    this.say("");
    try {
      for (let round = 0; ; round++) {
        await this.begin();
        if (!this.start) throw 0;
        const { token, challenge, bits, wait } = this.start;
        const address = text("email") || text("phone");
        const nonce = await work(`${challenge}.${address}.`, bits);
        // Whoever lets the browser fill everything in is faster than a person types.
        await new Promise((done) => setTimeout(done, this.since + wait * 1000 + 200 - performance.now()));
        const sent = {
          token,
          nonce,
          page: location.origin + location.pathname,
          values: Object.fromEntries(view.fields.map(({ key }) => [key, text(key)])),
          topics: data.getAll("topics"),
          birth_date: text("birth_date"),
          agreed: data.has("agreed"),
          website: text("website"),
        };
        // Plain text needs no preflight request.
        const answer = await fetch(this.address(), { method: "POST", credentials: "omit", body: JSON.stringify(sent) });
        const told = (await answer.json()) as Answer;
        if (!told.result) throw answer.status;
        if (told.start) this.ready(told.start);
        if (told.result !== "again" || round > 1) {
          await this.told(told);
          break;
        }
      }
    } catch {
      this.say(view.words.offline!);
    }
    this.busy = false;
    button.removeAttribute("aria-disabled");
    button.textContent = this.view.button;
  }

  private async told(answer: Answer): Promise<void> {
    const { result, title, message, errors } = answer;
    if (result === "thanks") {
      if (this.kind !== "inline" || this.view.kind !== "inline") acted(this.view, true);
      this.tell("submitted");
      this.finish(title, message);
      if (answer.redirect) location.assign(new URL(answer.redirect, location.origin));
    } else if (result === "too_young") {
      rest(this.view);
      this.finish(title, message);
    } else if (result === "changed") {
      await this.renew();
      this.say(message);
    } else {
      this.say(message);
      this.blame(errors ?? {});
    }
  }

  /** The form anew, with what was typed. Ticks are given again: the words beside them may have changed. */
  private async renew(): Promise<void> {
    const typed = new FormData(this.form!);
    this.view = await this.read();
    const old = this.form!;
    this.form = this.made();
    old.replaceWith(this.form);
    for (const input of this.form.querySelectorAll<HTMLInputElement>("input,select")) {
      if (input.type !== "checkbox") input.value = String(typed.get(input.name) ?? "");
    }
    this.shadowRoot!.getElementById("title")!.textContent = this.view.title;
  }

  private say(message: string): void {
    const say = this.form!.querySelector<HTMLElement>(".say")!;
    say.hidden = !message;
    say.textContent = message;
    if (!message) this.blame({});
  }

  private blame(errors: Record<string, string>): void {
    let first: HTMLElement | undefined;
    for (const place of this.form!.querySelectorAll<HTMLElement>(".wrong")) {
      const name = place.id.slice(2);
      const input = this.form!.querySelector<HTMLElement>(`[id="f-${name}"]`)!;
      const message = errors[name];
      place.hidden = !message;
      place.textContent = message ?? "";
      if (message) {
        if (input.tagName !== "FIELDSET") input.setAttribute("aria-invalid", "true");
        first ??= input.tagName === "FIELDSET" ? input.querySelector("input")! : input;
      } else input.removeAttribute("aria-invalid");
    }
    first?.focus();
  }

  private finish(title: string, message: string): void {
    const head = this.shadowRoot!.getElementById("title")!;
    head.textContent = title;
    this.box!.querySelector("h2 + .pre")?.remove();
    this.form!.replaceWith(make("p", { className: "pre", dir: "auto", textContent: message }));
    head.focus();
  }
}
