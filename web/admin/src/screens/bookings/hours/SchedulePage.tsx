import { ActionIcon, Alert, Button, Checkbox, Grid, Group, Menu, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { Copy, Lock, Plus, Save, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { dayOf, noonOf } from "@/ui/days";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { Section } from "@/ui/Section";
import { useLeaving } from "@/ui/useLeaving";
import { dropSchedule, saveSchedule, useHolidays, useSchedule } from "../server";
import type { Hours, Override, Schedule } from "../shapes";
import { lengthOf } from "../words";
import { ZoneSelect } from "../ZoneSelect";
import { IntervalRows } from "./IntervalRows";
import { useDayNames } from "./useDayNames";
import { WeekGrid } from "./WeekGrid";
import { copied, intervalOf, minutesIn, rulesOf, spanOf, weekOf, type Week } from "./week";

/** The hours of somebody's week, and the dates on which they are different. */
export default function SchedulePage() {
  const { t } = useTranslation("app_bookings");
  const { id = "" } = useParams();
  const schedule = useSchedule(id);
  const above = [{ label: t("place.availability"), href: to("/bookings/availability") }];
  if (!schedule.data) return <Page title={t("schedule")} above={above} permission="bookings:read"><Loaded query={schedule} lines={8}>{() => null}</Loaded></Page>;
  return <Editor key={`${schedule.data.id} ${schedule.data.version}`} schedule={schedule.data} />;
}

function Editor({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const writes = useMay()("bookings:manage");
  const navigate = useNavigate();
  const { tag } = useFormat();
  const [name, setName] = useState(schedule.name);
  const [hours, setHours] = useState(schedule.hours);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const unsaved = name !== schedule.name || JSON.stringify(hours) !== JSON.stringify(schedule.hours);
  const week = weekOf(hours.rules);
  const change = (part: Partial<Hours>) => setHours((now) => ({ ...now, ...part }));
  const putWeek = (next: Week) => change({ rules: rulesOf(next) });
  const save = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await saveSchedule(schedule.id, { name, hours, version: schedule.version });
      told(t("app_shell:saved"));
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  useLeaving(unsaved && writes, () => {});
  useShortcuts({ "Mod+KeyS": () => { if (unsaved && writes && !busy) void save(); } });
  const drop = () => confirm({ title: t("schedule.drop.title", { name: schedule.name }), text: t("schedule.drop.text"), button: t("app_shell:delete"), destroys: true, act: async () => { await dropSchedule(schedule.id); void navigate(to("/bookings/availability")); } });
  const actions = writes && (
    <>
      <ActionIcon variant="default" size={36} aria-label={t("app_shell:delete")} onClick={drop}><Trash2 aria-hidden size={16} /></ActionIcon>
      <Button leftSection={<Save aria-hidden size={16} />} disabled={!unsaved || !name.trim()} loading={busy} onClick={() => void save()}>{t("app_shell:save")}</Button>
    </>
  );
  return (
    <Page title={name || t("schedule")} above={[{ label: t("place.availability"), href: to("/bookings/availability") }]} permission="bookings:read" actions={actions}>
      <div>
        {!writes && <Alert mb="md" color="gray" icon={<Lock aria-hidden />} title={t("read_only")}>{t("read_only.manage")}</Alert>}
        {trouble !== null && <Failed error={trouble} />}
        <Section title={t("hours.week")} about={t("hours.week.about", { n: lengthOf(tag, minutesIn(week), "long", "hour") })}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label={t("schedule.name")} dir="auto" value={name} readOnly={!writes} onChange={(event) => setName(event.currentTarget.value)} />
            <ZoneSelect label={t("schedule.zone")} note={t("schedule.zone.note")} value={hours.timezone} readOnly={!writes} onChange={(timezone) => change({ timezone })} />
          </SimpleGrid>
          <Grid gap="xl">
            <Grid.Col span={{ base: 12, lg: 6 }}><WeekGrid week={week} put={putWeek} readOnly={!writes} /></Grid.Col>
            <Grid.Col span={{ base: 12, lg: 6 }}><Days week={week} put={putWeek} readOnly={!writes} /></Grid.Col>
          </Grid>
        </Section>
        <Overrides overrides={hours.overrides} week={week} put={(overrides) => change({ overrides })} readOnly={!writes} />
        <HolidayChoice chosen={hours.holidays} put={(holidays) => change({ holidays })} readOnly={!writes} />
      </div>
    </Page>
  );
}

/** The week day by day, exact to the minute; a day's hours can be taken over for others. */
function Days({ week, put, readOnly }: { week: Week; put: (week: Week) => void; readOnly: boolean }) {
  const { t } = useTranslation("app_bookings");
  const names = useDayNames();
  return (
    <Stack gap="sm">
      {names.order.map((day) => {
        const name = names.long[day] ?? "";
        return (
          <Group key={day} align="flex-start" gap="sm">
            <Stack gap={0} w={84} pt={6} align="flex-start">
              <Text size="sm" fw={600}>{name}</Text>
              {!readOnly && (
                <Menu position="bottom-start">
                  <Menu.Target><ActionIcon size="sm" aria-label={t("hours.copy", { name })}><Copy aria-hidden size={14} /></ActionIcon></Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={() => put(copied(week, day, [0, 1, 2, 3, 4, 5, 6]))}>{t("hours.copy.all")}</Menu.Item>
                    {names.order.filter((other) => other !== day).map((other) => <Menu.Item key={other} onClick={() => put(copied(week, day, [other]))}>{t("hours.copy.to", { name: names.long[other] ?? "" })}</Menu.Item>)}
                  </Menu.Dropdown>
                </Menu>
              )}
            </Stack>
            <div style={{ flex: "1 1 18rem", minWidth: 0 }}><IntervalRows name={name} spans={week[day] ?? []} readOnly={readOnly} put={(spans) => put(week.map((other, at) => (at === day ? spans : other)))} /></div>
          </Group>
        );
      })}
    </Stack>
  );
}

/** Dates with hours of their own, or none: they come before the week and before holidays. */
function Overrides({ overrides, week, put, readOnly }: { overrides: Override[]; week: Week; put: (overrides: Override[]) => void; readOnly: boolean }) {
  const { t } = useTranslation("app_bookings");
  const { tag } = useFormat();
  const [date, setDate] = useState("");
  const full = new Intl.DateTimeFormat(tag, { dateStyle: "full" });
  const known = overrides.some((one) => one.date === date);
  const add = () => {
    const usual = week[(noonOf(date).getDay() + 6) % 7] ?? [];
    put([...overrides, { date, intervals: usual.map(intervalOf) }].sort((a, b) => a.date.localeCompare(b.date)));
    setDate("");
  };
  return (
    <Section title={t("overrides")} about={t("overrides.about")}>
      {overrides.length === 0 && <Text size="sm" c="dimmed">{t("overrides.none")}</Text>}
      {overrides.map((one) => (
        <Group key={one.date} align="flex-start" justify="space-between" gap="md">
          <Title order={3} fz="sm" w={210} pt={6} c={one.date < dayOf(new Date()) ? "dimmed" : undefined}>{full.format(noonOf(one.date))}</Title>
          <div style={{ flex: "1 1 16rem" }}>
            <IntervalRows name={full.format(noonOf(one.date))} readOnly={readOnly} spans={one.intervals.flatMap((interval) => { const span = spanOf(interval); return span ? [span] : []; })}
              put={(spans) => put(overrides.map((other) => (other === one ? { ...one, intervals: spans.map(intervalOf) } : other)))} />
          </div>
          {!readOnly && <Button size="xs" variant="default" onClick={() => put(overrides.filter((other) => other !== one))}>{t("overrides.remove")}</Button>}
        </Group>
      ))}
      {!readOnly && (
        <Group align="flex-end">
          <TextInput type="date" label={t("overrides.date")} value={date} error={known ? t("overrides.known") : undefined} onChange={(event) => setDate(event.currentTarget.value)} />
          <Button variant="default" leftSection={<Plus aria-hidden size={16} />} disabled={!date || known} onClick={add}>{t("overrides.add")}</Button>
        </Group>
      )}
    </Section>
  );
}

function HolidayChoice({ chosen, put, readOnly }: { chosen: string[]; put: (chosen: string[]) => void; readOnly: boolean }) {
  const { t } = useTranslation("app_bookings");
  const format = useFormat();
  const lists = useHolidays();
  return (
    <Section title={t("holidays")} about={t("holidays.about")}>
      <Loaded query={lists} lines={2}>
        {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t("holidays.none")}</Text> : (
          <Checkbox.Group value={chosen} onChange={put} readOnly={readOnly} aria-label={t("holidays")}>
            <Stack gap="xs">{items.map(({ code, name, dates }) => <Checkbox key={code} value={code} disabled={readOnly} label={<bdi>{name}</bdi>} description={t("holidays.count", { count: dates.length, n: format.number(dates.length) })} />)}</Stack>
          </Checkbox.Group>
        )}
      </Loaded>
    </Section>
  );
}
