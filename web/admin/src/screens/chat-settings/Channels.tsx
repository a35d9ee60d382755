import { ActionIcon, Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { Pencil, PlugZap, Plus, Smartphone, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, got, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { DataTable, type Column } from "@/ui/DataTable";
import { Dialog, type Field } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { CopyText } from "@/ui/text";

type Channel = components["schemas"]["ChatChannel"];
type Name = "app" | "name" | "account" | "business" | "token" | "secret" | "api_base" | "human_agent" | "state";

const PATH = "/v1/channels";
const APPS = ["whatsapp", "messenger", "telegram"] as const;

/** Accounts of chat apps over which people write to the organisation. */
export default function Channels() {
  const { t, i18n } = useTranslation(["app_chat", "app_shell", "app_inbox"]);
  const writes = useMay()("routes:write");
  const query = api.useQuery("get", PATH, {});
  const [connecting, setConnecting] = useState<(typeof APPS)[number] | null>(null);
  const [editing, setEditing] = useState<Channel | null>(null);
  const [shown, setShown] = useState<Channel | null>(null);
  const test = async (id: string) => {
    try {
      const channel = await got(fetchClient.POST("/v1/channels/{id}/test", { params: { path: { id } } }));
      await stale(PATH);
      if (!channel.problem) told(t("channels.tested"));
      setShown(channel);
    } catch (error) {
      refused(error);
    }
  };
  const remove = ({ id, name }: Channel) => confirm({
    title: t("channels.remove", { name }), text: t("channels.remove.text"), button: t("channels.disconnect"), destroys: true,
    act: async () => {
      await got(fetchClient.DELETE("/v1/channels/{id}", { params: { path: { id } } }));
      await stale(PATH);
    },
  });
  const why = (problem: string) => (i18n.exists(`channels.problem.${problem}`, { ns: "app_chat" }) ? t(`channels.problem.${problem}` as "channels.problem.token") : problem);
  const columns: Array<Column<Channel>> = [
    { key: "name", title: t("name"), cell: ({ name, app }) => <Stack gap={0}><bdi>{name}</bdi><Text size="xs" c="dimmed">{t(`app_inbox:channel.${app as "whatsapp"}`)}</Text></Stack> },
    { key: "shown", title: t("channels.account"), wideOnly: true, cell: ({ shown: known, account }) => <bdi dir="ltr">{known ?? account}</bdi> },
    { key: "state", title: t("state"), cell: ({ state, problem, checked_at }) => (problem ? <Status tone="bad">{why(problem)}</Status> : state === "paused" ? <Status tone="held">{t("channels.paused")}</Status> : checked_at ? <Status tone="good">{t("channels.works")}</Status> : <Status tone="waiting">{t("channels.untested")}</Status>) },
    ...(writes ? [{ key: "act", title: t("actions"), cell: (channel: Channel) => (
      <Group gap={4} wrap="nowrap">
        <Button size="compact-sm" variant="default" leftSection={<PlugZap aria-hidden size={14} />} onClick={() => void test(channel.id)}>{t("channels.test")}</Button>
        <ActionIcon aria-label={t("edit.name", { name: channel.name })} onClick={() => setEditing(channel)}><Pencil aria-hidden size={16} /></ActionIcon>
        <ActionIcon color="red" aria-label={t("delete.name", { name: channel.name })} onClick={() => remove(channel)}><Trash2 aria-hidden size={16} /></ActionIcon>
      </Group>
    ) }] : []),
  ];
  const actions = writes && <Group gap="xs">{APPS.map((app) => <Button key={app} variant="default" leftSection={<Plus aria-hidden size={16} />} onClick={() => setConnecting(app)}>{t(`app_inbox:channel.${app}`)}</Button>)}</Group>;
  return (
    <Section title={t("part.channels")} about={t("channels.about")} actions={actions}>
      <Loaded query={query}>
        {({ items }) => <DataTable label={t("part.channels")} columns={columns} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={Smartphone} title={t("channels.none")} text={t("channels.none.text")} />} />}
      </Loaded>
      {connecting && <Connect app={connecting} close={() => setConnecting(null)} done={setShown} />}
      {editing && <Change channel={editing} close={() => setEditing(null)} />}
      {shown && <SetUp channel={shown} why={why} close={() => setShown(null)} />}
    </Section>
  );
}

/** What is asked of an account, by its app. */
function useFields(app: string, fresh: boolean): Field<Name>[] {
  const { t } = useTranslation(["app_chat"]);
  const meta = app !== "telegram";
  const all: Array<Field<Name> | false> = [
    { name: "name", label: t("name"), needed: true },
    meta && { name: "account", label: t(app === "whatsapp" ? "channels.phone_id" : "channels.page_id"), needed: true, code: true },
    app === "whatsapp" && { name: "business", label: t("channels.business"), note: t("channels.business.about"), code: true },
    { name: "token", label: t("channels.token"), note: t(`channels.token.${app as "whatsapp"}`), needed: fresh, code: true },
    meta && { name: "secret", label: t("channels.secret"), note: t("channels.secret.about"), needed: fresh, code: true },
    app === "messenger" && { name: "human_agent", label: t("channels.human_agent"), note: t("channels.human_agent.about"), kind: "check" },
    { name: "api_base", label: t("channels.api_base"), note: t("channels.api_base.about"), code: true },
    !fresh && { name: "state", label: t("channels.pause"), note: t("channels.pause.about"), kind: "check" },
  ];
  return all.filter((one) => one !== false);
}

const settingsOf = (values: Record<Name, string>) => ({ account: values.account.trim(), business: values.business.trim() || null, api_base: values.api_base.trim() || null, human_agent: values.human_agent === "yes" });

function Connect({ app, close, done }: { app: (typeof APPS)[number]; close: () => void; done: (channel: Channel) => void }) {
  const { t } = useTranslation(["app_chat", "app_inbox"]);
  const fields = useFields(app, true);
  return (
    <Dialog<Name> title={t("channels.connect", { app: t(`app_inbox:channel.${app}`) })} about={t(`channels.connect.${app}`)} close={close} button={t("channels.connect.button")} fields={fields}
      initial={{ app, name: t(`app_inbox:channel.${app}`), account: "", business: "", token: "", secret: "", api_base: "", human_agent: "", state: "" }}
      send={async (values) => {
        const channel = await got(fetchClient.POST(PATH, { body: { app, name: values.name.trim(), token: values.token.trim(), secret: values.secret.trim(), settings: settingsOf(values) } }));
        await stale(PATH);
        done(channel);
      }} />
  );
}

function Change({ channel, close }: { channel: Channel; close: () => void }) {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const fields = useFields(channel.app, false);
  return (
    <Dialog<Name> title={channel.name} about={t("channels.change.about")} close={close} button={t("app_shell:save")} fields={fields}
      initial={{ app: channel.app, name: channel.name, account: channel.account, business: channel.business ?? "", token: "", secret: "", api_base: channel.api_base ?? "", human_agent: channel.human_agent ? "yes" : "", state: channel.state === "paused" ? "yes" : "" }}
      send={async (values) => {
        await got(fetchClient.PATCH("/v1/channels/{id}", { params: { path: { id: channel.id } }, body: { name: values.name.trim(), state: values.state === "yes" ? "paused" : "active", settings: settingsOf(values), token: values.token.trim() || null, secret: values.secret.trim() || null } }));
        await stale(PATH);
      }} />
  );
}

/** What is to be entered at the app, and what the test said. */
function SetUp({ channel, why, close }: { channel: Channel; why: (problem: string) => string; close: () => void }) {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const telegram = channel.app === "telegram";
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span"><bdi>{channel.name}</bdi></Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        {channel.problem && <Alert color="red" title={t("channels.problem")}>{why(channel.problem)}</Alert>}
        {!channel.problem && channel.checked_at && <Alert color="teal" title={t("channels.works")}>{channel.shown && <bdi dir="ltr">{channel.shown}</bdi>}</Alert>}
        <Text size="sm">{t(telegram ? "channels.setup.telegram" : "channels.setup")}</Text>
        <Stack gap={4}><Text size="sm" fw={600}>{t("channels.webhook")}</Text><CopyText block label={t("channels.webhook")} value={channel.webhook_url} /></Stack>
        {channel.verify_token && <Stack gap={4}><Text size="sm" fw={600}>{t("channels.verify")}</Text><CopyText block label={t("channels.verify")} value={channel.verify_token} /></Stack>}
      </Stack>
    </Modal>
  );
}
