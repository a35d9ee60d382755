import { Card, Stack, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { noonOf } from "@/ui/days";
import type { Booking } from "../shapes";
import { useClock } from "../words";
import { civil } from "../zone";
import type { Shown } from "./Bookings";
import { Mark, tint, useSaid } from "./Entry";

const MOST = 3;
/** A name that is too long ends in dots at its own end, whichever way it is written. */
export const CUT = { flex: 1, minWidth: 0, overflow: "hidden", textOverflow: "ellipsis" } as const;

/** Bookings by the day on which they begin, in the zone that is shown. */
export function byShownDay(bookings: readonly Booking[], zone: string): Map<string, Booking[]> {
  const days = new Map<string, Booking[]>();
  for (const booking of [...bookings].sort((a, b) => Date.parse(a.start) - Date.parse(b.start))) {
    const { day } = civil(booking.start, zone);
    days.set(day, [...(days.get(day) ?? []), booking]);
  }
  return days;
}

/** The month at a glance; a day opens with everything of it. */
export function MonthGrid({ bookings, zone, days, today, anchor, show, open }: Shown) {
  const { t } = useTranslation("app_bookings");
  const { tag, number } = useFormat();
  const clock = useClock(zone);
  const said = useSaid(zone);
  const found = byShownDay(bookings, zone);
  const month = anchor.slice(0, 7);
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
  const weekday = (style: "short" | "long") => new Intl.DateTimeFormat(tag, { weekday: style });
  const date = new Intl.DateTimeFormat(tag, { day: "numeric" });
  const border = "1px solid var(--mantine-color-default-border)";
  return (
    <Card padding={0}>
      <table style={{ width: "100%", tableLayout: "fixed", borderCollapse: "collapse" }}>
        <caption><VisuallyHidden>{t("grid")}</VisuallyHidden></caption>
        <thead><tr>{weeks[0]?.map((day) => <th key={day} scope="col" abbr={weekday("long").format(noonOf(day))} style={{ padding: 8, fontWeight: 600, fontSize: 13, textAlign: "start" }}>{weekday("short").format(noonOf(day))}</th>)}</tr></thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => {
                const all = found.get(day) ?? [];
                return (
                  <td key={day} style={{ verticalAlign: "top", height: 116, padding: 6, position: "relative", borderBlockStart: border, borderInlineStart: border, background: day.startsWith(month) ? undefined : "var(--barid-ground)" }}>
                    <UnstyledButton onClick={() => open(day)} aria-current={day === today ? "date" : undefined}
                      style={{ minWidth: 26, textAlign: "center", borderRadius: 13, fontSize: 14, ...(day === today ? { background: "var(--mantine-primary-color-filled)", color: "#fff" } : {}) }}>{date.format(noonOf(day))}<VisuallyHidden>{t("comma")} {t("day.count", { count: all.length, n: number(all.length) })}</VisuallyHidden></UnstyledButton>
                    <Stack gap={3} mt={4}>
                      {all.slice(0, MOST).map((booking) => (
                        <UnstyledButton key={booking.id} onClick={() => show(booking)} px={5} py={1} style={{ ...tint(booking), borderRadius: 5, fontSize: 12.5, whiteSpace: "nowrap", overflow: "hidden", display: "flex", gap: 4, alignItems: "center", width: "100%" }}>
                          <Mark booking={booking} size={12} /><span className="tabular">{clock.time(booking.start)}</span><bdi style={CUT}>{booking.name || booking.title}</bdi><VisuallyHidden>{said(booking)}</VisuallyHidden>
                        </UnstyledButton>
                      ))}
                      {all.length > MOST && <UnstyledButton fz="xs" onClick={() => open(day)}><Text size="xs" c="dimmed" span>{t("day.more", { count: all.length - MOST, n: number(all.length - MOST) })}</Text></UnstyledButton>}
                    </Stack>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
