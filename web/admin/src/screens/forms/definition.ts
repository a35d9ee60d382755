import { contrast } from "@/theme/palette";

export type Language = "en" | "ar";
export const SIDES: readonly Language[] = ["en", "ar"];

export const KINDS = ["inline", "popup", "slide_in", "bar"] as const;
export type Kind = (typeof KINDS)[number];

export interface Field {
  key: string;
  purpose: string;
  required: boolean;
  label_en: string;
  label_ar: string;
  if_refused_en: string;
  if_refused_ar: string;
}

export interface Texts {
  title: string;
  intro: string;
  consent: string;
  button: string;
  thanks: string;
}

export interface Theme {
  scheme: "auto" | "light" | "dark";
  background: string;
  text: string;
  button: string;
  dark_background: string;
  dark_text: string;
  dark_button: string;
  /** In pixels, 0 to 24. */
  radius: number;
  image: { url: string; alt_en: string; alt_ar: string } | null;
}

export interface PageRule {
  match: "contains" | "equals" | "not_contains";
  value: string;
}

export type Trigger =
  | { on: "delay"; seconds: number }
  | { on: "scroll"; percent: number }
  | { on: "exit" }
  | { on: "click"; selector: string };

export type Frequency = { show: "always" } | { show: "once" } | { show: "days"; days: number } | { show: "until_subscribed" };

export interface Display {
  pages: PageRule[];
  device: "all" | "phone" | "desktop";
  languages: string[];
  referrers: string[];
  visitors: "all" | "new" | "returning";
  trigger: Trigger;
  frequency: Frequency;
}

export type Success = { then: "message" } | { then: "redirect"; url: string };

/** A form's definition with nothing left out. */
export interface Definition {
  fields: Field[];
  en: Texts;
  ar: Texts;
  notice: string | null;
  double_opt_in: boolean;
  tags: string[];
  kind: Kind;
  theme: Theme;
  display: Display;
  success: Success;
  topics: string[];
  minimum_age: { years: number | null } | null;
  origins: string[];
}

/** What is written about a form. */
export interface Draft {
  name: string;
  topic: string;
  definition: Definition;
}

const THEME: Theme = {
  scheme: "auto", background: "#ffffff", text: "#1a2230", button: "#0b6e63",
  dark_background: "#171c26", dark_text: "#f2f4f8", dark_button: "#5cc9b8", radius: 8, image: null,
};

const DISPLAY: Display = {
  pages: [], device: "all", languages: [], referrers: [], visitors: "all",
  trigger: { on: "delay", seconds: 5 }, frequency: { show: "days", days: 7 },
};

const TEXTS: Texts = { title: "", intro: "", consent: "", button: "", thanks: "" };

type Told<T> = { [K in keyof T]?: unknown } | undefined | null;

const over = <T extends object>(otherwise: T, told: Told<T>): T => ({ ...otherwise, ...(told ?? {}) }) as T;

/** A definition as it was told, with what may be left out filled in as the server does. */
export function complete(told: Told<Definition>): Definition {
  const given = (told ?? {}) as Partial<Definition>;
  return {
    fields: (given.fields ?? []).map((field) => over({ key: "", purpose: "marketing", required: false, label_en: "", label_ar: "", if_refused_en: "", if_refused_ar: "" }, field)),
    en: over(TEXTS, given.en), ar: over(TEXTS, given.ar),
    notice: given.notice ?? null, double_opt_in: given.double_opt_in ?? false, tags: given.tags ?? [],
    kind: given.kind ?? "inline", theme: over(THEME, given.theme), display: over(DISPLAY, given.display),
    success: given.success ?? { then: "message" }, topics: given.topics ?? [],
    minimum_age: given.minimum_age ? { years: given.minimum_age.years ?? null } : null, origins: given.origins ?? [],
  };
}

/** A new form: an address, and the words it begins with. */
export function begin(kind: Kind, email: Pick<Field, "label_en" | "label_ar">, words: Record<Language, Texts>): Definition {
  const field: Field = { key: "email", purpose: "marketing", required: true, ...email, if_refused_en: "", if_refused_ar: "" };
  return { ...complete({}), kind, fields: [field], en: words.en, ar: words.ar };
}

/** Places one thing a step earlier or later; at the end of its way it stays. */
export function moved<T>(items: readonly T[], at: number, step: number): T[] {
  const place = at + step;
  const item = items[at];
  if (item === undefined || place < 0 || place >= items.length) return [...items];
  const rest = items.filter((_, index) => index !== at);
  return [...rest.slice(0, place), item, ...rest.slice(place)];
}

const HEX = /^#[0-9a-f]{6}$/i;
const WORDS = 4.5;
const SHAPES = 3;

export interface Faint {
  name: "text" | "button" | "dark_text" | "dark_button";
  ratio: number;
  least: number;
}

/** Colours too close to their background: words need 4.5, buttons 3 (WCAG 2.2). The server refuses them. */
export function faint(theme: Theme): Faint[] {
  const pairs = [["text", "background", WORDS], ["button", "background", SHAPES], ["dark_text", "dark_background", WORDS], ["dark_button", "dark_background", SHAPES]] as const;
  return pairs.flatMap(([name, ground, least]) => {
    if (!HEX.test(theme[name]) || !HEX.test(theme[ground])) return [];
    const ratio = contrast(theme[name], theme[ground]);
    return ratio < least ? [{ name, ratio, least }] : [];
  });
}

/** What has to be kept in the visitor's browser for a way of showing, and whether that waits for consent. */
export function remembers({ visitors, frequency }: Display): "nothing" | "closed" | "seen" {
  if (visitors !== "all") return "seen";
  if (frequency.show === "always") return "nothing";
  return frequency.show === "until_subscribed" ? "closed" : "seen";
}

/** The site of an address somebody pasted, as origins are written; what is none stays as it is. */
export function originOf(typed: string): string {
  const text = typed.trim().toLowerCase();
  if (text === "") return "";
  const match = /^(?:(https?):\/\/)?((?:\*\.)?[a-z0-9\u0080-\uffff.-]+(?::\d+)?)(?:[/?#].*)?$/.exec(text);
  return match ? `${match[1] ?? "https"}://${match[2]}` : text;
}

/** How many of those who saw it became subscribers who confirmed; null when nobody saw it. */
export function conversion({ views, confirmed }: { views: number; confirmed: number }): number | null {
  return views > 0 ? Math.min(1, confirmed / views) : null;
}

/** Which of the builder's tabs shows the field that the server calls so. */
export function tabOf(path: string): "content" | "look" | "display" | "protection" {
  if (path.startsWith("theme")) return "look";
  if (path.startsWith("display") || path.startsWith("success")) return "display";
  if (path.startsWith("minimum_age") || path.startsWith("origins")) return "protection";
  return "content";
}

const RULES = [
  [/^name$/, "name"], [/^topic$/, "topic"], [/^fields$/, "fields"], [/^fields\[\d+\]\.key$/, "key"], [/^fields\[\d+\]\.purpose$/, "purpose"],
  [/^fields\[\d+\]\.label$/, "label"], [/^fields\[\d+\]\.if_refused$/, "if_refused"], [/^(en|ar)\.(title|consent|button)$/, "text"], [/^(en|ar)$/, "long"],
  [/^theme\.(dark_)?text$/, "faint_text"], [/^theme\.(dark_)?button$/, "faint_button"], [/^theme\.(dark_)?background$/, "colour"],
  [/^theme\.image\.url$/, "place"], [/^theme\.image/, "alt"], [/^display\.pages$/, "entries"], [/^display\.referrers$/, "entries"], [/^display\.languages$/, "languages"],
  [/^display\.trigger$/, "trigger"], [/^display\.frequency$/, "frequency"], [/^success\.url$/, "place"], [/^origins/, "origin"], [/^topics/, "topics"], [/^minimum_age/, "age"],
] as const;

export type Rule = (typeof RULES)[number][1];

/** Which of our own words says what is wrong there; null leaves it to the server's. */
export const ruleOf = (path: string): Rule | null => RULES.find(([pattern]) => pattern.test(path))?.[1] ?? null;
