import { Box, Card, Group, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { CalendarDays } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { noonOf } from "@/ui/days";
import { Nothing } from "@/ui/Nothing";
import { Status } from "@/ui/Status";
import { standing, TONE, useClock } from "../words";
import type { Shown } from "./Bookings";
import { tint } from "./Entry";
import { byShownDay } from "./MonthGrid";

/** Day after day as a list: what a phone shows of a week or a month. */
export function Agenda({ bookings, zone, show, today }: Pick<Shown, "bookings" | "zone" | "show" | "today">) {
  const { t } = useTranslation("app_bookings");
  const { tag } = useFormat();
  const clock = useClock(zone);
  const days = [...byShownDay(bookings, zone)];
  if (days.length === 0) return <Nothing icon={CalendarDays} title={t("none")} text={t("none.text")} />;
  const full = new Intl.DateTimeFormat(tag, { weekday: "long", day: "numeric", month: "long" });
  return days.map(([day, list]) => (
    <Box key={day} component="section">
      <Title order={3} mb={6}>{full.format(noonOf(day))}{day === today && <Text span c="dimmed" fw={400}> · {t("period.today")}</Text>}</Title>
      <Stack gap="xs">
        {list.map((booking) => (
          <Card key={booking.id} padding={0}>
            <UnstyledButton p="sm" w="100%" onClick={() => show(booking)} aria-haspopup="dialog" style={{ ...tint(booking), background: undefined, color: undefined, borderRadius: 12 }}>
              <Group justify="space-between" wrap="nowrap" align="flex-start">
                <Box style={{ minWidth: 0 }}>
                  <Text size="sm" fw={600} className="tabular">{clock.times(booking.start, booking.end)}</Text>
                  <Text size="sm"><bdi>{booking.name || t("attendee.gone")}</bdi></Text>
                  <Text size="xs" c="dimmed"><bdi>{booking.title}</bdi></Text>
                </Box>
                <Status tone={TONE[standing(booking)]}>{t(`state.${standing(booking)}`)}</Status>
              </Group>
            </UnstyledButton>
          </Card>
        ))}
      </Stack>
    </Box>
  ));
}
