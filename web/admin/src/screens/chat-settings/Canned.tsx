import { ActionIcon, Badge, Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { MessageSquareQuote, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { stale } from "@/api/client";
import { useMay } from "@/app/session";
import { LANGUAGES } from "@/i18n";
import { cannedReplies, groups, type CannedReply } from "@/screens/inbox/api";
import { DataTable, type Column } from "@/ui/DataTable";
import { Dialog, entries } from "@/ui/Dialog";
import { LanguageName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, undoable } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { dropCanned, makeCanned, saveCanned } from "./server";

const PATH = "/v1/canned-replies";
const FRESH: CannedReply = { id: "", shortcut: "", text: "", language: null, group: null, tags: [] };

/** Answers that are written once and used often. */
export default function Canned() {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const writes = useMay()("conversations:manage");
  const query = useQuery(cannedReplies());
  const teams = useQuery(groups());
  const [open, setOpen] = useState<CannedReply | null>(null);
  const names = new Map(teams.data?.items.map(({ id, name }) => [id, name]));
  const put = async ({ id, ...body }: CannedReply) => {
    if (id) await saveCanned(id, body);
    else await makeCanned(body);
    await stale(PATH);
  };
  const remove = (reply: CannedReply) =>
    void dropCanned(reply.id).then(async () => {
      await stale(PATH);
      undoable(t("replies.deleted", { name: reply.shortcut }), () => void put({ ...reply, id: "" }).catch(refused));
    }, refused);
  const columns: Array<Column<CannedReply>> = [
    { key: "shortcut", title: t("replies.shortcut"), cell: ({ shortcut }) => <Badge color="gray"><bdi>/{shortcut}</bdi></Badge> },
    { key: "text", title: t("replies.text"), cell: ({ text }) => <Text size="sm" lineClamp={2} dir="auto">{text}</Text> },
    { key: "language", title: t("language"), wideOnly: true, cell: ({ language }) => (language ? <LanguageName code={language} /> : t("any")) },
    { key: "group", title: t("group"), wideOnly: true, cell: ({ group }) => <bdi>{group ? (names.get(group) ?? "–") : t("any.group")}</bdi> },
    ...(writes ? [{ key: "act", title: t("actions"), cell: (reply: CannedReply) => <Group gap={4} wrap="nowrap"><ActionIcon aria-label={t("edit.name", { name: reply.shortcut })} onClick={() => setOpen(reply)}><Pencil aria-hidden size={16} /></ActionIcon><ActionIcon color="red" aria-label={t("delete.name", { name: reply.shortcut })} onClick={() => remove(reply)}><Trash2 aria-hidden size={16} /></ActionIcon></Group> }] : []),
  ];
  return (
    <Section title={t("part.replies")} about={t("replies.about")} actions={writes && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setOpen(FRESH)}>{t("replies.new")}</Button>}>
      <Loaded query={query}>
        {({ items }) => <DataTable label={t("part.replies")} columns={columns} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={MessageSquareQuote} title={t("replies.none")} text={t("replies.none.text")} action={writes ? { label: t("replies.new"), act: () => setOpen(FRESH) } : undefined} />} />}
      </Loaded>
      {open && (
        <Dialog title={open.id ? open.shortcut : t("replies.new")} close={() => setOpen(null)} button={t("app_shell:save")}
          initial={{ shortcut: open.shortcut, text: open.text, language: open.language ?? "", group: open.group ?? "", tags: open.tags.join("\n") }}
          fields={[
            { name: "shortcut", label: t("replies.shortcut"), note: t("replies.shortcut.about"), needed: true },
            { name: "text", label: t("replies.text"), note: t("replies.text.about"), kind: "text", needed: true },
            { name: "language", label: t("language"), kind: "choice", choices: Object.entries(LANGUAGES).map(([value, label]) => ({ value, label })) },
            { name: "group", label: t("group"), kind: "choice", choices: (teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })) },
            { name: "tags", label: t("replies.tags"), note: t("replies.tags.about"), kind: "lines" },
          ]}
          send={({ shortcut, text, language, group, tags }) => put({ id: open.id, shortcut: shortcut.trim().replace(/^\//, ""), text: text.trim(), language: language || null, group: group || null, tags: entries(tags) })} />
      )}
    </Section>
  );
}
