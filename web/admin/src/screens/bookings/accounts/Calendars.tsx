import { Button, Card, Checkbox, Group, Menu, Radio, Stack, Text, Title } from "@mantine/core";
import { CalendarSync, Ellipsis, Plug, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { Dialog, entries } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Status, type Tone } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { BookingsPage } from "../BookingsPage";
import { dropAccount, saveAccount, saveCalendar, syncAccount, useAccounts, useHosts } from "../server";
import type { Account, Calendar } from "../shapes";
import { Connect } from "./Connect";
import { Feeds } from "./Feeds";
import { Providers } from "./Providers";
import { Unreachable } from "./Unreachable";

const TONE: Record<Account["state"], Tone> = { active: "good", connecting: "busy", unauthorised: "bad", failing: "attention" };
const KIND = { caldav: "CalDAV", feed: "ICS", google: "Google", microsoft: "Microsoft 365" } as const;

/** Calendars outside Barid: their events block times, and bookings are written into them. */
export default function Calendars() {
  const { t } = useTranslation("app_bookings");
  const may = useMay();
  const [connecting, setConnecting] = useState(false);
  const actions = may("bookings:write") && <Button leftSection={<Plug aria-hidden size={16} />} onClick={() => setConnecting(true)}>{t("connect")}</Button>;
  return (
    <BookingsPage code="calendars" actions={actions}>
      <div>
        <Accounts begin={() => setConnecting(true)} />
        <Feeds />
        {may("bookings:manage") && <><Unreachable /><Providers /></>}
      </div>
      {connecting && <Connect close={() => setConnecting(false)} />}
    </BookingsPage>
  );
}

function Accounts({ begin }: { begin: () => void }) {
  const { t } = useTranslation("app_bookings");
  const writes = useMay()("bookings:write");
  const accounts = useAccounts();
  return (
    <Loaded query={accounts}>
      {({ items }) => items.length === 0
        ? <Nothing icon={CalendarSync} title={t("accounts.none")} text={t("accounts.none.text")} action={writes ? { label: t("connect"), act: begin } : undefined} />
        : items.map((account) => <One key={account.id} account={account} />)}
    </Loaded>
  );
}

/** A feed's address is a secret; its server says enough. */
const called = ({ label, address }: Account) => { try { return label || new URL(address).host; } catch { return address; } };

function One({ account }: { account: Account }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const writes = useMay()("bookings:write");
  const hosts = useHosts();
  const [editing, setEditing] = useState(false);
  const host = hosts.data?.items.find(({ id }) => id === account.host)?.name ?? t("host.gone");
  const sync = () => syncAccount(account.id).then(() => told(t("account.syncing")), refused);
  const drop = () => confirm({ title: t("account.drop.title", { name: called(account) }), text: t("account.drop.text"), button: t("account.drop"), destroys: true, act: () => dropAccount(account.id) });
  return (
    <Card component="section" mb="md">
      <Stack>
        <Group justify="space-between" align="flex-start">
          <div style={{ flex: "1 1 14rem", minWidth: 0 }}>
            <Title order={2} style={{ overflowWrap: "anywhere" }}><bdi>{called(account)}</bdi></Title>
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}><bdi>{host}</bdi> · {KIND[account.kind]}{account.kind !== "feed" && <> · <Ltr>{account.address}</Ltr></>}</Text>
          </div>
          <Group gap="xs">
            <Status tone={TONE[account.state]}>{t(`account.${account.state}`)}</Status>
            {writes && <Button size="xs" variant="default" leftSection={<RefreshCw aria-hidden size={14} />} onClick={() => void sync()}>{t("account.sync")}</Button>}
            {writes && (
              <Menu position="bottom-end">
                <Menu.Target><Button size="xs" variant="default" aria-label={`${t("app_shell:more")} ${called(account)}`}><Ellipsis aria-hidden size={16} /></Button></Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => setEditing(true)}>{t("account.edit")}</Menu.Item>
                  <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={15} />} onClick={drop}>{t("account.drop")}</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </Group>
        </Group>
        {account.calendars.length === 0 ? <Text size="sm" c="dimmed">{t("account.no_calendars")}</Text> : <Rows account={account} writes={writes} />}
      </Stack>
      {editing && (
        <Dialog title={t("account.edit")} button={t("app_shell:save")} close={() => setEditing(false)} initial={{ label: account.label, username: "", password: "", addresses: account.addresses.join("\n") }}
          fields={[
            { name: "label", label: t("account.label") },
            ...(account.kind === "caldav" ? [{ name: "username" as const, label: t("account.username"), note: t("account.unchanged"), code: true }, { name: "password" as const, label: t("account.password"), note: t("account.unchanged"), code: true }] : []),
            { name: "addresses", label: t("account.addresses"), note: t("account.addresses.note"), kind: "lines", code: true },
          ]}
          send={({ label, username, password, addresses }) => saveAccount(account.id, { label, addresses: entries(addresses), ...(username ? { username } : {}), ...(password ? { password } : {}) })} />
      )}
    </Card>
  );
}

/** What each calendar of an account is used for: blocking times, and where bookings are written. */
function Rows({ account, writes }: { account: Account; writes: boolean }) {
  const { t } = useTranslation("app_bookings");
  const name = (calendar: Calendar) => calendar.name || called(account);
  return (
    <Stack gap="sm">
      {account.calendars.map((calendar) => (
        <Group key={calendar.id} justify="space-between" align="flex-start" gap="md">
          <div style={{ flex: "1 1 12rem", minWidth: 0 }}>
            <Text size="sm" fw={600}><bdi>{name(calendar)}</bdi></Text>
            <Freshness calendar={calendar} />
          </div>
          <Group gap="lg">
            <Checkbox size="xs" label={t("calendar.conflicts")} aria-label={`${t("calendar.conflicts")}: ${name(calendar)}`} checked={calendar.conflicts} disabled={!writes} onChange={(event) => void saveCalendar(calendar.id, { conflicts: event.currentTarget.checked }).catch(refused)} />
            {calendar.writable && <Radio size="xs" label={t("calendar.target")} aria-label={`${t("calendar.target")}: ${name(calendar)}`} checked={calendar.target} disabled={!writes} onChange={() => void saveCalendar(calendar.id, { target: true }).catch(refused)} />}
            {calendar.target && writes && <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void saveCalendar(calendar.id, { target: false }).catch(refused)}>{t("calendar.untarget")}</Button>}
          </Group>
        </Group>
      ))}
    </Stack>
  );
}

function Freshness({ calendar }: { calendar: Calendar }) {
  const { t, i18n } = useTranslation("app_bookings");
  const format = useFormat();
  const code = calendar.error ? `calendar.error.${calendar.error}` : "";
  return (
    <Stack gap={2}>
      <Group gap={6}>
        {calendar.error ? <Status tone="bad">{t("copies.failing")}</Status> : calendar.stale ? <Status tone="attention">{t("copies.stale")}</Status> : <Status tone="good">{t("calendar.fresh")}</Status>}
        <Text size="xs" c="dimmed">{calendar.synced_at ? <>{t("calendar.read")} <When at={calendar.synced_at} /></> : t("calendar.never")}</Text>
      </Group>
      {calendar.error && <Text size="xs" c="var(--barid-red-text)">{i18n.exists(code, { ns: "app_bookings" }) ? t(code as "calendar.error.timeout") : calendar.error}{calendar.failing_since && <> · <When at={calendar.failing_since} /></>}</Text>}
      {calendar.doubtful > 0 && <Text size="xs" c="dimmed">{t("calendar.doubtful", { count: calendar.doubtful, n: format.number(calendar.doubtful) })}</Text>}
    </Stack>
  );
}
