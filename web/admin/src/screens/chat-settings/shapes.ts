import type { components } from "@/api/schema";

/** A text in both languages. */
export interface Both {
  en: string;
  ar: string;
}

export const EMPTY: Both = { en: "", ar: "" };

export interface Hours {
  zone: string;
  days: Array<{ day: number; spans: Array<[string, string]> }>;
  closed: string[];
}

export const FIELD_KINDS = ["text", "textarea", "name", "email", "phone", "select", "radio", "checkbox", "consent", "group"] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

export interface FormField {
  key: string;
  kind: FieldKind;
  label: Both;
  help: Both;
  required: boolean;
  options: Array<{ value: string; label: Both }>;
  purpose: string;
  topic?: string | null;
}

export interface ChatForm {
  enabled: boolean;
  intro: Both;
  fields: FormField[];
}

export const FORMS = ["pre_chat", "ask_mail", "post_chat", "offline"] as const;
export type FormName = (typeof FORMS)[number];

export interface Theme {
  colour: string;
  text_colour: string;
  position: "end" | "start";
  launcher: "bubble" | "bar" | "none";
  logo_url: string | null;
  radius: number;
  dark: "auto" | "light" | "dark";
  offset: { x: number; y: number };
}

export const FEATURES = ["files", "rating", "transcript", "typing", "sound", "sneak_peek"] as const;
export type Features = Record<(typeof FEATURES)[number] | "emoji", boolean>;

/** What of a widget is kept when it is saved. */
export interface WidgetDraft {
  name: string;
  enabled: boolean;
  origins: string[];
  theme: Theme;
  texts: Record<string, Record<string, string>>;
  languages: string[];
  features: Features;
  forms: Record<FormName, ChatForm>;
  group: string | null;
  bot: string | null;
  notice: string | null;
  hours: Hours | null;
  identity_required: boolean;
  files: { max_bytes: number; types: string[] };
  encryption?: "off" | "end_to_end";
}

/** What an encrypted chat cannot have. */
export const BOTH_ENDS_OFF = { sneak_peek: false, transcript: false } as const;

/** A website chat as the server answers it. */
export interface Widget {
  id: string;
  name: string;
  enabled: boolean;
  settings: Omit<WidgetDraft, "name" | "enabled">;
  version: number;
}

/** The part of what the server says about a widget that it takes back. */
export const draftOf = ({ name, enabled, settings }: Widget): WidgetDraft => ({ name, enabled, ...settings });

/** The same as it is sent. */
export const sentOf = ({ name, enabled, ...settings }: WidgetDraft) => ({ name, enabled, settings });

export const CONDITIONS = ["time_on_page", "time_on_site", "scroll", "exit_intent", "url", "visited_url", "referrer", "page_views", "visits", "matching_views", "url_funnel", "language", "country", "attribute"] as const;
export type ConditionKind = (typeof CONDITIONS)[number];

export interface Condition {
  kind: ConditionKind;
  op: string;
  value: components["schemas"]["ChatGreetingCondition"]["value"];
}

/** Conditions that rest on what was looked at before: they hold only for visitors who agreed to that. */
export const TRACKING: readonly string[] = ["time_on_site", "visited_url", "page_views", "visits", "matching_views", "url_funnel"];

export interface GreetingDraft {
  name: string;
  enabled: boolean;
  text: Both;
  buttons: Array<{ label: Both; action: "open" | "reply" | "link"; value: string }>;
  once: "visit" | "ever" | "always";
  active_from: string | null;
  active_until: string | null;
  match: "all" | "any";
  conditions: Condition[];
}

export interface Greeting {
  id: string;
  greeting: GreetingDraft;
  needs_tracking: boolean;
  shown: number;
  accepted: number;
  dismissed: number;
}

export interface Group {
  id: string;
  name: string;
  languages: string[];
  pick: "automatic" | "manual";
  members: Array<{ user: string; priority: Priority }>;
  hours: Hours | null;
  inactivity: { agent_minutes: number | null; visitor_minutes: number | null; close_minutes: number | null };
  queue_limit: number;
}

export const PRIORITIES = ["first", "normal", "last", "supervisor"] as const;
export type Priority = (typeof PRIORITIES)[number];

export const RULE_KINDS = ["url", "country", "language", "answer", "attribute", "widget", "contact_tag", "channel"] as const;
export const RULE_OPS = ["is", "contains", "starts", "not"] as const;

export interface Rule {
  name: string;
  match: "all" | "any";
  conditions: Array<{ kind: (typeof RULE_KINDS)[number]; key?: string | null; op: (typeof RULE_OPS)[number]; value: string }>;
  to: Target;
  enabled: boolean;
}

export interface Target {
  group?: string | null;
  user?: string | null;
  bot?: string | null;
}

export interface Rules {
  rules: Rule[];
  last_agent: boolean;
  fallback: Target;
}

export const STEP_KINDS = ["say", "ask", "choices", "condition", "articles", "hand_over", "close"] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export interface Step {
  id: string;
  kind: StepKind;
  text: Both;
  save: string | null;
  field: "text" | "email" | "name" | null;
  choices: Array<{ label: Both; value: string; next: string | null }>;
  conditions: Array<{ name: string; op: string; value: string; next: string }>;
  next: string | null;
  group: string | null;
}

export interface BotDraft {
  name: string;
  enabled: boolean;
  articles: boolean;
  hand_over: string | null;
  languages: string[];
  steps: Step[];
}

export interface BotOf extends BotDraft {
  id: string;
}

export interface Article {
  id: string;
  state: "draft" | "published";
  title: Both;
  text: Both;
  keywords: string[];
  updated_at: string;
}
