import { ActionIcon, Autocomplete, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { OPERATORS, type Condition } from "./flow";
import type { StepProps } from "./StepCard";
import { useComplaint } from "./words";

const MOST = 10;
const OWN = ["keys.last", "call.from", "call.to", "call.direction", "transfer.connected"];

/** What must hold for the step to be done; without any it always is. */
export function Conditions({ step, steps, complaints, readOnly, put }: StepProps) {
  const { t } = useTranslation("app_calls");
  const format = useFormat();
  const words = useComplaint();
  const wrong = complaints.find(({ field }) => field.startsWith("when"));
  const known = [...new Set([...steps.flatMap(({ variable }) => (variable ? [`keys.${variable}`] : [])), ...OWN])];
  const set = (when: Condition[]) => put({ when });
  const change = (at: number, part: Partial<Condition>) => set(step.when.map((one, place) => (place === at ? { ...one, ...part } : one)));
  if (step.when.length === 0 && readOnly) return null;
  return (
    <Stack gap={6} role="group" aria-label={t("when")}>
      {step.when.length > 0 && <Text size="sm" fw={500}>{t("when")}</Text>}
      {step.when.map(({ variable, operator, value }, at) => (
        <Group key={at} gap="xs" align="flex-start">
          <Autocomplete dir="ltr" style={{ flex: "1 1 10rem" }} readOnly={readOnly} aria-label={t("when.variable", { n: format.number(at + 1) })} data={known} value={variable} onChange={(variable) => change(at, { variable })} />
          <Select w={150} allowDeselect={false} readOnly={readOnly} aria-label={t("when.operator", { n: format.number(at + 1) })} data={OPERATORS.map((code) => ({ value: code, label: t(`operator.${code}`) }))} value={operator} onChange={(code) => code && change(at, { operator: code })} />
          {operator !== "exists" && <TextInput dir="auto" style={{ flex: "1 1 8rem" }} readOnly={readOnly} aria-label={t("when.value", { n: format.number(at + 1) })} value={value} onChange={(event) => change(at, { value: event.currentTarget.value })} />}
          {!readOnly && <ActionIcon mt={1} aria-label={t("when.remove", { n: format.number(at + 1) })} onClick={() => set(step.when.filter((_, place) => place !== at))}><X aria-hidden size={16} /></ActionIcon>}
        </Group>
      ))}
      {wrong && <Text size="xs" c="var(--mantine-color-error)" role="alert">{words(wrong)}</Text>}
      {!readOnly && step.when.length < MOST && <Group><Button size="compact-sm" variant="subtle" color="gray" leftSection={<Plus aria-hidden size={14} />} onClick={() => set([...step.when, { variable: known[0] ?? "", operator: "eq", value: "" }])}>{t("when.add")}</Button></Group>}
    </Stack>
  );
}
