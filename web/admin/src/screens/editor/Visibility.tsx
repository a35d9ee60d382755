import { ActionIcon, Button, Group, Menu, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { Plus, Trash2, UsersRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { hasValue, isGroup, OPERATORS, parsed, SEGMENT, TAG, written, type Comparison, type Condition, type Operator } from "./visibility";

const PERSONAL = ["first_name", "last_name", "email", "phone", "language", "country", "company"] as const;
const NEW: Comparison = { field: "language", op: "is", value: "" };

function useFields() {
  const { t } = useTranslation(["app_content", "app_words"]);
  const may = useMay()("fields:read");
  const fields = api.useQuery("get", "/v1/fields", {}, { enabled: may, staleTime: 300_000 });
  const own = (fields.data?.items ?? []).map(({ key, label }) => ({ value: key, label }));
  return [
    { group: t("merge.person"), items: [...PERSONAL.map((value) => ({ value: value as string, label: t(`app_words:field.${value}`) })), { value: TAG, label: t("visible.tag") }] },
    ...(own.length > 0 ? [{ group: t("merge.own"), items: own }] : []),
  ];
}

/** Who sees a row, as a sentence: everybody, or those of whom something is so. */
export function Visibility({ value, change, locked }: { value: string; change: (value: string) => void; locked: boolean }) {
  const { t } = useTranslation("app_content");
  const condition = parsed(value);
  // A comparison that is not finished is no condition yet; it stays here until it is.
  const [draft, setDraft] = useState<Condition | null>(null);
  const shown = draft ?? condition;
  if (shown === null) {
    return <TextInput size="xs" dir="ltr" readOnly={locked} label={t("visible")} description={t("visible.code")} value={value} styles={{ label: { direction: "inherit" } }} onChange={({ currentTarget }) => change(currentTarget.value)} />;
  }
  const put = (next: Condition) => {
    const finished = { ...next, parts: next.parts.filter(({ op, value: words }) => !hasValue(op) || words.trim() !== "") };
    setDraft(finished.parts.length === next.parts.length ? null : next);
    change(written(finished));
  };
  return (
    <Stack gap="xs" role="group" aria-label={t("visible")}>
      <Text size="sm" fw={500}>{t("visible")}</Text>
      <Text size="xs" c="dimmed">{shown.parts.length === 0 ? t("visible.everybody") : t("visible.about")}</Text>
      {shown.parts.length > 1 && <SegmentedControl size="xs" disabled={locked} aria-label={t("visible.join")} value={shown.join} onChange={(join) => put({ ...shown, join: join === "or" ? "or" : "and" })} data={[{ value: "and", label: t("visible.and") }, { value: "or", label: t("visible.or") }]} />}
      {shown.parts.map((part, at) => (
        <Part key={at} part={part} locked={locked} change={(next) => put({ ...shown, parts: shown.parts.map((one, place) => (place === at ? next : one)) })} remove={() => put({ ...shown, parts: shown.parts.filter((_, place) => place !== at) })} />
      ))}
      {!locked && <Group gap={6}><Button size="compact-sm" variant="default" leftSection={<Plus aria-hidden size={14} />} onClick={() => put({ ...shown, parts: [...shown.parts, NEW] })}>{t("visible.add")}</Button><OfSegment take={(id) => put({ ...shown, parts: [...shown.parts, { field: SEGMENT, op: "is", value: id }] })} /></Group>}
    </Stack>
  );
}

const useSegments = (enabled: boolean) => api.useQuery("get", "/v1/segments", { params: { query: { limit: 1000 } } }, { enabled, staleTime: 60_000 });

/** A saved segment: who is in it when the message is written sees the row. */
function OfSegment({ take }: { take: (id: string) => void }) {
  const { t } = useTranslation("app_content");
  const may = useMay()("segments:read");
  const [open, setOpen] = useState(false);
  const segments = useSegments(may && open);
  if (!may) return null;
  const found = segments.data?.items ?? [];
  return (
    <Menu opened={open} onChange={setOpen} position="bottom-start">
      <Menu.Target><Button size="compact-sm" variant="default" leftSection={<UsersRound aria-hidden size={14} />}>{t("visible.segment")}</Button></Menu.Target>
      <Menu.Dropdown mah={320} maw={300} style={{ overflowY: "auto" }}>
        <Menu.Label>{t("visible.segment.about")}</Menu.Label>
        {segments.data && found.length === 0 && <Menu.Item disabled>{t("visible.segment.none")}</Menu.Item>}
        {found.map(({ id, name }) => <Menu.Item key={id} onClick={() => take(id)}><bdi>{name}</bdi></Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}

function SegmentPart({ part, change, locked }: { part: Comparison; change: (part: Comparison) => void; locked: boolean }) {
  const { t } = useTranslation("app_content");
  const may = useMay()("segments:read");
  const segments = useSegments(may);
  const data = (segments.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const gone = segments.data !== undefined && !data.some(({ value }) => value === part.value);
  const shown = gone || !segments.data ? [...data, { value: part.value, label: gone ? t("visible.segment.gone") : "…" }] : data;
  return (
    <Stack gap={6} style={{ flex: 1, minWidth: 0 }}>
      <Select size="xs" aria-label={t("visible.op")} allowDeselect={false} disabled={locked} value={part.op} data={(["is", "is_not"] as const).map((value) => ({ value, label: t(`visible.segment.${value}`) }))} onChange={(op) => op && change({ ...part, op: op as Operator })} />
      <Select size="xs" aria-label={t("visible.segment")} searchable allowDeselect={false} disabled={locked || !may} error={gone ? t("visible.segment.gone.about") : undefined} value={part.value} data={shown} onChange={(value) => value && change({ ...part, value })} />
    </Stack>
  );
}

function Part({ part, change, remove, locked }: { part: Comparison; change: (part: Comparison) => void; remove: () => void; locked: boolean }) {
  const { t } = useTranslation("app_content");
  const choices = useFields();
  const operators = OPERATORS.filter((op) => !isGroup(part.field) || op === "is" || op === "is_not");
  const field = (name: string) => change({ ...part, field: name, op: name === TAG && part.op !== "is_not" ? "is" : part.op });
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" p={6} style={{ border: "1px solid var(--mantine-color-default-border)", borderRadius: 8 }}>
      {part.field === SEGMENT ? <SegmentPart part={part} change={change} locked={locked} /> : <Stack gap={6} style={{ flex: 1, minWidth: 0 }}>
        <Select size="xs" aria-label={t("visible.field")} data={choices} searchable allowDeselect={false} disabled={locked} value={part.field} onChange={(name) => name && field(name)} />
        <Group gap={6} wrap="nowrap">
          <Select size="xs" style={{ flex: "1 1 50%" }} aria-label={t("visible.op")} allowDeselect={false} disabled={locked} value={part.op} data={operators.map((value) => ({ value, label: t(`visible.op.${value}`) }))} onChange={(op) => op && change({ ...part, op: op as Operator, value: hasValue(op as Operator) ? part.value : "" })} />
          {hasValue(part.op) && <TextInput size="xs" style={{ flex: "1 1 50%" }} dir="auto" aria-label={t("visible.value")} placeholder={t("visible.value")} readOnly={locked} value={part.value} onChange={({ currentTarget }) => change({ ...part, value: currentTarget.value })} />}
        </Group>
      </Stack>}
      {!locked && <ActionIcon color="red" aria-label={t("item.remove")} onClick={remove}><Trash2 aria-hidden size={15} /></ActionIcon>}
    </Group>
  );
}
