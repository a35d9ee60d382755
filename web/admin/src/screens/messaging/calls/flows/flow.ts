import { latinDigits } from "@/i18n/format";
import type { Definition } from "../server";

export const ACTIONS = ["say", "gather", "play", "pause", "record", "transfer", "fetch", "send_keys", "goto", "hangup"] as const;
export type Action = (typeof ACTIONS)[number];
export const OPERATORS = ["eq", "ne", "contains", "exists", "gt", "lt"] as const;
export const LANGUAGES = ["en", "ar"] as const;
export const MOST_STEPS = 100;
const WORDS = 2000;

export interface Condition { variable: string; operator: string; value: string }
/** Keys that people press, and the step that they lead to. */
export interface Branch { keys: string; step: string }
/** Something that is heard: words, a file, or nothing. */
export interface Prompt { kind: "none" | "text" | "media"; text: string; language: string; media: string }

/** A step as its form holds it: every field of every action, each number a text. Only those of its action are handed in. */
export interface Step {
  id: string;
  action: Action;
  when: Condition[];
  text: string;
  language: string;
  media: string;
  repeat: string;
  keys: Branch[];
  seconds: string;
  prompt: Prompt;
  min: string;
  max: string;
  terminator: string;
  timeout: string;
  tries: string;
  variable: string;
  branches: Branch[];
  otherwise: string;
  max_seconds: string;
  silence_seconds: string;
  to: string;
  from: string;
  ring_seconds: string;
  url: string;
  digits: string;
  step: string;
}

export interface Draft { title: string; language: string; steps: Step[] }

const NO_PROMPT: Prompt = { kind: "text", text: "", language: "", media: "" };
const BLANK: Omit<Step, "id" | "action"> = {
  when: [], text: "", language: "", media: "", repeat: "1", keys: [], seconds: "1", prompt: NO_PROMPT, min: "1", max: "1", terminator: "", timeout: "6", tries: "2", variable: "", branches: [], otherwise: "",
  max_seconds: "120", silence_seconds: "5", to: "", from: "", ring_seconds: "30", url: "", digits: "", step: "",
};

/** An id that no step has. */
export function freshId(taken: Iterable<string>): string {
  const known = new Set(taken);
  for (let n = 1; ; n += 1) if (!known.has(`step_${n}`)) return `step_${n}`;
}

export const freshStep = (action: Action, steps: readonly Step[]): Step => ({ ...BLANK, action, id: freshId(steps.map(({ id }) => id)), branches: action === "gather" ? [{ keys: "1", step: "" }] : [] });

export const blankDraft = (language: string): Draft => {
  const known = LANGUAGES.find((one) => one === language) ?? "en";
  return { title: "", language: known, steps: [{ ...BLANK, id: "step_1", action: "say" }] };
};

type Json = Record<string, unknown>;
const text = (value: unknown) => (value === null || value === undefined ? "" : String(value));
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const branchesOf = (value: unknown): Branch[] => (isJson(value) ? Object.entries(value).map(([keys, step]) => ({ keys, step: text(step) })) : []);

function promptOf(value: unknown): Prompt {
  if (!isJson(value)) return { ...NO_PROMPT, kind: "none" };
  const kind = value.media ? "media" : value.text ? "text" : "none";
  return { kind, text: text(value.text), language: text(value.language), media: text(value.media) };
}

/** A flow as it is edited. Each step has an id, so that others can lead to it. */
export function draftOf({ title = "", language = "en", steps }: Definition): Draft {
  const rows = (steps as unknown[]).filter(isJson);
  const taken = rows.map(({ id }) => text(id)).filter(Boolean);
  return {
    title, language,
    steps: rows.map((row) => {
      const id = text(row.id) || freshId(taken);
      taken.push(id);
      const count = (name: "repeat" | "seconds" | "min" | "max" | "timeout" | "tries" | "max_seconds" | "silence_seconds" | "ring_seconds") => (row[name] === undefined ? (name === "tries" ? "1" : BLANK[name]) : text(row[name]));
      const when = Array.isArray(row.when) ? row.when.filter(isJson).map((one) => ({ variable: text(one.variable), operator: text(one.operator), value: text(one.value) })) : [];
      const sends = row.action === "send_keys";
      return {
        ...BLANK, id, when, action: ACTIONS.find((one) => one === row.action) ?? "say", text: text(row.text), language: text(row.language), media: text(row.media), repeat: count("repeat"), keys: sends ? [] : branchesOf(row.keys),
        digits: sends ? text(row.keys) : "", seconds: count("seconds"), prompt: promptOf(row.action === "record" ? row.announcement : row.prompt), min: count("min"), max: count("max"), terminator: text(row.terminator), timeout: count("timeout"),
        tries: count("tries"), variable: text(row.variable), branches: branchesOf(row.branches), otherwise: text(row.otherwise), max_seconds: count("max_seconds"), silence_seconds: count("silence_seconds"), to: text(row.to), from: text(row.from),
        ring_seconds: count("ring_seconds"), url: text(row.url), step: text(row.step),
      };
    }),
  };
}

const whole = (value: string) => Number(latinDigits(value.trim()));
const optional = (name: string, value: string) => (value.trim() === "" ? {} : { [name]: value.trim() });
const mapped = (name: string, branches: readonly Branch[]) => (branches.length === 0 ? {} : { [name]: Object.fromEntries(branches.map(({ keys, step }) => [latinDigits(keys.trim()), step])) });
const spoken = ({ kind, text, language, media }: Prompt): Json => (kind === "text" ? { text, ...optional("language", language) } : kind === "media" ? { media: media.trim() } : {});
const telephone = (typed: string) => latinDigits(typed).replace(/[\s()\-.\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").replace(/^00/, "+");

function bodyOf(step: Step): Json {
  switch (step.action) {
    case "say": return { text: step.text, ...optional("language", step.language), repeat: whole(step.repeat), ...mapped("keys", step.keys) };
    case "play": return { media: step.media.trim(), repeat: whole(step.repeat), ...mapped("keys", step.keys) };
    case "pause": return { seconds: whole(step.seconds), ...mapped("keys", step.keys) };
    case "gather": return {
      prompt: spoken(step.prompt), min: whole(step.min), max: whole(step.max), timeout: whole(step.timeout), tries: whole(step.tries), ...optional("terminator", step.terminator), ...optional("variable", step.variable),
      ...mapped("branches", step.branches), ...optional("otherwise", step.otherwise),
    };
    case "record": return { announcement: spoken(step.prompt), max_seconds: whole(step.max_seconds), silence_seconds: whole(step.silence_seconds), ...optional("terminator", step.terminator) };
    case "transfer": return { to: telephone(step.to), ...optional("from", telephone(step.from)), ring_seconds: whole(step.ring_seconds), ...optional("otherwise", step.otherwise) };
    case "fetch": return { url: step.url.trim() };
    case "send_keys": return { keys: latinDigits(step.digits).replace(/\s/g, "").toUpperCase() };
    case "goto": return { step: step.step };
    case "hangup": return {};
  }
}

/** A flow as the server takes it. */
export function definitionOf({ title, language, steps }: Draft): Definition {
  const rows = steps.map((step) => ({ action: step.action, id: step.id, ...(step.when.length > 0 ? { when: step.when } : {}), ...bodyOf(step) }));
  return { title: title.trim(), language, steps: rows as unknown as Definition["steps"] };
}

/** What is wrong, and where: `at` is the step, `field` the server's own name of the field. `code` names our words for it,
 *  `detail` is what the server said. */
export interface Complaint { at: number | null; field: string; code?: string; detail?: string }

const KEYS = /^[0-9*#]+$/;

/** Everything that can be said without asking the server. The server looks again. */
export function complaintsOf({ title, steps }: Draft): Complaint[] {
  const found: Complaint[] = [];
  const ids = new Set(steps.map(({ id }) => id));
  if ([...title].length > 100) found.push({ at: null, field: "title", code: "title" });
  if (steps.length === 0 || steps.length > MOST_STEPS) found.push({ at: null, field: "steps", code: "steps" });
  steps.forEach((step, at) => {
    const say = (field: string, code: string) => void found.push({ at, field, code });
    const between = (field: string, value: string, least: number, most: number) => { const n = whole(value); if (value.trim() === "" || !Number.isInteger(n) || n < least || n > most) say(field, "range"); };
    const words = (field: string, value: string) => { if (value.trim() === "" || [...value].length > WORDS) say(field, "words"); };
    const address = (field: string, value: string) => { if (!/^https?:\/\/\S+$/.test(value.trim())) say(field, "address"); };
    const target = (field: string, id: string) => { if (!ids.has(id)) say(field, "target"); };
    const leads = (field: string, all: readonly Branch[], longest: number) => all.forEach(({ keys, step: id }, place) => {
      const plain = latinDigits(keys.trim());
      if (!KEYS.test(plain) || plain.length > longest || all.findIndex((one) => latinDigits(one.keys.trim()) === plain) !== place) say(field, "keys");
      else if (!ids.has(id)) say(field, "target");
    });
    const heard = (field: string, { kind, text, media }: Prompt) => { if (kind === "text") words(`${field}.text`, text); else if (kind === "media") address(`${field}.media`, media); };
    const terminator = () => { if (step.terminator !== "" && !/^[0-9*#]$/.test(latinDigits(step.terminator))) say("terminator", "keys"); };
    const number = (field: string, value: string) => { if (!/^\+\d{7,15}$/.test(telephone(value))) say(field, "telephone"); };
    if (step.when.some(({ variable }) => variable.trim() === "")) say("when", "variable");
    switch (step.action) {
      case "say": words("text", step.text); between("repeat", step.repeat, 1, 10); leads("keys", step.keys, 1); break;
      case "play": address("media", step.media); between("repeat", step.repeat, 1, 10); leads("keys", step.keys, 1); break;
      case "pause": between("seconds", step.seconds, 1, 300); leads("keys", step.keys, 1); break;
      case "gather":
        heard("prompt", step.prompt); between("min", step.min, 1, 32); between("max", step.max, Math.max(1, whole(step.min) || 1), 32); between("timeout", step.timeout, 1, 120); between("tries", step.tries, 1, 10);
        terminator(); if (!/^\w{0,40}$/.test(step.variable)) say("variable", "name"); leads("branches", step.branches, 32); if (step.otherwise !== "") target("otherwise", step.otherwise);
        break;
      case "record":
        if (step.prompt.kind === "none") say("announcement", "announcement");
        heard("announcement", step.prompt); between("max_seconds", step.max_seconds, 1, 600); between("silence_seconds", step.silence_seconds, 0, 60); terminator();
        break;
      case "transfer": number("to", step.to); if (step.from.trim() !== "") number("from", step.from); between("ring_seconds", step.ring_seconds, 5, 120); if (step.otherwise !== "") target("otherwise", step.otherwise); break;
      case "fetch": address("url", step.url); break;
      case "send_keys": if (!/^[0-9*#A-Da-d\s]{1,64}$/.test(latinDigits(step.digits))) say("keys", "keys"); break;
      case "goto": target("step", step.step); break;
      case "hangup": break;
    }
  });
  return found;
}

/** Where a complaint of the server belongs: `steps[2].text`. */
export function placed(field: string, detail: string): Complaint {
  const found = /^(?:flow\.)?steps\[(\d+)\]\.?(.*)$/.exec(field);
  return found ? { at: Number(found[1]), field: found[2] ?? "", detail } : { at: null, field: field.replace(/^flow\./, ""), detail };
}

/** The steps with one taken away; what led there leads nowhere until somebody says where. */
export const withoutStep = (steps: readonly Step[], at: number): Step[] => steps.filter((_, place) => place !== at);

/** A copy right behind, under an id of its own. */
export function copied(steps: readonly Step[], at: number): Step[] {
  const one = steps[at];
  if (!one) return [...steps];
  return [...steps.slice(0, at + 1), { ...structuredClone(one), id: freshId(steps.map(({ id }) => id)) }, ...steps.slice(at + 1)];
}

const OWN = new Set(["call.id", "call.from", "call.to", "call.direction", "keys.last", "transfer.connected"]);

/** What the words name as `{{name}}` and a call must bring along. */
export function variablesOf({ steps }: Draft): string[] {
  const texts = steps.flatMap(({ text, media, url, to, prompt }) => [text, media, url, to, prompt.text, prompt.media]);
  const named = texts.flatMap((one) => [...one.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map((found) => found[1] ?? ""));
  return [...new Set(named)].filter((name) => name !== "" && !OWN.has(name) && !name.startsWith("keys."));
}
