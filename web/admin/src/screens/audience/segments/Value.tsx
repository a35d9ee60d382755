import { Group, MultiSelect, Select, TagsInput, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { latinDigits } from "@/i18n/format";
import { named } from "@/ui/Language";
import { TAKES, type FieldRule } from "./model";
import type { Choice, KnownField, ValueType } from "./vocabulary";

const WIDTH = 160;

/** A number, typed with any digits. Keeps what was typed while it is not yet a number. */
export function NumberBox({ value, change, label, width = 90 }: { value: unknown; change: (value: number | undefined) => void; label: string; width?: number }) {
  const [text, setText] = useState(value === undefined || value === null ? "" : String(value));
  const type = (next: string) => {
    setText(next);
    const read = latinDigits(next).replace("٫", ".").trim();
    change(read !== "" && Number.isFinite(Number(read)) ? Number(read) : undefined);
  };
  return <TextInput dir="ltr" inputMode="decimal" w={width} aria-label={label} value={text} onChange={(event) => type(event.currentTarget.value)} error={text !== "" && value === undefined} />;
}

const IS_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day; an instant with its hour and offset stays text, so that nothing of it is lost. */
export function DayBox({ value, change, label }: { value: unknown; change: (value: string | undefined) => void; label: string }) {
  const text = typeof value === "string" ? value : "";
  const type = text === "" || IS_DAY.test(text) ? "date" : "text";
  return <TextInput type={type} dir="ltr" w={WIDTH} aria-label={label} value={text} onChange={(event) => change(event.currentTarget.value || undefined)} />;
}

interface OneProps {
  type: ValueType;
  values?: readonly Choice[];
  field: string;
  value: unknown;
  change: (value: unknown) => void;
  label: string;
}

function useChoices(field: string, values: readonly Choice[] | undefined) {
  const { i18n } = useTranslation();
  const kind = field === "country" ? "region" : field === "language" ? "language" : null;
  return values?.map(({ value, label }) => ({ value, label: kind ? named(kind, i18n.language, value) : label }));
}

function One({ type, values, field, value, change, label }: OneProps) {
  const { t } = useTranslation();
  const choices = useChoices(field, values);
  if (type === "number") return <NumberBox value={value} change={change} label={label} width={120} />;
  if (type === "date" || type === "instant") return <DayBox value={value} change={change} label={label} />;
  if (type === "bool") {
    const data = [{ value: "true", label: t("yes") }, { value: "false", label: t("no") }];
    return <Select aria-label={label} w={120} data={data} value={value === undefined ? null : String(value)} onChange={(next) => change(next === null ? undefined : next === "true")} />;
  }
  if (choices && choices.length > 0) {
    const held = typeof value === "string" && value && !choices.some((choice) => choice.value === value) ? [{ value, label: value }, ...choices] : choices;
    return <Select searchable aria-label={label} w={190} data={held} value={typeof value === "string" ? value : null} onChange={(next) => change(next ?? undefined)} />;
  }
  return <TextInput dir="auto" w={200} aria-label={label} value={value === undefined ? "" : String(value)} onChange={(event) => change(event.currentTarget.value || undefined)} />;
}

function List({ type, values, field, value, change, label }: OneProps) {
  const { t } = useTranslation("app_segments");
  const choices = useChoices(field, values);
  const held = Array.isArray(value) ? value.map(String) : [];
  if (choices && choices.length > 0) return <MultiSelect searchable aria-label={label} miw={180} maw="100%" data={choices} value={held} onChange={change} />;
  const read = (texts: string[]) => change(type === "number" ? texts.map((text) => Number(latinDigits(text))).filter(Number.isFinite) : texts);
  return <TagsInput dir="auto" aria-label={label} miw={180} maw="100%" value={held} onChange={read} placeholder={held.length === 0 ? t("value.list") : ""} />;
}

/** Where the value of a row is written, as its operator and field want it. */
export function Value({ rule, known, change }: { rule: FieldRule; known: KnownField | undefined; change: (value: unknown) => void }) {
  const { t } = useTranslation("app_segments");
  const one: OneProps = { type: known?.type ?? "text", values: known?.values, field: rule.field, value: rule.value, change, label: t("value") };
  switch (TAKES[rule.op]) {
    case "none": return null;
    case "list": return <List {...one} />;
    case "text": return <One {...one} type="text" values={undefined} />;
    case "day": return <DayBox value={rule.value} change={change} label={one.label} />;
    case "days": return <Group gap={6} wrap="nowrap"><NumberBox value={rule.value} change={change} label={t("value.days")} /><Text size="sm">{t("value.days")}</Text></Group>;
    case "pair": {
      const [low, high] = Array.isArray(rule.value) ? (rule.value as unknown[]) : [];
      return (
        <Group gap={6}>
          <One {...one} value={low} change={(next) => change([next, high])} label={t("value.low")} />
          <Text size="sm">{t("value.and")}</Text>
          <One {...one} value={high} change={(next) => change([low, next])} label={t("value.high")} />
        </Group>
      );
    }
    default: return <One {...one} />;
  }
}
