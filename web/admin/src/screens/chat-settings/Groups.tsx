import { ActionIcon, Badge, Button, Drawer, Group as Line, MultiSelect, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus, Trash2, UsersRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { stale } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { LANGUAGES } from "@/i18n";
import { agents } from "@/screens/inbox/api";
import { confirm } from "@/ui/confirm";
import { DataTable, type Column } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { HoursEditor } from "./HoursEditor";
import { PRIORITIES, type Group, type Priority } from "./shapes";
import { dropGroup, makeGroup, saveGroup, teams } from "./server";

const PATH = "/v1/groups";
const fresh = (): Group => ({ id: "", name: "", languages: [], pick: "automatic", members: [], hours: null, inactivity: { agent_minutes: null, visitor_minutes: null, close_minutes: null }, queue_limit: 50 });

/** Who answers together, when, and what happens when nobody writes. */
export default function Groups() {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const format = useFormat();
  const query = useQuery(teams());
  const [open, setOpen] = useState<Group | null>(null);
  const remove = (group: Group) => confirm({
    title: t("groups.delete", { name: group.name }), text: t("groups.delete.text"), button: t("app_shell:delete"), destroys: true,
    act: async () => { await dropGroup(group.id); await stale(PATH); },
  });
  const columns: Array<Column<Group>> = [
    { key: "name", title: t("name"), cell: ({ name }) => <Text fw={600} size="sm"><bdi>{name}</bdi></Text> },
    { key: "members", title: t("members"), numeric: true, cell: ({ members }) => format.number(members.length) },
    { key: "pick", title: t("pick"), cell: ({ pick }) => t(`pick.${pick}`) },
    { key: "hours", title: t("hours"), cell: ({ hours }) => <Badge color="gray">{t(hours ? "hours.own" : "hours.always")}</Badge> },
    { key: "act", title: t("actions"), cell: (group) => <Line gap={4} wrap="nowrap"><ActionIcon aria-label={t("edit.name", { name: group.name })} onClick={() => setOpen(group)}><Pencil aria-hidden size={16} /></ActionIcon><ActionIcon color="red" aria-label={t("groups.delete", { name: group.name })} onClick={() => remove(group)}><Trash2 aria-hidden size={16} /></ActionIcon></Line> },
  ];
  return (
    <Section title={t("part.groups")} about={t("groups.about")} actions={<Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setOpen(fresh())}>{t("groups.new")}</Button>}>
      <Loaded query={query}>
        {({ items }) => <DataTable label={t("part.groups")} columns={columns} rows={items} rowKey={({ id }) => id} open={setOpen} empty={<Nothing icon={UsersRound} title={t("groups.none")} text={t("groups.none.text")} action={{ label: t("groups.new"), act: () => setOpen(fresh()) }} />} />}
      </Loaded>
      {open && <GroupForm key={open.id} group={open} close={() => setOpen(null)} />}
    </Section>
  );
}

function GroupForm({ group, close }: { group: Group; close: () => void }) {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const [draft, setDraft] = useState(group);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const put = (change: Partial<Group>) => setDraft((now) => ({ ...now, ...change }));
  const save = async () => {
    setBusy(true);
    setTrouble(null);
    const { name, languages, pick, members, hours, inactivity, queue_limit } = draft;
    const body = { name: name.trim(), languages, pick, members, hours, inactivity, queue_limit };
    try {
      if (group.id) await saveGroup(group.id, body);
      else await makeGroup(body);
      await stale(PATH, "/v1/agents");
      close();
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer opened onClose={close} size="xl" title={<Text fw={600}>{group.id ? <bdi>{group.name}</bdi> : t("groups.new")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <TextInput data-autofocus required label={t("name")} description={t("groups.name.about")} dir="auto" maxLength={200} value={draft.name} onChange={(event) => put({ name: event.currentTarget.value })} />
        <MultiSelect label={t("languages")} description={t("groups.languages.about")} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} value={draft.languages} onChange={(languages) => put({ languages })} />
        <Stack gap={4}><Text size="sm" fw={500}>{t("pick")}</Text><SegmentedControl aria-label={t("pick")} value={draft.pick} onChange={(pick) => put({ pick: pick === "manual" ? "manual" : "automatic" })} data={(["automatic", "manual"] as const).map((value) => ({ value, label: t(`pick.${value}`) }))} /><Text size="xs" c="dimmed">{t(`pick.${draft.pick}.about`)}</Text></Stack>
        <Members draft={draft} put={put} />
        <Inactivity draft={draft} put={put} />
        <NumberInput label={t("queue_limit")} description={t("queue_limit.about")} min={0} max={10000} value={draft.queue_limit} onChange={(value) => put({ queue_limit: Number(value) || 0 })} maw={240} />
        <HoursEditor hours={draft.hours} change={(hours) => put({ hours })} note={t("hours.group")} />
        <Line justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button loading={busy} disabled={!draft.name.trim()} onClick={() => void save()}>{t("app_shell:save")}</Button></Line>
      </Stack>
    </Drawer>
  );
}

type PartProps = { draft: Group; put: (change: Partial<Group>) => void };

function Members({ draft, put }: PartProps) {
  const { t } = useTranslation("app_chat");
  const { data } = useQuery(agents());
  const known = data?.items ?? [];
  const nameOf = (user: string) => known.find(({ id }) => id === user)?.name ?? user;
  const others = known.filter(({ id }) => !draft.members.some(({ user }) => user === id));
  return (
    <Stack gap="xs">
      <Title order={3}>{t("members")}</Title>
      {draft.members.map(({ user, priority }) => (
        <Line key={user} justify="space-between" wrap="nowrap">
          <Text size="sm"><bdi>{nameOf(user)}</bdi></Text>
          <Line gap={4} wrap="nowrap">
            <Select size="xs" w={150} aria-label={t("priority.of", { name: nameOf(user) })} allowDeselect={false} value={priority} data={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
              onChange={(value) => value && put({ members: draft.members.map((one) => (one.user === user ? { user, priority: value as Priority } : one)) })} />
            <ActionIcon aria-label={t("members.remove", { name: nameOf(user) })} onClick={() => put({ members: draft.members.filter((one) => one.user !== user) })}><Trash2 aria-hidden size={14} /></ActionIcon>
          </Line>
        </Line>
      ))}
      {others.length > 0 && <Select label={t("members.add")} searchable value={null} data={others.map(({ id, name }) => ({ value: id, label: name }))} onChange={(user) => user && put({ members: [...draft.members, { user, priority: "normal" }] })} />}
      <Text size="xs" c="dimmed">{t("priority.about")}</Text>
    </Stack>
  );
}

function Inactivity({ draft, put }: PartProps) {
  const { t } = useTranslation("app_chat");
  return (
    <Stack gap="xs">
      <Title order={3}>{t("inactivity")}</Title>
      <Text size="xs" c="dimmed">{t("inactivity.about")}</Text>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        {(["agent_minutes", "visitor_minutes", "close_minutes"] as const).map((name) => (
          <NumberInput key={name} label={t(`inactivity.${name}`)} min={1} max={40320} value={draft.inactivity[name] ?? ""} onChange={(value) => put({ inactivity: { ...draft.inactivity, [name]: value === "" ? null : Number(value) } })} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
