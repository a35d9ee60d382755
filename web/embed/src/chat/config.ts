import type { Encrypted, FileKey } from "../sealed/message";

/** What the server says about a chat, in one language. Nothing in it is about the visitor. */
export interface Config {
  widget: string;
  name: string;
  lang: string;
  dir: "rtl" | "ltr";
  open: boolean;
  opens_at: string | null;
  queue_full: boolean;
  theme: Theme;
  /** Every word that the chat says, by key. */
  words: Record<string, string>;
  features: Record<"files" | "emoji" | "rating" | "transcript" | "sneak_peek" | "sound" | "typing", boolean>;
  files: { max_bytes: number; types: string[] };
  forms: Record<FormKind, Form | null>;
  greetings: Greeting[];
  limits: { text_bytes: number };
  identity_required: boolean;
  notice: { id: string | null; url: string | null; text: string | null } | null;
  /** Whether only the two ends read what is written. */
  encryption?: { mode: string; ready: boolean } | null;
  /** Only in a preview: what stands in the chat. */
  sample?: { events: Happening[]; conversation: Conversation };
}

export type FormKind = "pre_chat" | "ask_mail" | "post_chat" | "offline";

export interface Theme {
  colour: string;
  text_colour: string | null;
  position: "end" | "start";
  launcher: "bubble" | "bar" | "none";
  logo_url: string | null;
  radius: number;
  dark: "auto" | "light" | "dark";
  offset: { x: number; y: number };
}

export interface Form {
  intro?: string | null;
  fields: Field[];
}

export interface Field {
  key: string;
  kind: "text" | "textarea" | "name" | "email" | "phone" | "select" | "radio" | "checkbox" | "consent" | "group";
  label: string;
  help: string | null;
  required: boolean;
  options: { value: string; label: string }[];
  purpose: string | null;
  notice: { id: string; url: string | null; text: string | null } | null;
  max_length: number | null;
}

export interface Greeting {
  id: string;
  text: string;
  buttons: { label: string; action: "open" | "reply" | "link"; value: string | null }[];
  needs_tracking: boolean;
  once: "visit" | "ever" | "always";
  active_from: string | null;
  active_until: string | null;
  match: "all" | "any";
  conditions: Condition[];
}

export interface Condition {
  kind: string;
  op: string;
  value: unknown;
}

/** Which words of a conversation belong to whom, as the visitor may know it. */
export interface Conversation {
  id: string;
  state: "open" | "snoozed" | "closed";
  thread: string;
  last_seq: number;
  unread: number;
  agent: { name: string; photo_url: string | null; kind: "agent" | "bot" } | null;
  queue: { position: number; wait_seconds: number | null } | null;
  seen: { me: number; them: number };
  rating: { score: number } | null;
  has_email: boolean;
  /** How it is encrypted end to end, if it is. */
  encryption?: { key_id: string | null; rotate: boolean; missing: number } | null;
}

export interface SentFile {
  id: string;
  name: string;
  type: string;
  size: number;
  state: "checking" | "clean" | "refused";
  /** Of an encrypted file: what opens it. */
  key?: FileKey;
}

/** Something that happened in a conversation. */
export interface Happening {
  seq: number;
  at: string;
  kind: "message" | "file" | "form" | "filled_form" | "rich" | "system" | "encrypted";
  author: { kind: "visitor" | "agent" | "bot" | "system"; name: string | null; me: boolean };
  client_id: string | null;
  text: string | null;
  file: SentFile | null;
  form: { kind: FormKind; fields: { key: string; label: string; value: string }[] } | null;
  quick_replies: { label: string; value: string }[] | null;
  code: string | null;
  params: Record<string, string> | null;
  deleted: boolean;
  thread?: string;
  encrypted?: (Encrypted & { role: string }) | null;
  /** What cannot be opened here. */
  locked?: boolean;
}

export type Values = Record<string, string | boolean | string[]>;

/** What the site says about its visitor; `hash` proves it (HMAC-SHA256 made by the site's server). */
export interface Identity {
  id?: string;
  hash?: string;
  email?: string;
  name?: string;
  attributes?: Record<string, string>;
}
