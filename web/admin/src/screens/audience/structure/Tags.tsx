import { ActionIcon, Anchor, Button, Group, Menu, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { EllipsisVertical, Merge as MergeIcon, Pencil, Plus, Tag as TagIcon, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { fold, useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable, type Column } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told, undoable } from "@/ui/notify";
import { When } from "@/ui/text";
import { AudiencePage } from "../AudiencePage";
import type { Tag } from "../shapes";

const PATH = "/v1/tags";
const fresh = () => stale(PATH, "/v1/segments", "/v1/contacts");

function Rename({ tag, close }: { tag: Tag | null; close: () => void }) {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const form = useServerForm({ initialValues: { name: tag?.name ?? "" }, validate: { name: (name) => (name.trim() ? null : t("tag.name_needed")) } });
  const save = form.send(async ({ name }) => {
    const { error } = tag ? await fetchClient.PATCH("/v1/tags/{id}", { params: { path: { id: tag.id } }, body: { name } }) : await fetchClient.POST(PATH, { body: { name } });
    if (error) throw error;
    await fresh();
    told(t("app_shell:saved"));
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{tag ? t("tag.rename", { name: tag.name }) : t("tag.new")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form noValidate onSubmit={save}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput data-autofocus required dir="auto" maxLength={100} label={t("tag.name")} {...form.getInputProps("name")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("app_shell:save")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** One tag of two: the one chosen here stays, and saved segments follow. */
function Merge({ tag, tags, close }: { tag: Tag; tags: readonly Tag[]; close: () => void }) {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const format = useFormat();
  const form = useServerForm({ initialValues: { keep: null as string | null }, validate: { keep: (keep) => (keep ? null : t("tag.merge.needed")) } });
  const send = form.send(async ({ keep }) => {
    const { data, error } = await fetchClient.POST("/v1/tags/{id}/merge", { params: { path: { id: keep ?? "" } }, body: { duplicate: tag.id } });
    if (error) throw error;
    await fresh();
    told(t("tag.merged", { name: data.tag.name, count: data.segments_changed, n: format.number(data.segments_changed) }));
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("tag.merge.title", { name: tag.name })}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form noValidate onSubmit={send}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Text size="sm">{t("tag.merge.text", { count: tag.people ?? 0, n: format.number(tag.people ?? 0) })}</Text>
          <Select data-autofocus required searchable label={t("tag.merge.keep")} data={tags.filter(({ id }) => id !== tag.id).map(({ id, name }) => ({ value: id, label: name }))} {...form.getInputProps("keep")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("tag.merge")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Makes a deleted tag again and gives it back to those who had it. */
async function giveBack(name: string, people: string[]) {
  const { error } = await fetchClient.POST(PATH, { body: { name } });
  if (error) return refused(error);
  if (people.length > 0) {
    const again = await fetchClient.POST("/v1/contacts/bulk", { body: { ids: people, action: "tag", tags: [name] } });
    if (again.error) refused(again.error);
  }
  await fresh();
}

const REMEMBERED = 200;

/** The people of a tag, when they are few enough to be remembered for the undo. */
async function peopleOf(tag: Tag): Promise<string[] | null> {
  if ((tag.people ?? 0) === 0) return [];
  if ((tag.people ?? 0) > REMEMBERED) return null;
  const { data } = await fetchClient.POST("/v1/contacts/search", { body: { tag: tag.id, limit: REMEMBERED, columns: ["email"] } });
  return data ? data.items.map(({ id }) => id) : null;
}

function useDelete() {
  const { t } = useTranslation("app_audience");
  const format = useFormat();
  const drop = async (tag: Tag, people: string[] | null) => {
    const { error } = await fetchClient.DELETE("/v1/tags/{id}", { params: { path: { id: tag.id } } });
    if (error) throw error;
    await fresh();
    if (people) undoable(t("tag.deleted", { name: tag.name }), () => void giveBack(tag.name, people));
    else told(t("tag.deleted", { name: tag.name }));
  };
  return async (tag: Tag) => {
    const people = await peopleOf(tag);
    if (people) return void drop(tag, people).catch(refused);
    const count = tag.people ?? 0;
    confirm({ title: t("tag.delete.title", { name: tag.name }), text: t("tag.delete.text", { count, n: format.number(count) }), button: t("tag.delete"), destroys: true, type: String(count), act: () => drop(tag, null) });
  };
}

export default function Tags() {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const format = useFormat();
  const may = useMay();
  const writes = may("tags:write");
  const [asked, setAsked] = useUrlState("q");
  const [edited, setEdited] = useState<Tag | "new" | null>(null);
  const [merged, setMerged] = useState<Tag | null>(null);
  const remove = useDelete();
  const query = api.useQuery("get", PATH, { params: { query: { counts: true } } });
  useShortcuts({ KeyC: () => setEdited("new") }, writes);
  const actions = (tag: Tag) => (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("actions", { name: tag.name })}><EllipsisVertical aria-hidden size={16} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil aria-hidden size={14} />} onClick={() => setEdited(tag)}>{t("tag.rename_short")}</Menu.Item>
        <Menu.Item leftSection={<MergeIcon aria-hidden size={14} />} onClick={() => setMerged(tag)}>{t("tag.merge_into")}</Menu.Item>
        <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={() => void remove(tag)}>{t("tag.delete")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
  const columns: Array<Column<Tag>> = [
    { key: "name", title: t("tag.name"), cell: (tag) => <Anchor component={Link} to={to(`/audience?tag=${tag.id}`)} size="sm" fw={600}><bdi>{tag.name}</bdi></Anchor> },
    { key: "people", title: t("place.people"), numeric: true, cell: ({ people }) => format.number(people ?? 0) },
    { key: "created", title: t("created"), cell: ({ created_at }) => <When at={created_at} /> },
    ...(writes ? [{ key: "actions", title: "", cell: actions }] : []),
  ];
  return (
    <AudiencePage code="tags" permission="tags:read" actions={writes && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEdited("new")}>{t("tag.new")}</Button>}>
      <Loaded query={query}>
        {({ items }) => (
          <Stack>
            {items.length > 8 && <TextInput type="search" dir="auto" maw={320} aria-label={t("tag.search")} placeholder={t("tag.search")} value={asked} onChange={(event) => setAsked(event.currentTarget.value)} />}
            <DataTable label={t("place.tags")} columns={columns} rows={items.filter(({ name }) => fold(name).includes(fold(asked)))} rowKey={({ id }) => id}
              empty={<Nothing icon={TagIcon} title={asked ? t("filter.nothing") : t("tag.empty.title")} text={t("tag.empty.text")} action={writes && !asked ? { label: t("tag.new"), act: () => setEdited("new") } : undefined} />} />
            {merged && <Merge tag={merged} tags={items} close={() => setMerged(null)} />}
          </Stack>
        )}
      </Loaded>
      {edited && <Rename tag={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </AudiencePage>
  );
}
