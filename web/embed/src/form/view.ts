/** What the server says about a form, in one language. */
export interface View {
  id: string;
  version: number;
  kind: Kind;
  language: string;
  direction: string;
  organisation: string;
  title: string;
  intro: string;
  consent: string;
  button: string;
  fields: Field[];
  topics: { id: string; name: string; text: string }[];
  asks_age: boolean;
  notice: { summary: string; body: string } | null;
  theme: Theme;
  display: Display;
  words: Record<string, string>;
  /** Only in a preview: what stands there once the form was sent, and whether it is shown at once. */
  done?: { title: string; message: string; now: boolean };
}

export type Kind = "inline" | "popup" | "slide_in" | "bar";

export interface Field {
  key: string;
  type: string;
  autocomplete: string;
  ltr: boolean;
  required: boolean;
  label: string;
  help: string;
}

/** Background, words, button, words on the button. */
type Colours = [string, string, string, string];

export interface Theme {
  scheme: "auto" | "light" | "dark";
  light: Colours;
  dark: Colours;
  radius: number;
  /** Address and description. */
  image?: [string, string];
}

export interface Display {
  pages: { match: "contains" | "equals" | "not_contains"; value: string }[];
  device: "all" | "phone" | "desktop";
  languages: string[];
  referrers: string[];
  visitors: "all" | "new" | "returning";
  trigger: { on: "delay" | "scroll" | "exit" | "click"; seconds?: number; percent?: number; selector?: string };
  frequency: { show: "always" | "once" | "days" | "until_subscribed"; days?: number };
}

/** What a submission needs. */
export interface Start {
  token: string;
  challenge: string;
  bits: number;
  wait: number;
}

export interface Answer {
  result: "thanks" | "too_young" | "wrong" | "again" | "changed" | "busy" | "gone";
  title: string;
  message: string;
  redirect?: string;
  errors?: Record<string, string>;
  start?: Start;
}
