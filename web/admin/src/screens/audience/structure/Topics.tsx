import { ActionIcon, Anchor, Badge, Button, Checkbox, Group, Menu, Modal, Select, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { Archive, ArchiveRestore, EllipsisVertical, Megaphone, Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told, undoable } from "@/ui/notify";
import { useWord } from "@/ui/words";
import { AudiencePage } from "../AudiencePage";
import type { Topic } from "../shapes";

const PATH = "/v1/topics";
const PURPOSES = ["marketing", "service"];

async function setArchived(id: string, archived: boolean) {
  const { error } = await fetchClient.PATCH("/v1/topics/{id}", { params: { path: { id } }, body: { archived } });
  if (error) refused(error);
  await stale(PATH);
  return !error;
}

/** A topic: its name, what people get by it in both languages, how they join. */
function TopicForm({ topic, close }: { topic: Topic | null; close: () => void }) {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const word = useWord();
  const form = useServerForm({
    initialValues: {
      name: topic?.name ?? "", description_en: topic?.description_en ?? "", description_ar: topic?.description_ar ?? "",
      purpose: topic?.purpose ?? "marketing", double_opt_in: topic?.double_opt_in ?? true, public: topic?.public ?? true,
    },
    validate: { name: (name) => (name.trim() ? null : t("topic.name_needed")) },
  });
  const save = form.send(async (values) => {
    const { error } = topic
      ? await fetchClient.PATCH("/v1/topics/{id}", { params: { path: { id: topic.id } }, body: values })
      : await fetchClient.POST(PATH, { body: values });
    if (error) throw error;
    await stale(PATH, "/v1/segments/fields");
    told(t("app_shell:saved"));
    close();
  });
  const purposes = PURPOSES.includes(form.getValues().purpose) ? PURPOSES : [form.getValues().purpose, ...PURPOSES];
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600}>{topic ? t("topic.edit", { name: topic.name }) : t("topic.new")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form noValidate onSubmit={save}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput data-autofocus required dir="auto" maxLength={100} label={t("topic.name")} description={t("topic.name_help")} {...form.getInputProps("name")} />
          <Textarea dir="rtl" lang="ar" autosize minRows={2} label={t("topic.description_ar")} {...form.getInputProps("description_ar")} />
          <Textarea dir="ltr" lang="en" autosize minRows={2} label={t("topic.description_en")} {...form.getInputProps("description_en")} />
          <Select allowDeselect={false} label={t("topic.purpose")} description={t("topic.purpose_help")} data={purposes.map((value) => ({ value, label: word("purpose", value) }))} {...form.getInputProps("purpose")} />
          <Checkbox label={t("topic.double")} description={t("topic.double_help")} {...form.getInputProps("double_opt_in", { type: "checkbox" })} />
          <Checkbox label={t("topic.public")} description={t("topic.public_help")} {...form.getInputProps("public", { type: "checkbox" })} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("app_shell:save")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Name({ topic }: { topic: Topic }) {
  const { t, i18n } = useTranslation("app_audience");
  const description = (i18n.language === "ar" ? topic.description_ar || topic.description_en : topic.description_en || topic.description_ar);
  return (
    <Stack gap={2}>
      <Group gap={6}>
        <Anchor component={Link} to={to(`/audience?topic=${topic.id}`)} size="sm" fw={600}><bdi>{topic.name}</bdi></Anchor>
        {topic.archived_at && <Badge color="amber">{t("topic.archived")}</Badge>}
        {!topic.public && <Badge color="gray">{t("topic.hidden")}</Badge>}
      </Group>
      {description && <Text size="xs" c="dimmed" dir="auto" maw={420}>{description}</Text>}
    </Stack>
  );
}

function Actions({ topic, edit }: { topic: Topic; edit: () => void }) {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const archived = Boolean(topic.archived_at);
  const turn = async () => {
    if (await setArchived(topic.id, !archived)) undoable(t(archived ? "topic.unarchived" : "topic.archived_done", { name: topic.name }), () => void setArchived(topic.id, archived));
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("actions", { name: topic.name })}><EllipsisVertical aria-hidden size={16} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil aria-hidden size={14} />} onClick={edit}>{t("app_shell:edit")}</Menu.Item>
        <Menu.Item leftSection={archived ? <ArchiveRestore aria-hidden size={14} /> : <Archive aria-hidden size={14} />} onClick={() => void turn()}>{t(archived ? "topic.unarchive" : "topic.archive")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export default function Topics() {
  const { t } = useTranslation("app_audience");
  const format = useFormat();
  const word = useWord();
  const writes = useMay()("topics:write");
  const [edited, setEdited] = useState<Topic | "new" | null>(null);
  const [all, setAll] = useUrlState("archived");
  const query = api.useQuery("get", PATH, { params: { query: { counts: true } } });
  useShortcuts({ KeyC: () => setEdited("new") }, writes);
  const members = (state: string) => (topic: Topic) => format.number(topic.members?.[state] ?? 0);
  const columns: Array<Column<Topic>> = [
    { key: "name", title: t("topic.name"), cell: (topic) => <Name topic={topic} /> },
    { key: "purpose", title: t("topic.purpose"), cell: ({ purpose }) => word("purpose", purpose) },
    { key: "double", title: t("topic.joining"), cell: ({ double_opt_in }) => t(double_opt_in ? "topic.joining.double" : "topic.joining.single") },
    { key: "subscribed", title: word("topic_state", "subscribed"), numeric: true, cell: members("subscribed") },
    { key: "pending", title: word("topic_state", "pending"), numeric: true, cell: members("pending") },
    { key: "unsubscribed", title: word("topic_state", "unsubscribed"), numeric: true, cell: members("unsubscribed"), wideOnly: true },
    ...(writes ? [{ key: "actions", title: "", cell: (topic: Topic) => <Actions topic={topic} edit={() => setEdited(topic)} /> }] : []),
  ];
  return (
    <AudiencePage code="topics" permission="topics:read" actions={writes && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEdited("new")}>{t("topic.new")}</Button>}>
      <Loaded query={query}>
        {({ items }) => (
          <Stack>
            {items.some(({ archived_at }) => archived_at) && <Switch checked={all === "yes"} onChange={(event) => setAll(event.currentTarget.checked ? "yes" : "")} label={t("topic.show_archived")} />}
            <DataTable label={t("place.topics")} columns={columns} rows={items.filter(({ archived_at }) => all === "yes" || !archived_at)} rowKey={({ id }) => id}
              empty={<Nothing icon={Megaphone} title={t("topic.empty.title")} text={t("topic.empty.text")} action={writes ? { label: t("topic.new"), act: () => setEdited("new") } : undefined} />} />
          </Stack>
        )}
      </Loaded>
      {edited && <TopicForm topic={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </AudiencePage>
  );
}
