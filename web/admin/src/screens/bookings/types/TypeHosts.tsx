import { ActionIcon, Anchor, Button, Card, Checkbox, Group, Menu, NumberInput, Radio, Select, Stack, Switch, Text, Title } from "@mantine/core";
import { Plus, Trash2, UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { refused } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { saveChoice, useAccounts, useChoices, useHosts, useResources, useSchedules } from "../server";
import type { EventType, TypeHost } from "../shapes";
import type { Work } from "./useWork";

/** Who gives the meeting, how it is shared out, which rooms it needs, and whose calendars stand in its way. */
export function TypeHosts({ work, type }: { work: Work; type: EventType | null }) {
  const { t } = useTranslation("app_bookings");
  const known = useHosts();
  const { hosts, mode } = work.draft.definition;
  const free = (known.data?.items ?? []).filter(({ id, left_at }) => !left_at && !hosts.some(({ host }) => host === id));
  const full = mode === "single" && hosts.length >= 1;
  const add = (host: string) => work.define({ hosts: [...hosts, { host, fixed: false, weight: 100, priority: 0, schedule: null, since: null }] });
  return (
    <div>
      <Section title={t("hosts")} about={t(`hosts.${mode}`)} actions={
        <Menu position="bottom-end">
          <Menu.Target><Button variant="default" size="xs" disabled={work.readOnly || full || free.length === 0} leftSection={<UserPlus aria-hidden size={14} />}>{t("hosts.add")}</Button></Menu.Target>
          <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>{free.map(({ id, name }) => <Menu.Item key={id} onClick={() => add(id)}><bdi>{name ?? t("host.gone")}</bdi></Menu.Item>)}</Menu.Dropdown>
        </Menu>}>
        {work.wrong("hosts") && <Text size="sm" c="var(--mantine-color-error)" dir="auto">{work.wrong("hosts")}</Text>}
        {hosts.length === 0 && <Text size="sm" c="dimmed">{t("hosts.nobody")} <Anchor component={Link} to={to("/bookings/availability")} size="sm">{t("hosts.make")}</Anchor></Text>}
        {hosts.map((one) => <HostCard key={one.host} work={work} one={one} name={known.data?.items.find(({ id }) => id === one.host)?.name ?? t("host.gone")} />)}
      </Section>
      {mode === "round_robin" && <Assignment work={work} />}
      <Rooms work={work} />
      {type && <Conflicts type={type} readOnly={work.readOnly} />}
    </div>
  );
}

function HostCard({ work, one, name }: { work: Work; one: TypeHost; name: string }) {
  const { t } = useTranslation("app_bookings");
  const { number, share } = useFormat();
  const schedules = useSchedules();
  const { hosts, mode } = work.draft.definition;
  const put = (part: Partial<TypeHost>) => work.define({ hosts: hosts.map((other) => (other === one ? { ...other, ...part } : other)) });
  const pool = hosts.filter(({ fixed }) => !fixed);
  return (
    <Card padding="sm" component="section" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Title order={3} fz="sm"><bdi>{name}</bdi></Title>
          <ActionIcon aria-label={t("hosts.remove", { name })} onClick={() => work.define({ hosts: hosts.filter((other) => other !== one) })}><Trash2 aria-hidden size={16} /></ActionIcon>
        </Group>
        <Group align="flex-start" gap="md">
          <Select size="xs" w={220} label={t("hosts.schedule")} clearable placeholder={t("hosts.own_schedule")} data={(schedules.data?.items ?? []).map(({ id, name: label }) => ({ value: id, label }))} value={one.schedule} onChange={(schedule) => put({ schedule })} />
          {mode === "round_robin" && (
            <>
              <Radio.Group size="xs" label={t("hosts.part")} value={one.fixed ? "fixed" : "pool"} onChange={(value) => put({ fixed: value === "fixed" })}>
                <Group gap="sm" mt={6}><Radio size="xs" value="pool" label={t("hosts.pool")} /><Radio size="xs" value="fixed" label={t("hosts.fixed")} /></Group>
              </Radio.Group>
              {!one.fixed && <NumberInput size="xs" w={120} label={t("hosts.weight")} description={share(one.weight, pool.reduce((sum, { weight }) => sum + weight, 0))} min={1} max={1000} allowDecimal={false} dir="ltr" value={one.weight} onChange={(value) => put({ weight: Math.max(1, Number(value) || 1) })} />}
              {!one.fixed && <NumberInput size="xs" w={120} label={t("hosts.priority")} description={t("hosts.priority.note", { n: number(10) })} min={0} max={10} allowDecimal={false} dir="ltr" value={one.priority} onChange={(value) => put({ priority: Number(value) || 0 })} />}
            </>
          )}
        </Group>
      </Stack>
    </Card>
  );
}

function Assignment({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { assignment } = work.draft.definition;
  return (
    <Section title={t("assignment")} about={t("assignment.about")}>
      <NumberInput maw={260} label={t("assignment.period")} min={1} max={366} allowDecimal={false} dir="ltr" value={assignment.period_days} error={work.wrong("assignment.period_days")} onChange={(value) => work.define({ assignment: { ...assignment, period_days: Math.max(1, Number(value) || 1) } })} />
      <Switch label={t("assignment.choose")} description={t("assignment.choose.note")} checked={assignment.attendee_chooses} onChange={(event) => work.define({ assignment: { ...assignment, attendee_chooses: event.currentTarget.checked } })} />
    </Section>
  );
}

/** Groups of rooms and things: of each group one must be free. */
function Rooms({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { number } = useFormat();
  const known = useResources();
  const groups = work.draft.definition.resources;
  const all = (known.data?.items ?? []).filter(({ archived_at, id }) => !archived_at || groups.some((group) => group.includes(id)));
  const put = (at: number, group: string[]) => work.define({ resources: groups.map((other, index) => (index === at ? group : other)) });
  return (
    <Section title={t("place.resources")} about={t("rooms.about")} actions={<Button size="xs" variant="default" disabled={work.readOnly || all.length === 0} leftSection={<Plus aria-hidden size={14} />} onClick={() => work.define({ resources: [...groups, []] })}>{t("rooms.add")}</Button>}>
      {groups.length === 0 && <Text size="sm" c="dimmed">{t(all.length === 0 ? "rooms.unknown" : "rooms.none")}</Text>}
      {groups.map((group, at) => (
        <Group key={at} justify="space-between" align="flex-start" wrap="nowrap">
          <Checkbox.Group label={t("rooms.one_of", { n: number(at + 1) })} value={group} onChange={(value) => put(at, value)}>
            <Group mt={6}>{all.map(({ id, name }) => <Checkbox key={id} value={id} label={<bdi>{name}</bdi>} />)}</Group>
          </Checkbox.Group>
          <ActionIcon aria-label={`${t("rooms.remove")} ${number(at + 1)}`} onClick={() => work.define({ resources: groups.filter((_, index) => index !== at) })}><Trash2 aria-hidden size={16} /></ActionIcon>
        </Group>
      ))}
    </Section>
  );
}

/** Which calendars of a host block times of this event type: their own choice, or one for it alone. */
function Conflicts({ type, readOnly }: { type: EventType; readOnly: boolean }) {
  const { t } = useTranslation("app_bookings");
  const accounts = useAccounts();
  const choices = useChoices(type.id);
  const known = useHosts();
  const hosts = type.definition.hosts ?? [];
  if (!accounts.data || accounts.data.items.length === 0) return null;
  const put = (host: string, calendars: string[] | null) => void saveChoice(type.id, host, calendars).catch(refused);
  return (
    <Section title={t("conflicts")} about={t("conflicts.about")}>
      {hosts.map(({ host }) => {
        const calendars = accounts.data.items.filter((account) => account.host === host).flatMap((account) => account.calendars);
        const chosen = choices.data?.items.find((choice) => choice.host === host)?.calendars;
        const name = known.data?.items.find(({ id }) => id === host)?.name ?? t("host.gone");
        if (calendars.length === 0) return null;
        return (
          <Stack key={host} gap="xs">
            <Switch label={t("conflicts.own", { name })} disabled={readOnly} checked={chosen !== undefined} onChange={(event) => put(host, event.currentTarget.checked ? calendars.filter(({ conflicts }) => conflicts).map(({ id }) => id) : null)} />
            {chosen !== undefined && (
              <Checkbox.Group aria-label={t("conflicts.own", { name })} value={chosen} onChange={(value) => put(host, value)}>
                <Group ps="xl">{calendars.map(({ id, name: label }) => <Checkbox key={id} value={id} disabled={readOnly} label={<bdi>{label}</bdi>} />)}</Group>
              </Checkbox.Group>
            )}
          </Stack>
        );
      })}
    </Section>
  );
}
