import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useWord } from "@/ui/words";
import type { Vocabulary } from "../shapes";
import { eventRule, fieldRule, tagRule, topicRule, type FieldRule, type Rule } from "./model";

export type ValueType = "text" | "number" | "bool" | "date" | "instant";

export interface KnownField {
  name: string;
  label: string;
  type: ValueType;
  operators: readonly string[];
  values?: readonly Choice[];
}

export interface Choice { value: string; label: string }

/** What conditions can speak of, in the words of the reader. */
export interface Names {
  fields: readonly KnownField[];
  field: (name: string) => KnownField | undefined;
  tags: ReadonlyArray<{ id: string; name: string }>;
  topics: ReadonlyArray<{ id: string; name: string }>;
  campaigns: ReadonlyArray<{ id: string; name: string }>;
  events: readonly string[];
  states: readonly string[];
}

const typeOf = (type: string): ValueType => (["number", "bool", "date", "instant"].includes(type) ? (type as ValueType) : "text");

export function namesOf(vocabulary: Vocabulary, label: (family: string, code: string, en: string, ar: string) => string): Names {
  const standard = vocabulary.fields.map(({ name, type, label_en, label_ar, operators, values }) => ({ name, label: label("field", name, label_en, label_ar), type: typeOf(type), operators, values: values?.map(({ code, label_en: en, label_ar: ar }) => ({ value: code, label: label(name, code, en, ar) })) }));
  const own = vocabulary.attributes.map(({ field, label: called, kind, operators }) => ({ name: field, label: called, type: typeOf(kind), operators }));
  const fields: KnownField[] = [...standard, ...own];
  return {
    fields,
    field: (name) => fields.find((field) => field.name === name),
    tags: vocabulary.tags,
    topics: vocabulary.topics,
    campaigns: vocabulary.campaigns,
    events: vocabulary.events.map(({ code }) => code),
    states: vocabulary.topic_states.map(({ code }) => code),
  };
}

/** The vocabulary of conditions, with the reader's words. */
export function useNames() {
  const { i18n } = useTranslation();
  const word = useWord();
  const query = api.useQuery("get", "/v1/segments/fields");
  const label = (family: string, code: string, en: string, ar: string) => {
    const own = word(family, code);
    return own === code ? (i18n.language === "ar" ? ar : en) : own;
  };
  return { ...query, data: query.data && namesOf(query.data, label) };
}

/** What a row speaks of, as one word: `field:country`, `tag`, `topic`, `event:opened`. */
export function subjectOf(rule: Rule): string {
  switch (rule.kind) {
    case "field": return `field:${rule.field}`;
    case "event": return `event:${rule.event}`;
    default: return rule.kind;
  }
}

const FIRST: Record<ValueType, string> = { text: "is", number: "is", bool: "is", date: "within_days", instant: "within_days" };

/** A fresh row about a subject, standing in the place of another. */
export function ruleAbout(subject: string, names: Names): Rule {
  const [kind, name = ""] = [subject.split(":")[0], subject.slice(subject.indexOf(":") + 1)];
  if (kind === "tag") return tagRule();
  if (kind === "topic") return topicRule();
  if (kind === "event") return eventRule(name, { within_days: 30, at_least: 1 });
  const field = names.field(name);
  const wanted = FIRST[field?.type ?? "text"];
  return fieldRule(name, field && !field.operators.includes(wanted) ? (field.operators[0] ?? "exists") : wanted);
}

/** The rule with another operator; the value stays when it still fits. */
export function withOperator(rule: FieldRule, op: string, takes: (op: string) => string): FieldRule {
  const [before, after] = [takes(rule.op), takes(op)];
  if (before === after) return { ...rule, op };
  if (after === "list" && (before === "one" || before === "text") && rule.value !== undefined) return { ...rule, op, value: [rule.value] };
  if ((after === "one" || after === "text") && before === "list" && Array.isArray(rule.value)) return { ...rule, op, value: rule.value[0] };
  if ((after === "one" || after === "text") && (before === "one" || before === "text")) return { ...rule, op };
  return { ...rule, op, value: undefined };
}
