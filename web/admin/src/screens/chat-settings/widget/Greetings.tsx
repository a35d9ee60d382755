import { ActionIcon, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Hand, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { stale } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, undoable } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { dropGreeting, greetings, makeGreeting, saveGreeting } from "../server";
import { EMPTY, type Greeting, type GreetingDraft } from "../shapes";
import { GreetingForm } from "./GreetingForm";

const fresh: GreetingDraft = { name: "", enabled: true, text: EMPTY, buttons: [], once: "visit", active_from: null, active_until: null, match: "all", conditions: [{ kind: "time_on_page", op: "ge", value: 30 }] };

/** What the chat says first, when, and what came of it. */
export function Greetings({ widget }: { widget: string }) {
  const { t, i18n } = useTranslation("app_chat");
  const format = useFormat();
  const query = useQuery(greetings(widget));
  const [open, setOpen] = useState<{ id: string; draft: GreetingDraft } | null>(null);
  const add = (draft: GreetingDraft) => makeGreeting(widget, draft);
  const save = async (id: string, draft: GreetingDraft) => {
    if (id) await saveGreeting(id, draft);
    else await add(draft);
    await stale("/v1/widgets");
  };
  const remove = (one: Greeting) =>
    void dropGreeting(one.id).then(async () => {
      await stale("/v1/widgets");
      undoable(t("greetings.deleted", { name: one.greeting.name }), () => void add(one.greeting).then(() => stale("/v1/widgets"), refused));
    }, refused);
  const words = ({ greeting: { text } }: Greeting) => (i18n.language === "ar" ? text.ar || text.en : text.en || text.ar);
  const columns: Array<Column<Greeting>> = [
    { key: "name", title: t("name"), cell: (one) => <Stack gap={0}><Text size="sm" fw={600}><bdi>{one.greeting.name}</bdi></Text><Text size="xs" c="dimmed" lineClamp={1} dir="auto">{words(one)}</Text></Stack> },
    { key: "state", title: t("state"), cell: ({ greeting: { enabled }, needs_tracking }) => <Group gap={4}><Status tone={enabled ? "good" : "off"}>{t(enabled ? "in_use" : "not_in_use")}</Status>{needs_tracking && <Badge color="amber">{t("greetings.consent")}</Badge>}</Group> },
    { key: "shown", title: t("greetings.shown"), numeric: true, cell: ({ shown }) => format.number(shown) },
    { key: "accepted", title: t("greetings.accepted"), numeric: true, cell: ({ accepted, shown }) => `${format.number(accepted)} · ${format.share(accepted, shown)}` },
    { key: "act", title: t("actions"), cell: (one) => <Group gap={4} wrap="nowrap"><ActionIcon aria-label={t("edit.name", { name: one.greeting.name })} onClick={() => setOpen({ id: one.id, draft: one.greeting })}><Pencil aria-hidden size={16} /></ActionIcon><ActionIcon color="red" aria-label={t("delete.name", { name: one.greeting.name })} onClick={() => remove(one)}><Trash2 aria-hidden size={16} /></ActionIcon></Group> },
  ];
  return (
    <Stack>
      <Group justify="space-between"><Text size="sm" c="dimmed" maw={480}>{t("greetings.about")}</Text><Button size="xs" leftSection={<Plus aria-hidden size={14} />} onClick={() => setOpen({ id: "", draft: fresh })}>{t("greetings.new")}</Button></Group>
      <Loaded query={query}>
        {({ items }) => <DataTable label={t("tab.greetings")} columns={columns} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={Hand} order={2} title={t("greetings.none")} text={t("greetings.none.text")} action={{ label: t("greetings.new"), act: () => setOpen({ id: "", draft: fresh }) }} />} />}
      </Loaded>
      {open && <GreetingForm key={open.id} initial={open.draft} close={() => setOpen(null)} save={(draft) => save(open.id, draft)} />}
    </Stack>
  );
}
