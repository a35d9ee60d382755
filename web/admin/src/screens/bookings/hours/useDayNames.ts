import { usePreferences } from "@/app/preferences";
import { useFormat } from "@/i18n/format";
import { firstWeekday } from "@/ui/days";

const MONDAY = Date.UTC(2024, 0, 1, 12);

/** The days' names, Monday first, and their order as weeks go where the reader lives. */
export function useDayNames() {
  const { tag } = useFormat();
  const { preferences } = usePreferences();
  const named = (weekday: "long" | "short") => {
    const format = new Intl.DateTimeFormat(tag, { weekday, timeZone: "UTC" });
    return Array.from({ length: 7 }, (_, day) => format.format(MONDAY + day * 86_400_000));
  };
  const first = (firstWeekday(preferences.first_weekday, tag) + 6) % 7;
  return { long: named("long"), short: named("short"), order: Array.from({ length: 7 }, (_, at) => (first + at) % 7) };
}
