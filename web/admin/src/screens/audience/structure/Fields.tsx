import { ActionIcon, Alert, Button, Card, Group, Menu, Modal, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { EllipsisVertical, Eraser, Pencil, Plus, SlidersHorizontal, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable, type Column } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { told } from "@/ui/notify";
import { Ltr, When } from "@/ui/text";
import { useWord } from "@/ui/words";
import { AudiencePage } from "../AudiencePage";
import type { Field } from "../shapes";

const PATH = "/v1/fields";
const KINDS = ["text", "number", "bool", "date"];
const fresh = () => stale(PATH, "/v1/segments/fields", "/v1/contacts");

/** What the report of unused fields says of one; the description of the API leaves it open. */
interface UnusedField { key: string; label: string; purpose: string | null; values: number; last_read: string | null; reason: "not_read" | "no_phone_purpose" }

function FieldForm({ field, close }: { field: Field | null; close: () => void }) {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const word = useWord();
  const form = useServerForm({
    initialValues: { label: field?.label ?? "", kind: field?.kind ?? "text", purpose: field?.purpose ?? "" },
    validate: { label: (label) => (label.trim() ? null : t("field.label_needed")), purpose: (purpose) => (purpose.trim() ? null : t("field.purpose_needed")) },
  });
  const save = form.send(async ({ label, kind, purpose }) => {
    const { error } = field
      ? await fetchClient.PATCH("/v1/fields/{key}", { params: { path: { key: field.key } }, body: { label, purpose } })
      : await fetchClient.POST(PATH, { body: { label, kind, purpose } });
    if (error) throw error;
    await fresh();
    told(t("app_shell:saved"));
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{field ? t("field.edit", { name: field.label }) : t("field.new")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form noValidate onSubmit={save}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput data-autofocus required dir="auto" maxLength={100} label={t("field.label")} {...form.getInputProps("label")} />
          <Select allowDeselect={false} disabled={field !== null} label={t("field.kind")} description={t("field.kind_help")} data={KINDS.map((value) => ({ value, label: word("field_kind", value) }))} {...form.getInputProps("kind")} />
          <TextInput required dir="auto" label={t("field.purpose")} description={t("field.purpose_help")} {...form.getInputProps("purpose")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("app_shell:save")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Both destroy for good: the question names how many people it concerns. */
function useDestroy() {
  const { t } = useTranslation("app_audience");
  const format = useFormat();
  const values = (key: string, label: string, people: number) => confirm({
    title: t("field.values.title", { name: label }), text: t("field.values.text", { count: people, n: format.number(people) }), button: t("field.values"), destroys: true, type: String(people),
    act: async () => {
      const { error } = await fetchClient.DELETE("/v1/fields/{key}/values", { params: { path: { key } } });
      if (error) throw error;
      await stale(PATH, "/v1/activity");
      told(t("field.values.begun"));
    },
  });
  const field = ({ key, label, people }: Field) => confirm({
    title: t("field.delete.title", { name: label }), text: t("field.delete.text", { count: people ?? 0, n: format.number(people ?? 0) }), button: t("field.delete"), destroys: true,
    act: async () => {
      const { error } = await fetchClient.DELETE("/v1/fields/{key}", { params: { path: { key } } });
      if (error) throw error;
      await fresh();
      told(t("field.deleted", { name: label }));
    },
  });
  return { values, field };
}

/** Fields that nothing has read for ninety days, proposed for deletion (GDPR Art. 5(1)(c)). */
function Unused() {
  const { t } = useTranslation("app_audience");
  const format = useFormat();
  const writes = useMay()("fields:write");
  const destroy = useDestroy();
  const query = api.useQuery("get", "/v1/fields/unused");
  const items = (query.data?.items ?? []) as UnusedField[];
  return (
    <Card component="section" aria-label={t("unused")}>
      <Stack gap="sm">
        <Title order={2}>{t("unused")}</Title>
        <Text size="sm" c="dimmed" maw={680}>{t("unused.about")}{query.data?.watched_since && ` ${t("unused.since", { day: format.date(query.data.watched_since) })}`}</Text>
        <Loaded query={query} lines={2}>
          {() => items.length === 0 ? <Text size="sm">{t("unused.none")}</Text> : (
            <Stack gap="xs">
              {items.map(({ key, label, values, last_read, reason }) => (
                <Alert key={key} color="amber" title={<bdi>{label}</bdi>}>
                  <Group justify="space-between">
                    <Text size="sm">{t(`unused.${reason}`)} {t("unused.values", { count: values, n: format.number(values) })} {last_read && t("unused.last", { day: format.date(last_read) })}</Text>
                    {writes && <Button size="xs" color="red" variant="light" onClick={() => destroy.values(key, label, values)}>{t("field.values")}</Button>}
                  </Group>
                </Alert>
              ))}
            </Stack>
          )}
        </Loaded>
      </Stack>
    </Card>
  );
}

export default function Fields() {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const format = useFormat();
  const word = useWord();
  const writes = useMay()("fields:write");
  const destroy = useDestroy();
  const [edited, setEdited] = useState<Field | "new" | null>(null);
  const query = api.useQuery("get", PATH, { params: { query: { counts: true } } });
  useShortcuts({ KeyC: () => setEdited("new") }, writes);
  const actions = (field: Field) => (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("actions", { name: field.label })}><EllipsisVertical aria-hidden size={16} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil aria-hidden size={14} />} onClick={() => setEdited(field)}>{t("app_shell:edit")}</Menu.Item>
        <Menu.Item color="red" leftSection={<Eraser aria-hidden size={14} />} onClick={() => destroy.values(field.key, field.label, field.people ?? 0)}>{t("field.values")}</Menu.Item>
        <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={() => destroy.field(field)}>{t("field.delete")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
  const columns: Array<Column<Field>> = [
    { key: "label", title: t("field.label"), cell: ({ label }) => <Text size="sm" fw={600}><bdi>{label}</bdi></Text> },
    { key: "kind", title: t("field.kind"), cell: ({ kind }) => word("field_kind", kind) },
    { key: "purpose", title: t("field.purpose"), cell: ({ purpose }) => (purpose ? <span dir="auto">{word("purpose", purpose)}</span> : "–") },
    { key: "people", title: t("place.people"), numeric: true, cell: ({ people }) => format.number(people ?? 0) },
    { key: "key", title: t("field.key"), cell: ({ key }) => <Ltr>{key}</Ltr>, wideOnly: true },
    { key: "created", title: t("created"), cell: ({ created_at }) => <When at={created_at} />, wideOnly: true },
    ...(writes ? [{ key: "actions", title: "", cell: actions }] : []),
  ];
  return (
    <AudiencePage code="fields" permission="fields:read" actions={writes && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEdited("new")}>{t("field.new")}</Button>}>
      <Loaded query={query}>
        {({ items }) => (
          <Stack gap="lg">
            <DataTable label={t("place.fields")} columns={columns} rows={items} rowKey={({ key }) => key}
              empty={<Nothing icon={SlidersHorizontal} title={t("field.empty.title")} text={t("field.empty.text")} action={writes ? { label: t("field.new"), act: () => setEdited("new") } : undefined} />} />
            <Unused />
          </Stack>
        )}
      </Loaded>
      {edited && <FieldForm field={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </AudiencePage>
  );
}
