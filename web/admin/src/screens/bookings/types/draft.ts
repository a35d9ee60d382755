import { isProblem } from "@/api/problem";
import type { components } from "@/api/schema";
import { MODES, type Definition, type EventType, type Hours, type Place, type Question, type Texts, type TypeState } from "../shapes";

export interface Draft { slug: string; state: TypeState; definition: Definition }

const QUESTION: Question = { key: "", kind: "text", label_en: "", label_ar: "", options: [], required: false, purpose_en: "", purpose_ar: "", retention_days: null, if_refused_en: "", if_refused_ar: "" };
const TEXTS: Texts = { title: "", description: "", instructions: "", privacy: "", follow_up: "" };

/** What an event type says when nobody has said otherwise. */
export const EMPTY: Definition = {
  en: TEXTS, ar: TEXTS, duration: 30, durations: [], step: null, align: null, buffer_before: 0, buffer_after: 0, min_notice: 240,
  rolling_days: 60, first_date: null, last_date: null, max_per_day: null, max_per_week: null, capacity: 1, show_seats: false, mode: "single",
  hosts: [], assignment: { period_days: 30, attendee_chooses: false }, timezone: null, resources: [], tentative_blocks: true, locations: [], questions: [],
  guests: 0, approval: false, cancel_until: 0, reschedule_until: 0, hold_minutes: 10, reminders: [1440], follow_up: null, retention_days: null,
  notice: null, marketing: null, payment: null, redirect: null, hijri: false, calendar_copies: "delete", sms_reminders: [],
};

type Told = components["schemas"];

/** Everything that an event type says, whatever the server left out. */
export function complete(told: Told["Definition"]): Definition {
  const { en, ar, assignment, hosts = [], questions = [], payment, mode, locations = [], ...rest } = told;
  return {
    ...EMPTY, ...rest, locations,
    en: { ...TEXTS, ...en }, ar: { ...TEXTS, ...ar }, assignment: { ...EMPTY.assignment, ...assignment },
    mode: MODES.find((one) => one === mode) ?? "single",
    hosts: hosts.map((one) => ({ fixed: false, weight: 100, priority: 0, schedule: null, since: null, ...one })),
    questions: questions.map((one) => ({ ...QUESTION, ...one })),
    payment: payment ? { pay_within: 60, refund_until: null, ...payment } : null,
  };
}

export const completeHours = ({ timezone, rules = [], overrides = [], holidays = [] }: Told["Hours"]): Hours =>
  ({ timezone, rules, holidays, overrides: overrides.map(({ date, intervals = [] }) => ({ date, intervals })) });

export const draftOf = ({ slug, state, definition }: EventType): Draft => ({ slug, state, definition });

/** What kind of meeting it is, as people name it. */
export type Kind = "one_to_one" | "group" | "collective" | "round_robin";
export const KINDS: readonly Kind[] = ["one_to_one", "group", "collective", "round_robin"];

export const kindOf = ({ mode, capacity }: Pick<Definition, "mode" | "capacity">): Kind =>
  mode === "collective" ? "collective" : mode === "round_robin" ? "round_robin" : capacity > 1 ? "group" : "one_to_one";

/** What changes with the kind; seats and hosts stay as far as they fit. */
export function asKind(kind: Kind, { capacity, hosts }: Definition): Partial<Definition> {
  const seats = Math.max(capacity, 2);
  if (kind === "group") return { mode: "single", capacity: capacity > 1 ? capacity : 10, show_seats: true, hosts: hosts.slice(0, 1) };
  if (kind === "one_to_one") return { mode: "single", capacity: 1, hosts: hosts.slice(0, 1) };
  return { mode: kind, capacity: capacity > 1 ? seats : 1 };
}

/** An address from a title: small letters, digits and hyphens; nothing when the title has none of them. */
export const slugOf = (title: string) =>
  title.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);

export const TABS = ["basics", "hosts", "times", "questions", "rules", "messages", "privacy", "share", "why"] as const;
export type TabCode = (typeof TABS)[number];

const TAB_OF: ReadonlyArray<readonly [TabCode, RegExp]> = [
  ["hosts", /^(hosts|assignment|resources|mode)/], ["times", /^(step|align|buffer|min_notice|rolling|first_date|last_date|max_per|timezone|tentative)/],
  ["questions", /^(questions|guests)/], ["rules", /^(approval|cancel_until|reschedule_until|hold_minutes|payment|redirect)/],
  ["messages", /^(reminders|sms_reminders|follow_up|(en|ar)\.(instructions|follow_up))/], ["privacy", /^(retention_days|calendar_copies|notice|marketing|hijri|(en|ar)\.privacy)/],
];

/** The tab on which something that is wrong can be put right. */
export const tabOf = (path: string): TabCode => TAB_OF.find(([, pattern]) => pattern.test(path))?.[0] ?? "basics";

/** What the server refused, by the path of the field without `definition.`. */
export function problemsOf(error: unknown): Record<string, string> {
  if (!isProblem(error)) return {};
  return Object.fromEntries((error.fields ?? []).map(({ field, detail }) => [field.replace(/^definition\./, ""), detail]));
}

/** An array with one entry at another place. */
export function moved<T>(list: readonly T[], at: number, step: number): T[] {
  const next = [...list];
  const [entry] = next.splice(at, 1);
  if (entry !== undefined) next.splice(at + step, 0, entry);
  return next;
}

export const newPlace = (kind: Place["kind"]): Place =>
  kind === "address" ? { kind, text: "" } : kind === "call_us" ? { kind, number: "" } : kind === "link" ? { kind, template: "https://meet.jit.si/{room}" } : { kind };

/** A question with a key that no other one has. */
export function newQuestion(questions: readonly Question[]): Question {
  const taken = new Set(questions.map(({ key }) => key));
  let number = questions.length + 1;
  while (taken.has(`question_${number}`)) number += 1;
  return { ...QUESTION, key: `question_${number}` };
}
