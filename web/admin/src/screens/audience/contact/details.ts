import type { components } from "@/api/schema";
import type { Contact } from "../shapes";

/** A person's values as a form holds them: texts, empty where there is none. */
export interface Values extends Record<string, unknown> {
  emails: string[];
  phones: string[];
  first_name: string;
  last_name: string;
  company: string;
  language: string;
  country: string;
  time_zone: string;
  recipient_type: string;
  attributes: Record<string, string>;
  source: string;
  /** Where the server puts errors of a single address. */
  email: string;
  phone: string;
}

export type Changes = components["schemas"]["ContactValues"];

const TEXTS = ["first_name", "last_name", "company", "language", "country", "time_zone", "recipient_type"] as const;
const text = (value: unknown) => (value === null || value === undefined ? "" : String(value));

export function valuesOf(person: Contact): Values {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, text(person[name])])) as Record<(typeof TEXTS)[number], string>;
  const attributes = Object.fromEntries(Object.entries(person.attributes).map(([key, value]) => [key, text(value)]));
  return { ...texts, attributes, emails: person.emails, phones: person.phones, source: "", email: "", phone: "" };
}

/** Only what is different from the person as it was read: what nobody touched keeps its source. */
export function changesOf(person: Contact, values: Values): Changes {
  const before = valuesOf(person);
  const changes: Changes = {};
  for (const name of TEXTS) {
    if (values[name].trim() !== before[name]) changes[name] = values[name].trim() || null;
  }
  const keys = new Set([...Object.keys(before.attributes), ...Object.keys(values.attributes)]);
  const attributes = [...keys].filter((key) => (values.attributes[key] ?? "") !== (before.attributes[key] ?? ""));
  if (attributes.length > 0) changes.attributes = Object.fromEntries(attributes.map((key) => [key, values.attributes[key] || null]));
  const added = (now: string[], then: string[]) => now.filter((address) => !then.includes(address));
  const [emails, phones] = [added(values.emails, before.emails), added(values.phones, before.phones)];
  const remove = [...added(before.emails, values.emails), ...added(before.phones, values.phones)];
  if (emails.length > 0) changes.emails = emails;
  if (phones.length > 0) changes.phones = phones;
  if (remove.length > 0) changes.remove = remove;
  if (values.source.trim()) changes.source = values.source.trim();
  return changes;
}
