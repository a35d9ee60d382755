import { ActionIcon, Anchor, Badge, Button, Group, Menu, Stack, Text, Tooltip } from "@mantine/core";
import { CirclePause, CirclePlay, Ellipsis, KeyRound, Pencil, Plug, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { apart, useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { MessagingPage } from "../MessagingPage";
import { AccountDialog } from "./AccountDialog";
import { Secret, type Shown } from "./Secret";
import { closeAccount, renewSecret, saveAccount, useAccounts, type Account } from "./server";

const nameOf = ({ settings, system_id }: Account) => settings.name || system_id;

/** Customers who bind to this server over SMPP, each with an account of their own. */
export default function Customers() {
  const { t } = useTranslation("app_numbers");
  const format = useFormat();
  const writes = useMay()("routes:write");
  const accounts = useAccounts();
  const [editing, setEditing] = useState<Account | "new" | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  useShortcuts({ KeyC: () => setEditing("new") }, writes);
  const columns = [
    { key: "name", title: t("smpp.name"), cell: (account: Account) => (
      <Stack gap={2}>
        {writes ? <Anchor component="button" type="button" fw={600} ta="start" onClick={() => setEditing(account)}><bdi>{nameOf(account)}</bdi></Anchor> : <Text fw={600}><bdi>{nameOf(account)}</bdi></Text>}
        <Group gap={6}><Text size="xs" c="dimmed"><Ltr>{account.system_id}</Ltr></Text>{account.settings.test && <Badge color="gray">{t("smpp.test")}</Badge>}</Group>
      </Stack>
    ) },
    { key: "sessions", title: t("smpp.sessions"), cell: (account: Account) => <Sessions account={account} /> },
    { key: "waiting", title: t("smpp.waiting"), numeric: true, cell: ({ waiting }: Account) => <Tooltip label={t("smpp.waiting.hint")}><span>{format.number(waiting)}</span></Tooltip> },
    { key: "pace", title: t("smpp.pace"), numeric: true, cell: ({ settings }: Account) => (settings.per_second === undefined ? "–" : format.number(settings.per_second)) },
    { key: "networks", title: t("smpp.networks"), cell: ({ settings: { networks = [] } }: Account) => (networks.length === 0 ? <Text size="sm" c="dimmed">{t("smpp.networks.any")}</Text> : <Stack gap={0}>{networks.map((network) => <Ltr key={network}>{network}</Ltr>)}</Stack>) },
    { key: "changed", title: t("changed"), wideOnly: true, cell: ({ updated_at }: Account) => <When at={updated_at} /> },
    ...(writes ? [{ key: "actions", title: t("actions"), width: 56, cell: (account: Account) => <Actions account={account} edit={() => setEditing(account)} show={setShown} /> }] : []),
  ];
  return (
    <MessagingPage code="smpp" actions={writes && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEditing("new")}>{t("smpp.new")}</Button>}>
      <Loaded query={accounts}>
        {({ items }) => (
          <DataTable label={t("smpp")} columns={columns} rows={items} rowKey={({ id }) => id} open={writes ? setEditing : undefined}
            empty={<Nothing icon={Plug} title={t("smpp.none")} text={t("smpp.none.text")} action={writes ? { label: t("smpp.new"), act: () => setEditing("new") } : undefined} />} />
        )}
      </Loaded>
      {editing && <AccountDialog account={editing === "new" ? null : editing} close={() => setEditing(null)} made={({ account, secret }) => setShown({ title: t("smpp.made"), system_id: account.system_id, secret })} />}
      {shown && <Secret shown={shown} close={() => setShown(null)} />}
    </MessagingPage>
  );
}

function Sessions({ account: { state, sessions, settings } }: { account: Account }) {
  const { t } = useTranslation("app_numbers");
  const format = useFormat();
  if (state === "paused") return <Status tone="held">{t("state.paused")}</Status>;
  return <Status tone={sessions > 0 ? "good" : "waiting"}>{sessions > 0 ? t("smpp.bound", { count: sessions, n: format.number(sessions), of: format.number(settings.binds ?? sessions) }) : t("smpp.unbound")}</Status>;
}

function Actions({ account, edit, show }: { account: Account; edit: () => void; show: (shown: Shown) => void }) {
  const { t } = useTranslation(["app_numbers", "app_shell"]);
  const format = useFormat();
  const name = apart(nameOf(account));
  const resume = () => void saveAccount(account.id, { state: "active" }).then(() => told(t("smpp.now.active", { name })), refused);
  const pause = () => confirm({
    title: t("smpp.pause.title", { name }), text: t("smpp.pause.text"), button: t("pause"),
    act: async () => { await saveAccount(account.id, { state: "paused" }); told(t("smpp.now.paused", { name })); },
  });
  const rotate = () => confirm({
    title: t("smpp.rotate.title", { name }), text: t("smpp.rotate.text"), button: t("smpp.rotate"), destroys: true,
    act: async () => { const { secret } = await renewSecret(account.id); show({ title: t("smpp.rotated"), system_id: account.system_id, secret }); },
  });
  const close = () => confirm({
    title: t("smpp.close.title", { name }), button: t("smpp.close"), destroys: true, type: account.waiting > 0 ? account.system_id : undefined,
    text: <Stack gap="xs"><Text size="sm">{t("smpp.close.text")}</Text>{account.waiting > 0 && <Text size="sm" fw={600}>{t("smpp.close.waiting", { count: account.waiting, n: format.number(account.waiting) })}</Text>}</Stack>,
    act: async () => { await closeAccount(account.id); told(t("smpp.closed", { name })); },
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("more", { name: nameOf(account) })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Pencil aria-hidden size={16} />} onClick={edit}>{t("app_shell:edit")}</Menu.Item>
        <Menu.Item leftSection={<KeyRound aria-hidden size={16} />} onClick={rotate}>{t("smpp.rotate")}</Menu.Item>
        {account.state === "active"
          ? <Menu.Item leftSection={<CirclePause aria-hidden size={16} />} onClick={pause}>{t("pause")}</Menu.Item>
          : <Menu.Item leftSection={<CirclePlay aria-hidden size={16} />} onClick={resume}>{t("resume")}</Menu.Item>}
        <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={close}>{t("smpp.close")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
