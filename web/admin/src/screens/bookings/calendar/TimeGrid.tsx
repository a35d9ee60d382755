import { Box, Card, ScrollArea, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { noonOf, plusDays } from "@/ui/days";
import type { Booking } from "../shapes";
import { isLive, useClock } from "../words";
import { civil, instantAt } from "../zone";
import type { Shown } from "./Bookings";
import { Mark, tint, useSaid } from "./Entry";
import { CUT } from "./MonthGrid";
import { dropped, hoursOf, laid, type Placed } from "./lanes";

const HOUR = 56;
const GUTTER = 64;
const NARROWEST = 96;
const lengthOf = ({ start, end }: Booking) => Math.round((Date.parse(end) - Date.parse(start)) / 60_000);

interface Ghost { id: string; day: string; minutes: number; length: number }

/** Days as columns, hours along the block axis. A booking is moved by dragging it, or with Alt and the arrow keys;
 *  either way the move is asked about before it is made. */
export function TimeGrid({ bookings, zone, days, today, show, move, open }: Shown) {
  const { t } = useTranslation("app_bookings");
  const { tag, number } = useFormat();
  const columns = days.map((day) => ({ day, placed: laid(bookings, day, zone) }));
  const hours = hoursOf(columns.map(({ placed }) => placed));
  const [ghost, setGhost] = useState<Ghost | null>(null);
  const height = (hours.last - hours.first) * HOUR;
  const drop = (booking: Booking, at: Ghost) => move?.({ booking, start: instantAt(at.day, at.minutes, zone).toISOString() });
  const weekday = new Intl.DateTimeFormat(tag, { weekday: "short" });
  const date = new Intl.DateTimeFormat(tag, { day: "numeric", month: days.length === 1 ? "long" : undefined });
  return (
    <Card padding={0}>
      {move && <Text size="xs" c="dimmed" px="sm" py={6} id="how-to-move">{t("move.how")}</Text>}
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("grid") }}>
        <Box style={{ minWidth: GUTTER + days.length * NARROWEST, display: "grid", gridTemplateColumns: `${GUTTER}px repeat(${days.length}, minmax(0, 1fr))` }}>
          <Box />
          {columns.map(({ day, placed }) => (
            <Box key={day} p={6} ta="center" style={{ borderInlineStart: "1px solid var(--mantine-color-default-border)" }}>
              <UnstyledButton onClick={() => open(day)} aria-current={day === today ? "date" : undefined}
                px={8} style={{ borderRadius: 8, ...(day === today ? { background: "var(--mantine-primary-color-filled)", color: "#fff" } : {}) }}>
                <Text size="sm" fw={600} span>{weekday.format(noonOf(day))} {date.format(noonOf(day))}</Text><VisuallyHidden>{t("comma")} {t("day.count", { count: placed.length, n: number(placed.length) })}</VisuallyHidden>
              </UnstyledButton>
            </Box>
          ))}
          <Hours {...hours} zone={zone} day={days[0] ?? today} />
          {columns.map(({ day, placed }) => (
            <Box key={day} data-day={day} data-first={hours.first} data-last={hours.last} role="group" aria-label={new Intl.DateTimeFormat(tag, { dateStyle: "full" }).format(noonOf(day))}
              style={{ position: "relative", height, borderInlineStart: "1px solid var(--mantine-color-default-border)", background: `repeating-linear-gradient(to bottom, var(--mantine-color-default-border) 0 1px, transparent 1px ${HOUR}px)` }}>
              {day === today && <Now hours={hours} zone={zone} />}
              {placed.map((one) => <Block key={one.booking.id} one={one} hours={hours} zone={zone} day={day} show={show} drop={move ? drop : undefined} setGhost={setGhost} dragged={ghost?.id === one.booking.id} />)}
              {ghost?.day === day && (
                <Box aria-hidden style={{ position: "absolute", insetInline: 2, insetBlockStart: ((ghost.minutes - hours.first * 60) / 60) * HOUR, height: (ghost.length / 60) * HOUR, border: "2px dashed var(--mantine-primary-color-filled)", borderRadius: 6, pointerEvents: "none" }} />
              )}
            </Box>
          ))}
        </Box>
      </ScrollArea>
    </Card>
  );
}

/** The hours beside the columns, by the reader's own clock. */
function Hours({ first, last, zone, day }: { first: number; last: number; zone: string; day: string }) {
  const { tag } = useFormat();
  const format = new Intl.DateTimeFormat(tag, { timeZone: zone, hour: "numeric" });
  return (
    <Box aria-hidden style={{ position: "relative" }}>
      {Array.from({ length: last - first }, (_, at) => (
        <Text key={at} size="xs" c="dimmed" ta="end" pe={8} className="tabular" style={{ position: "absolute", insetInline: 0, insetBlockStart: at === 0 ? 2 : at * HOUR - 9 }}>
          {format.format(instantAt(day, (first + at) * 60, zone))}
        </Text>
      ))}
    </Box>
  );
}

function Now({ hours, zone }: { hours: { first: number; last: number }; zone: string }) {
  const [at, setAt] = useState(() => civil(new Date(), zone).minutes);
  useEffect(() => {
    const timer = setInterval(() => setAt(civil(new Date(), zone).minutes), 60_000);
    return () => clearInterval(timer);
  }, [zone]);
  if (at < hours.first * 60 || at > hours.last * 60) return null;
  return <Box aria-hidden style={{ position: "absolute", insetInline: 0, insetBlockStart: ((at - hours.first * 60) / 60) * HOUR, borderBlockStart: "2px solid var(--barid-red-text)", zIndex: 2, pointerEvents: "none" }} />;
}

interface BlockProps {
  one: Placed;
  hours: { first: number; last: number };
  zone: string;
  day: string;
  show: (booking: Booking) => void;
  drop?: (booking: Booking, at: Ghost) => void;
  setGhost: (ghost: Ghost | null) => void;
  dragged: boolean;
}

/** Where the pointer is, as a time of a day: columns know their day, so that either direction is right. */
function under(event: { clientX: number; clientY: number }, booking: Booking, grip: number): Ghost | null {
  const column = document.elementsFromPoint(event.clientX, event.clientY).find((element) => element instanceof HTMLElement && element.dataset.day) as HTMLElement | undefined;
  if (!column) return null;
  const box = column.getBoundingClientRect();
  const length = lengthOf(booking);
  const hours = { first: Number(column.dataset.first), last: Number(column.dataset.last) };
  return { id: booking.id, day: column.dataset.day ?? "", minutes: dropped((event.clientY - grip - box.top) / box.height, hours, length), length };
}

const FAR = 6;

function useDrag({ one, drop, setGhost }: BlockProps) {
  const start = useRef<{ x: number; y: number; grip: number; far: boolean } | null>(null);
  const last = useRef<Ghost | null>(null);
  const justDragged = useRef(false);
  const over = () => {
    start.current = null;
    last.current = null;
    setGhost(null);
  };
  if (!drop || !isLive(one.booking)) return { handlers: {}, justDragged };
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      justDragged.current = false;
      if (event.button !== 0 || event.pointerType === "touch") return;
      start.current = { x: event.clientX, y: event.clientY, grip: event.clientY - event.currentTarget.getBoundingClientRect().top, far: false };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const begun = start.current;
      if (!begun) return;
      begun.far ||= Math.hypot(event.clientX - begun.x, event.clientY - begun.y) > FAR;
      if (begun.far) setGhost((last.current = under(event, one.booking, begun.grip)));
    },
    onPointerUp: () => {
      const [begun, at] = [start.current, last.current];
      over();
      justDragged.current = begun?.far ?? false;
      if (begun?.far && at) drop(one.booking, at);
    },
    onPointerCancel: over,
  };
  return { handlers, justDragged };
}

const STEP = 15;

function Block(props: BlockProps) {
  const { one, hours, zone, day, show, drop, dragged } = props;
  const { booking, from, to, lane, lanes } = one;
  const { t } = useTranslation("app_bookings");
  const clock = useClock(zone);
  const said = useSaid(zone);
  const { handlers, justDragged } = useDrag(props);
  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (!event.altKey || !drop || !isLive(booking)) return;
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const now = civil(booking.start, zone);
    const steps: Record<string, [days: number, minutes: number]> = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], [forward]: [1, 0], [back]: [-1, 0] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    drop(booking, { id: booking.id, day: plusDays(now.day, step[0]), minutes: Math.max(0, now.minutes + step[1]), length: lengthOf(booking) });
  };
  const width = 100 / lanes;
  const tall = to - from >= 45;
  return (
    <UnstyledButton {...handlers} onKeyDown={press} onClick={() => { if (!justDragged.current) show(booking); justDragged.current = false; }} aria-describedby={drop ? "how-to-move" : undefined} aria-haspopup="dialog" data-booking={booking.id} data-on={day}
      style={{ position: "absolute", insetBlockStart: ((from - hours.first * 60) / 60) * HOUR + 1, height: ((to - from) / 60) * HOUR - 2, insetInlineStart: `calc(${lane * width}% + 2px)`, width: `calc(${width}% - 4px)`,
        ...tint(booking), borderRadius: 6, padding: "2px 6px", overflow: "hidden", fontSize: 12.5, lineHeight: 1.45, opacity: dragged ? 0.5 : 1, touchAction: "auto", zIndex: 1 }}>
      <span style={{ display: "flex", gap: 4, alignItems: "baseline", fontWeight: 600, whiteSpace: tall ? undefined : "nowrap" }}><Mark booking={booking} /><bdi style={CUT}>{booking.name || t("attendee.gone")}</bdi></span>
      {tall && <span className="tabular" style={{ display: "block" }}>{clock.times(booking.start, booking.end)}</span>}
      {to - from >= 60 && <span style={{ display: "block" }}><bdi>{booking.title}</bdi></span>}
      <VisuallyHidden>{said(booking)}</VisuallyHidden>
    </UnstyledButton>
  );
}
