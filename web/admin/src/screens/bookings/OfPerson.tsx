import { Card, Group, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { CalendarDays } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Status } from "@/ui/Status";
import { useBookings } from "./server";
import type { Booking } from "./shapes";
import { standing, TONE, useClock } from "./words";
import { civil } from "./zone";
import { useShownZone } from "./ZoneSelect";

/** Far enough for everything that is kept. */
const [FIRST, LAST] = ["2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"];

/** What a person booked: what is coming first, then what is past. */
export default function OfPerson({ id }: { id: string }) {
  const { t } = useTranslation("app_bookings");
  const bookings = useBookings({ contact: id, from: FIRST, to: LAST });
  return (
    <Loaded query={bookings}>
      {({ items }) => {
        if (items.length === 0) return <Nothing icon={CalendarDays} title={t("person.none")} text={t("person.none.text")} />;
        const now = Date.now();
        const coming = items.filter(({ end }) => Date.parse(end) >= now).sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
        const past = items.filter(({ end }) => Date.parse(end) < now).sort((a, b) => Date.parse(b.start) - Date.parse(a.start));
        return <Stack>{coming.length > 0 && <Rows title={t("person.next")} bookings={coming} />}{past.length > 0 && <Rows title={t("person.past")} bookings={past} />}</Stack>;
      }}
    </Loaded>
  );
}

function Rows({ title, bookings }: { title: string; bookings: Booking[] }) {
  return <Stack gap="xs"><Title order={2} fz="md">{title}</Title>{bookings.map((booking) => <Row key={booking.id} booking={booking} />)}</Stack>;
}

function Row({ booking }: { booking: Booking }) {
  const { t } = useTranslation("app_bookings");
  const [zone] = useShownZone();
  const clock = useClock(zone);
  return (
    <Card padding={0}>
      <UnstyledButton component={Link} to={to(`/bookings?day=${civil(booking.start, zone).day}&booking=${booking.id}`)} p="sm">
        <Group justify="space-between">
          <div><Text size="sm" fw={600} className="tabular">{clock.moments(booking.start, booking.end)}</Text><Text size="sm" c="dimmed"><bdi>{booking.title}</bdi></Text></div>
          <Status tone={TONE[standing(booking)]}>{t(`state.${standing(booking)}`)}</Status>
        </Group>
      </UnstyledButton>
    </Card>
  );
}
