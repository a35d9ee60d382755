import { fold } from "@/i18n/format";
import type { FileColumn } from "../shapes";

/** The fields that a column can become, as the server names them. */
export const TARGETS = [
  "email", "phone", "first_name", "last_name", "language", "country", "time_zone", "company", "recipient_type", "tags",
  "consent_time", "consent_source", "consent_ip", "confirmed_at", "confirmed_ip", "sale_date", "assessment_id", "reason",
] as const;

/** What becomes of a column: a known field, a custom field that is there, a new one by its name, or nothing. */
export type Target = { to: "field"; name: string } | { to: "own"; key: string } | { to: "new"; label: string } | { to: "drop" };

export type Mapping = Readonly<Record<number, Target>>;
export interface OwnField { key: string; label: string }

const DROP: Target = { to: "drop" };

/** The first proposal: what the server recognised and custom fields of the same name; everything else stays out. */
export function propose(columns: readonly FileColumn[], own: readonly OwnField[]): Mapping {
  const taken = new Set<string>();
  const once = (column: FileColumn): Target => {
    const known = column.guessed_field;
    if (known && !taken.has(known)) {
      taken.add(known);
      return { to: "field", name: known };
    }
    const field = own.find(({ key, label }) => fold(label) === fold(column.name) || fold(key) === fold(column.name));
    return field ? { to: "own", key: field.key } : DROP;
  };
  return Object.fromEntries(columns.map((column) => [column.index, once(column)]));
}

/** A target as the server reads it. */
export function written(target: Target): string {
  switch (target.to) {
    case "field": return target.name;
    case "own": return `attribute_key:${target.key}`;
    case "new": return `attribute:${target.label.trim()}`;
    case "drop": return "drop";
  }
}

/** The parameters `map` of an upload: every column, so that nothing is guessed behind the reader's back. */
export const parameters = (columns: readonly FileColumn[], mapping: Mapping): string[] =>
  columns.map(({ index }) => `${index}:${written(mapping[index] ?? DROP)}`);

export const has = (mapping: Mapping, field: string) => Object.values(mapping).some((target) => target.to === "field" && target.name === field);

export type Fault = { code: "no_identifier" } | { code: "twice"; target: string } | { code: "no_label"; column: number };

/** What keeps a mapping from being used. */
export function faults(mapping: Mapping): Fault[] {
  const found: Fault[] = [];
  if (!has(mapping, "email") && !has(mapping, "phone")) found.push({ code: "no_identifier" });
  const seen = new Set<string>();
  for (const [column, target] of Object.entries(mapping)) {
    if (target.to === "drop") continue;
    if (target.to === "new" && target.label.trim() === "") found.push({ code: "no_label", column: Number(column) });
    const name = written(target);
    if (seen.has(name)) found.push({ code: "twice", target: target.to === "field" ? target.name : target.to === "own" ? target.key : target.label });
    seen.add(name);
  }
  return found;
}

/** What an upload says about the right to write to these people. */
export interface Origin {
  topic: string;
  basis: string;
  source: string;
  collected_on: string;
  sale_date: string;
  assessment: string;
  reason: string;
  purchased: boolean;
  vendor: string;
  contract: string;
  collection: string;
  tracking: boolean;
}

export const BASES = ["consent", "consent_doi", "soft_opt_in", "legitimate_interest", "contract"] as const;

type Needed = keyof Origin | "confirmed_at";

/** What the chosen basis still lacks, by the name of the field that would supply it. */
export function lacks(origin: Origin, mapping: Mapping): Needed[] {
  const empty = (name: "topic" | "basis" | "source" | "collected_on" | "vendor" | "contract" | "collection") => origin[name].trim() === "";
  const missing: Needed[] = (["topic", "basis", "source", "collected_on"] as const).filter(empty);
  if (origin.basis === "consent_doi" && !has(mapping, "confirmed_at")) missing.push("confirmed_at");
  if (origin.basis === "soft_opt_in" && !origin.sale_date && !has(mapping, "sale_date")) missing.push("sale_date");
  if (origin.basis === "legitimate_interest") {
    if (!origin.assessment.trim() && !has(mapping, "assessment_id")) missing.push("assessment");
    if (!origin.reason.trim() && !has(mapping, "reason")) missing.push("reason");
  }
  if (origin.purchased) missing.push(...(["vendor", "contract", "collection"] as const).filter(empty));
  return missing;
}

/** The query of an upload. What does not belong to the chosen basis is left out. */
export function queryOf(origin: Origin, map: readonly string[], dryRun: boolean): URLSearchParams {
  const query = new URLSearchParams({ topic: origin.topic.trim(), basis: origin.basis, source: origin.source.trim(), collected_on: origin.collected_on });
  const put = (name: keyof Origin, when: boolean) => when && String(origin[name]).trim() !== "" && query.set(name, String(origin[name]).trim());
  put("sale_date", origin.basis === "soft_opt_in");
  put("assessment", origin.basis === "legitimate_interest");
  put("reason", origin.basis === "legitimate_interest");
  put("tracking", origin.tracking && origin.basis.startsWith("consent"));
  put("purchased", origin.purchased);
  for (const name of ["vendor", "contract", "collection"] as const) put(name, origin.purchased);
  for (const one of map) query.append("map", one);
  if (dryRun) query.set("dry_run", "true");
  return query;
}
