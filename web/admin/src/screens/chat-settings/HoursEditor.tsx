import { ActionIcon, Box, Button, Group, Select, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { entries } from "@/ui/Dialog";
import type { Hours } from "./shapes";

const WEEK = [1, 2, 3, 4, 5, 6, 7];
/** A Monday, from which the days of a week are named. */
const MONDAY = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;

const usual = (): Hours => ({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone, days: [7, 1, 2, 3, 4].sort().map((day) => ({ day, spans: [["09:00", "17:00"]] })), closed: [] });

/** When somebody is there: spans of each day in a time zone, and days on which nobody is. */
export function HoursEditor({ hours, change, note }: { hours: Hours | null; change: (hours: Hours | null) => void; note: string }) {
  const { t } = useTranslation("app_chat");
  return (
    <Stack gap="sm">
      <Switch label={t("hours.use")} description={note} checked={hours !== null} onChange={(event) => change(event.currentTarget.checked ? usual() : null)} />
      {hours && <Week hours={hours} change={change} />}
    </Stack>
  );
}

function Week({ hours, change }: { hours: Hours; change: (hours: Hours) => void }) {
  const { t } = useTranslation("app_chat");
  const { tag } = useFormat();
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const name = new Intl.DateTimeFormat(tag, { weekday: "long", timeZone: "UTC" });
  const spansOf = (day: number) => hours.days.find((one) => one.day === day)?.spans ?? [];
  const put = (day: number, spans: Array<[string, string]>) =>
    change({ ...hours, days: [...hours.days.filter((one) => one.day !== day), ...(spans.length > 0 ? [{ day, spans }] : [])].sort((a, b) => a.day - b.day) });
  return (
    <Stack gap="xs">
      <Select label={t("hours.zone")} searchable data={zones.includes(hours.zone) ? zones : [hours.zone, ...zones]} value={hours.zone} allowDeselect={false} onChange={(zone) => zone && change({ ...hours, zone })} maw={320} dir="ltr" />
      {WEEK.map((day) => {
        const spans = spansOf(day);
        const called = name.format(new Date(MONDAY + (day - 1) * DAY));
        return (
          <Group key={day} gap="xs" align="center" role="group" aria-label={called} wrap="wrap">
            <Box w={110}><Switch label={called} checked={spans.length > 0} onChange={(event) => put(day, event.currentTarget.checked ? [["09:00", "17:00"]] : [])} /></Box>
            {spans.length === 0 && <Text size="sm" c="dimmed">{t("hours.closed")}</Text>}
            {spans.map(([from, until], at) => (
              <Group key={at} gap={4} wrap="nowrap">
                <TextInput type="time" size="xs" aria-label={t("hours.from", { day: called })} value={from} onChange={(event) => put(day, spans.map((span, place) => (place === at ? [event.currentTarget.value, span[1]] : span)))} />
                <Text aria-hidden>–</Text>
                <TextInput type="time" size="xs" aria-label={t("hours.until", { day: called })} value={until === "24:00" ? "23:59" : until} onChange={(event) => put(day, spans.map((span, place) => (place === at ? [span[0], event.currentTarget.value] : span)))} />
                <ActionIcon aria-label={t("hours.remove", { day: called })} onClick={() => put(day, spans.filter((_, place) => place !== at))}><X aria-hidden size={14} /></ActionIcon>
              </Group>
            ))}
            {spans.length > 0 && <Button size="compact-xs" variant="subtle" leftSection={<Plus aria-hidden size={12} />} onClick={() => put(day, [...spans, ["18:00", "20:00"]])}>{t("hours.add")}</Button>}
          </Group>
        );
      })}
      <Textarea label={t("hours.holidays")} description={t("hours.holidays.about")} dir="ltr" autosize minRows={2} maxRows={8} defaultValue={hours.closed.join("\n")} onBlur={(event) => change({ ...hours, closed: entries(event.currentTarget.value) })} maw={320} />
    </Stack>
  );
}
