import { CircleCheck, CircleX, Clock, Ban, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Booking } from "../shapes";
import { COLOUR, isLive, standing, useClock, type Standing } from "../words";

export const ICON: Record<Standing, LucideIcon> = { pending: Clock, confirmed: CircleCheck, cancelled: Ban, declined: Ban, no_show: CircleX };

/** The tinted ground of a booking, as its state wants it. */
export function tint(booking: Booking): React.CSSProperties {
  const colour = COLOUR[standing(booking)];
  return {
    background: `var(--barid-${colour}-tint)`, color: `var(--barid-${colour}-on-tint)`, borderInlineStart: `3px solid var(--barid-${colour}-text)`,
    textDecoration: isLive(booking) ? undefined : "line-through",
  };
}

/** What a booking's place in the calendar says to the eye, in words for those who do not see it. */
export function useSaid(zone: string): (booking: Booking) => string {
  const { t } = useTranslation("app_bookings");
  const clock = useClock(zone);
  return (booking) => t("entry.said", {
    what: booking.title, when: `${clock.day(booking.start)}${t("comma")} ${clock.times(booking.start, booking.end)}`, state: t(`state.${standing(booking)}`),
  });
}

/** The icon that says how a booking stands. */
export function Mark({ booking, size = 13 }: { booking: Booking; size?: number }) {
  const Icon = ICON[standing(booking)];
  return <Icon aria-hidden size={size} style={{ verticalAlign: "-2px", flexShrink: 0 }} />;
}
