import { CATEGORIES, type Choices, type Config, type Texts } from "./config";

type Done = (action: string, choices: Choices) => void;

/** Three buttons of the same weight, and the four categories behind the middle one. */
export class Banner {
  private readonly root: ShadowRoot;
  private readonly host = document.createElement("div");
  private readonly texts: Texts;
  readonly language: string;

  constructor(
    private readonly config: Config,
    private readonly done: Done,
  ) {
    const wanted = [document.documentElement.lang, ...navigator.languages].map((tag) => tag.split("-")[0]!.toLowerCase());
    this.language = wanted.find((tag) => tag in config.texts) ?? Object.keys(config.texts)[0]!;
    this.texts = config.texts[this.language]!;
    this.root = this.host.attachShadow({ mode: "open" });
    this.host.lang = this.language;
    this.host.dir = this.language === "ar" ? "rtl" : "ltr";
    const style = new CSSStyleSheet();
    style.replaceSync(css(config));
    this.root.adoptedStyleSheets = [style];
    document.body.append(this.host);
  }

  /** Asks; `choices` are shown as they are, or all refused at first. */
  ask(choices: Choices, open: boolean): void {
    const t = this.texts;
    const box = this.show("section", "box");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-labelledby", "title");
    box.append(
      make("h2", { id: "title", textContent: t.title! }),
      make("p", { textContent: t.text! }),
      this.links(),
    );
    const list = make("fieldset", { hidden: !open });
    list.append(make("legend", { textContent: t.categories! }), this.category("necessary", true, true));
    for (const category of CATEGORIES) list.append(this.category(category, choices[category], false));
    const picked = (): Choices => {
      const now = { ...choices };
      for (const category of CATEGORIES) {
        now[category] = this.root.querySelector<HTMLInputElement>(`#${category}`)!.checked;
      }
      return now;
    };
    const all = (value: boolean): Choices => ({ preferences: value, statistics: value, marketing: value });
    const row = make("div", { className: "row" });
    const middle = make("button", { type: "button", textContent: open ? t.save! : t.choose! });
    middle.onclick = () => {
      if (!list.hidden) return this.done("choose", picked());
      list.hidden = false;
      middle.textContent = t.save!;
      this.root.querySelector<HTMLInputElement>("#preferences")!.focus();
    };
    const reject = make("button", { type: "button", textContent: t.reject! });
    reject.onclick = () => this.done("reject_all", all(false));
    const accept = make("button", { type: "button", textContent: t.accept! });
    accept.onclick = () => this.done("accept_all", all(true));
    row.append(reject, middle, accept);
    box.append(list, row);
    if (open) this.root.querySelector<HTMLInputElement>("#preferences")!.focus();
  }

  /** The small button by which a choice can be changed at any time. */
  rest(again: () => void): void {
    const button = this.show("button", "rest") as HTMLButtonElement;
    button.type = "button";
    button.textContent = this.texts.change!;
    button.onclick = again;
  }

  private show(tag: string, className: string): HTMLElement {
    const element = make(tag as "div", { className });
    this.root.replaceChildren(element);
    return element;
  }

  private links(): HTMLElement {
    const row = make("p", { className: "links" });
    row.append(make("a", { href: this.config.register + "?lang=" + this.language, textContent: this.texts.register! }));
    if (this.config.notice) row.append(" · ", make("a", { href: this.config.notice, textContent: this.texts.notice! }));
    return row;
  }

  /** The words with which somebody is asked for a category, as the banner shows them. */
  wording(id: string): string {
    const t = this.texts;
    return [t.title, t.text, t[id], t[id + "_text"]].join("\n");
  }

  private category(id: string, checked: boolean, disabled: boolean): HTMLElement {
    const label = make("label", {});
    const box = make("input", { type: "checkbox", id, checked, disabled });
    const words = make("span", {});
    words.append(make("b", { textContent: this.texts[id]! }), " ", this.texts[id + "_text"]!);
    label.append(box, words);
    return label;
  }
}

function make<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  values: Partial<HTMLElementTagNameMap[T]>,
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  Object.assign(element, values);
  return element;
}

function css({ colours: [button, ink], position }: Config): string {
  const place =
    position === "center"
      ? "inset:0;margin:auto;height:fit-content;max-width:34rem;border-radius:12px"
      : "inset-inline:0;bottom:0;max-width:60rem;margin:0 auto;border-radius:12px 12px 0 0";
  return `:host{all:initial;font:16px/1.5 system-ui,"Segoe UI",Tahoma,Arial,sans-serif;--p:#fff;--i:#1a2230;--s:#4a5568;--e:#6b7280}
@media(prefers-color-scheme:dark){:host{--p:#171c26;--i:#f2f4f8;--s:#b6bfcc;--e:#8a94a6}}
*{box-sizing:border-box;font:inherit}[hidden]{display:none!important}
.box{position:fixed;z-index:2147483000;${place};padding:1.25rem;background:var(--p);color:var(--i);border:1px solid var(--e);box-shadow:0 8px 40px #0006;max-height:90vh;overflow:auto}
h2{margin:0 0 .5rem;font-size:1.15rem;font-weight:600}p{margin:0 0 .75rem}.links,label span{color:var(--s)}a{color:inherit}b{font-weight:600;color:var(--i)}
fieldset{border:0;margin:0 0 .75rem;padding:0}legend{font-weight:600;padding:0}label{display:flex;gap:.6rem;padding:.4rem 0}
input{inline-size:1.25rem;block-size:1.25rem;flex:none;margin:.15rem 0;accent-color:${button}}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem}
@media(max-width:30rem){.row{grid-template-columns:1fr}}
button{min-height:2.75rem;padding:.4rem 1rem;border:0;border-radius:8px;background:${button};color:${ink};font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid var(--i);outline-offset:2px}
.rest{position:fixed;z-index:2147483000;inset-inline-start:.75rem;bottom:.75rem;min-height:2rem;padding:.2rem .8rem;font-size:.85rem;font-weight:400;background:var(--p);color:var(--i);border:1px solid var(--e)}`;
}
