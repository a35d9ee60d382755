import { Anchor, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { Loaded } from "@/ui/Loaded";
import { Mark } from "./calendar/Entry";
import { useBookings } from "./server";
import { isLive, useClock } from "./words";
import { civil, span } from "./zone";
import { useShownZone } from "./ZoneSelect";

/** Who comes today; stands on Home. */
export default function Today() {
  const { t } = useTranslation("app_bookings");
  const [zone] = useShownZone();
  const clock = useClock(zone);
  const { day } = civil(new Date(), zone);
  const bookings = useBookings({ ...span(day, day, zone) });
  return (
    <Card component="section">
      <Group justify="space-between" mb="sm"><Title order={2}>{t("today")}</Title><Anchor component={Link} to={to("/bookings")} size="sm">{t("today.all")}</Anchor></Group>
      <Loaded query={bookings}>
        {({ items }) => {
          const live = items.filter(isLive).sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
          return live.length === 0 ? <Text size="sm" c="dimmed">{t("today.none")}</Text> : (
            <Stack gap="xs">
              {live.slice(0, 6).map((booking) => (
                <Group key={booking.id} justify="space-between" wrap="nowrap" align="flex-start">
                  <Group gap="xs" wrap="nowrap"><Mark booking={booking} size={16} /><Anchor component={Link} to={to(`/bookings?view=day&booking=${booking.id}`)} size="sm"><bdi>{booking.name || t("attendee.gone")}</bdi></Anchor></Group>
                  <Text size="sm" c="dimmed" className="tabular" style={{ whiteSpace: "nowrap" }}>{clock.times(booking.start, booking.end)}</Text>
                </Group>
              ))}
              {live.length > 6 && <Text size="sm" c="dimmed">{t("day.more", { count: live.length - 6, n: live.length - 6 })}</Text>}
            </Stack>
          );
        }}
      </Loaded>
    </Card>
  );
}
