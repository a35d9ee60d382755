import { Button, Card, Group, Select, Stack, Switch, Text } from "@mantine/core";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useWord } from "@/ui/words";
import { BothInput } from "../BothInput";
import { MoveButtons } from "../MoveButtons";
import { changed, keyOf, without } from "../order";
import { EMPTY, type FormField } from "../shapes";

interface FieldProps {
  field: FormField;
  at: number;
  of: number;
  path: string;
  wrong: (field: string) => string | undefined;
  put: (change: Partial<FormField>) => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
}

const PURPOSES = ["service", "reply", "transactional", "booking"] as const;
const LISTS: readonly string[] = ["select", "radio"];

/** One question: what is asked, what for, and whether it may be left out. */
export function FieldCard({ field, at, of, path, wrong, put, move, remove }: FieldProps) {
  const { t, i18n } = useTranslation("app_chat");
  const word = useWord();
  const consents = field.kind === "consent";
  const topics = api.useQuery("get", "/v1/topics", {}, { staleTime: 60_000, enabled: consents });
  const name = (i18n.language === "ar" ? field.label.ar || field.label.en : field.label.en || field.label.ar) || t(`fields.${field.kind}`);
  return (
    <Card padding="sm" component="section" aria-label={name}>
      <Stack gap="xs">
        <Group justify="space-between"><Text size="sm" fw={600}>{t(`fields.${field.kind}`)}</Text><MoveButtons name={name} at={at} of={of} move={move} remove={remove} /></Group>
        <BothInput label={t(consents ? "fields.label.consent" : "fields.label")} note={consents ? t("fields.consent.about") : undefined} value={field.label} change={(label) => put({ label })} error={wrong(`${path}.label`)} />
        <BothInput label={t("fields.help")} value={field.help} change={(help) => put({ help })} />
        {LISTS.includes(field.kind) && <Options field={field} put={put} error={wrong(`${path}.options`)} />}
        {consents
          ? <Select label={t("fields.topic")} description={t("fields.topic.about")} allowDeselect={false} required data={(topics.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={field.topic ?? null} onChange={(topic) => put({ topic })} error={wrong(`${path}.topic`)} />
          : <Select label={t("fields.purpose")} description={t("fields.purpose.about")} allowDeselect={false} data={[...new Set([...PURPOSES, field.purpose])].map((value) => ({ value, label: word("purpose", value) }))} value={field.purpose} onChange={(purpose) => purpose && put({ purpose })} error={wrong(`${path}.purpose`)} />}
        {!consents && <Switch size="sm" label={t("fields.required")} checked={field.required} onChange={(event) => put({ required: event.currentTarget.checked })} />}
      </Stack>
    </Card>
  );
}

function Options({ field, put, error }: { field: FormField; put: (change: Partial<FormField>) => void; error?: string }) {
  const { t } = useTranslation("app_chat");
  const { options } = field;
  return (
    <Stack gap={4}>
      {error && <Text size="sm" c="var(--mantine-color-error)" role="alert" dir="auto">{error}</Text>}
      {options.map((one, place) => (
        <Group key={place} gap="xs" align="flex-end" wrap="nowrap">
          <div style={{ flex: 1 }}><BothInput label={t("fields.option")} value={one.label} most={200} change={(label) => put({ options: changed(options, place, { label, value: one.value || keyOf(label.en, options.map(({ value }) => value)) }) })} /></div>
          <Button size="compact-xs" variant="subtle" color="gray" mb={6} onClick={() => put({ options: without(options, place) })}>{t("remove")}</Button>
        </Group>
      ))}
      <Group><Button size="compact-sm" variant="subtle" leftSection={<Plus aria-hidden size={14} />} onClick={() => put({ options: [...options, { value: keyOf("option", options.map(({ value }) => value)), label: EMPTY }] })}>{t("fields.option.add")}</Button></Group>
    </Stack>
  );
}
