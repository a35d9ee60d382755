import { Alert, Chip, Group, Stack, Text, TextInput } from "@mantine/core";
import { CalendarX2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { noonOf, plusDays, type Day } from "@/ui/days";
import { Loaded } from "@/ui/Loaded";
import { useSlots } from "../server";
import type { Start } from "../shapes";
import { useClock } from "../words";
import { civil, span } from "../zone";

interface Props {
  eventType: string;
  zone: string;
  duration?: number;
  host?: string;
  rescheduleOf?: string;
  /** The day to begin with. */
  from: Day;
  value: string | null;
  onChange: (start: Start) => void;
}

const AHEAD = 14;

/** The part of the day that a time lies in, so that two at night is not taken for two in the afternoon. */
export function partOf(minutes: number): "night" | "morning" | "afternoon" | "evening" {
  if (minutes < 300) return "night";
  return minutes < 720 ? "morning" : minutes < 1020 ? "afternoon" : "evening";
}

const PARTS = ["night", "morning", "afternoon", "evening"] as const;

/** Every time that is offered on a day, and the next days that have any. */
export function SlotPicker({ eventType, zone, duration, host, rescheduleOf, from, value, onChange }: Props) {
  const { t } = useTranslation("app_bookings");
  const { tag, number } = useFormat();
  const [day, setDay] = useState(from);
  const clock = useClock(zone);
  const slots = useSlots({ event_type: eventType, ...span(day, plusDays(day, AHEAD - 1), zone), timezone: zone, duration, host, reschedule_of: rescheduleOf });
  const label = new Intl.DateTimeFormat(tag, { weekday: "short", day: "numeric", month: "short" });
  return (
    <Stack gap="sm">
      <TextInput type="date" label={t("slots.day")} value={day} onChange={(event) => /^\d{4}-\d{2}-\d{2}$/.test(event.currentTarget.value) && setDay(event.currentTarget.value)} />
      <Loaded query={slots} lines={3}>
        {({ days }) => {
          const starts = days[day] ?? [];
          const others = Object.keys(days).filter((other) => other !== day && (days[other]?.length ?? 0) > 0).sort().slice(0, 5);
          const choose = (start: string) => { const found = starts.find((one) => one.start === start); if (found) onChange(found); };
          return (
            <Stack gap="sm">
              {starts.length === 0 && <Alert color="gray" icon={<CalendarX2 aria-hidden />}>{t("slots.none")}</Alert>}
              <Chip.Group value={value} onChange={(start) => choose(String(start))}>
                {PARTS.map((part) => {
                  const those = starts.filter(({ start }) => partOf(civil(start, zone).minutes) === part);
                  return those.length > 0 && (
                    <Group key={part} gap={6} role="group" aria-label={t(`part.${part}`)} align="center">
                      <Text size="xs" c="dimmed" w={72}>{t(`part.${part}`)}</Text>
                      {those.map(({ start, seats_left }) => <Chip key={start} size="sm" variant="light" value={start}>{clock.time(start)}{seats_left != null && <> · {t("slots.seats", { count: seats_left, n: number(seats_left) })}</>}</Chip>)}
                    </Group>
                  );
                })}
              </Chip.Group>
              {others.length > 0 && (
                <Group gap={6} role="group" aria-label={t("slots.other_days")}>
                  <Text size="xs" c="dimmed">{t("slots.other_days")}</Text>
                  {others.map((other) => <Chip key={other} size="xs" variant="light" checked={false} onChange={() => setDay(other)}>{label.format(noonOf(other))}</Chip>)}
                </Group>
              )}
              <Text size="xs" c="dimmed">{t("slots.zone")} <bdi dir="ltr">{zone.replaceAll("_", " ")}</bdi></Text>
            </Stack>
          );
        }}
      </Loaded>
    </Stack>
  );
}
