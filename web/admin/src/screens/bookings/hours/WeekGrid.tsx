import { Box, Text, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { useDayNames } from "./useDayNames";
import { covering, painted, type Week } from "./week";

const CELL = 30;
const ROWS = 1440 / CELL;
const HEIGHT = 16;
const EIGHT = 16;

interface Place { day: number; row: number }

/** The week as a grid of half hours: arrow keys go about, the space bar opens or closes, Shift with an arrow carries
 *  that on; the mouse paints. Days run inline, times along the block. */
export function WeekGrid({ week, put, readOnly }: { week: Week; put: (week: Week) => void; readOnly?: boolean }) {
  const { t } = useTranslation("app_bookings");
  const { tag } = useFormat();
  const names = useDayNames();
  const grid = useRef<HTMLDivElement>(null);
  const painting = useRef<boolean | null>(null);
  const [at, setAt] = useState<Place>({ day: names.order[0] ?? 0, row: EIGHT + 2 });
  const hour = new Intl.DateTimeFormat(tag, { hour: "numeric", minute: "2-digit", timeZone: "UTC" });
  const clock = (row: number) => hour.format(Date.UTC(2024, 0, 1, 0, row * CELL));
  const state = (day: number, row: number) => covering(week, day, [row * CELL, (row + 1) * CELL]);
  const paint = ({ day, row }: Place, open: boolean) => put(painted(week, day, [row * CELL, (row + 1) * CELL], open));

  useEffect(() => {
    const stop = () => { painting.current = null; };
    window.addEventListener("pointerup", stop);
    return () => window.removeEventListener("pointerup", stop);
  }, []);
  useEffect(() => {
    grid.current?.scrollTo({ top: (EIGHT - 2) * HEIGHT });
  }, []);

  const press = (event: KeyboardEvent) => {
    const rtl = document.documentElement.dir === "rtl";
    const inline = names.order.indexOf(at.day);
    const sideways = event.key === "ArrowRight" ? (rtl ? -1 : 1) : event.key === "ArrowLeft" ? (rtl ? 1 : -1) : 0;
    const down = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : event.key === "PageDown" ? 8 : event.key === "PageUp" ? -8 : event.key === "Home" ? -ROWS : event.key === "End" ? ROWS : 0;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      if (!readOnly) paint(at, state(at.day, at.row) !== "all");
      return;
    }
    if (sideways === 0 && down === 0) return;
    event.preventDefault();
    const next = { day: names.order[Math.max(0, Math.min(6, inline + sideways))] ?? at.day, row: Math.max(0, Math.min(ROWS - 1, at.row + down)) };
    if (event.shiftKey && !readOnly) paint(next, state(at.day, at.row) !== "none");
    setAt(next);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.day}-${next.row}"]`)?.focus();
  };

  const line = (row: number) => `1px solid ${row % 2 === 0 ? "var(--mantine-color-default-border)" : "transparent"}`;
  return (
    <Box>
      <Text size="xs" c="dimmed" mb={6} id="week-grid-how">{t(readOnly ? "hours.grid.read" : "hours.grid.how")}</Text>
      <Box ref={grid} role="grid" aria-label={t("hours.grid")} aria-describedby="week-grid-how" aria-readonly={readOnly || undefined} onKeyDown={press}
        style={{ maxHeight: 420, overflowY: "auto", border: "1px solid var(--mantine-color-default-border)", borderRadius: 8, userSelect: "none" }}>
        <Box role="row" style={{ display: "grid", gridTemplateColumns: "58px repeat(7, minmax(0, 1fr))", position: "sticky", insetBlockStart: 0, zIndex: 2, background: "var(--mantine-color-body)" }}>
          <Box role="columnheader"><VisuallyHidden>{t("hours.time")}</VisuallyHidden></Box>
          {names.order.map((day) => <Text key={day} role="columnheader" aria-label={names.long[day]} fz={{ base: 10, sm: 13 }} fw={600} ta="center" py={6} style={{ overflow: "hidden" }}>{names.short[day]}</Text>)}
        </Box>
        {Array.from({ length: ROWS }, (_, row) => (
          <Box key={row} role="row" style={{ display: "grid", gridTemplateColumns: "58px repeat(7, minmax(0, 1fr))" }}>
            <Text role="rowheader" component="div" c="dimmed" className="tabular" fz={11} lh={1} ta="end" pe={6} h={HEIGHT}>{row % 2 === 0 ? clock(row) : <VisuallyHidden>{clock(row)}</VisuallyHidden>}</Text>
            {names.order.map((day) => {
              const covered = state(day, row);
              return (
                <Box key={day} role="gridcell" data-cell={`${day}-${row}`} tabIndex={at.day === day && at.row === row ? 0 : -1} aria-selected={covered !== "none"} aria-label={`${names.long[day]} ${clock(row)}${t("comma")} ${t(`hours.${covered}`)}`}
                  onFocus={() => setAt({ day, row })}
                  onPointerDown={(event) => { if (readOnly || event.pointerType === "touch") return; painting.current = covered !== "all"; paint({ day, row }, painting.current); }}
                  onPointerEnter={() => { if (painting.current !== null) paint({ day, row }, painting.current); }}
                  onClick={(event) => { if (!readOnly && (event.nativeEvent as globalThis.PointerEvent).pointerType === "touch") paint({ day, row }, covered !== "all"); }}
                  style={{ height: HEIGHT, cursor: readOnly ? undefined : "pointer", borderBlockStart: line(row), borderInlineStart: "1px solid var(--mantine-color-default-border)",
                    background: covered === "all" ? "var(--mantine-primary-color-filled)" : covered === "some" ? "repeating-linear-gradient(45deg, var(--mantine-primary-color-filled) 0 3px, var(--barid-teal-tint) 3px 6px)" : undefined }} />
              );
            })}
          </Box>
        ))}
      </Box>
    </Box>
  );
}
