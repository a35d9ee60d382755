import { ActionIcon, Button, Group, Title } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { noonOf, plusDays, plusMonths, weeksOf, type Day } from "@/ui/days";
import { DirIcon } from "@/ui/text";

export const VIEWS = ["day", "week", "month", "list"] as const;
export type View = (typeof VIEWS)[number];

const LIST_DAYS = 30;

/** The days that a view shows around its anchor. */
export function shownDays(view: View, anchor: Day, first: number): Day[] {
  if (view === "day") return [anchor];
  if (view === "month") return weeksOf(anchor.slice(0, 7), first).flat();
  if (view === "list") return Array.from({ length: LIST_DAYS }, (_, at) => plusDays(anchor, at));
  const back = (noonOf(anchor).getDay() - first + 7) % 7;
  return Array.from({ length: 7 }, (_, at) => plusDays(anchor, at - back));
}

/** The anchor one page further, or back. */
export function moved(view: View, anchor: Day, step: number): Day {
  if (view === "month") return `${plusMonths(anchor.slice(0, 7), step)}-01`;
  return plusDays(anchor, step * (view === "day" ? 1 : view === "week" ? 7 : LIST_DAYS));
}

function titleOf(view: View, anchor: Day, days: readonly Day[], tag: string): string {
  if (view === "month") return new Intl.DateTimeFormat(tag, { month: "long", year: "numeric" }).format(noonOf(anchor));
  const format = new Intl.DateTimeFormat(tag, view === "day" ? { dateStyle: "full" } : { day: "numeric", month: "long", year: "numeric" });
  return view === "day" ? format.format(noonOf(anchor)) : format.formatRange(noonOf(days[0] ?? anchor), noonOf(days.at(-1) ?? anchor));
}

/** Which days these are, and the way to others. */
export function PeriodBar({ view, anchor, days, today, go }: { view: View; anchor: Day; days: readonly Day[]; today: Day; go: (day: Day) => void }) {
  const { t } = useTranslation("app_bookings");
  const { tag } = useFormat();
  return (
    <Group gap="sm">
      <Group gap={4} wrap="nowrap">
        <ActionIcon variant="default" aria-label={t("period.before")} onClick={() => go(moved(view, anchor, -1))}><DirIcon icon={ChevronLeft} size={18} /></ActionIcon>
        <Button variant="default" size="xs" onClick={() => go(today)}>{t("period.today")}</Button>
        <ActionIcon variant="default" aria-label={t("period.after")} onClick={() => go(moved(view, anchor, 1))}><DirIcon icon={ChevronRight} size={18} /></ActionIcon>
      </Group>
      <Title order={2} aria-live="polite">{titleOf(view, anchor, days, tag)}</Title>
    </Group>
  );
}
