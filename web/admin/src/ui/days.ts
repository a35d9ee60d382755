import type { Preferences } from "@/app/preferences";

/** A day without time, as `2026-11-22`. */
export type Day = string;

const two = (value: number) => String(value).padStart(2, "0");

/** The day on which an instant falls where its reader is. */
export function dayOf(instant: string | Date): Day {
  const at = new Date(instant);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export const noonOf = (day: Day) => new Date(`${day}T12:00:00`);

export function plusDays(day: Day, days: number): Day {
  const at = noonOf(day);
  at.setDate(at.getDate() + days);
  return dayOf(at);
}

/** The same day of another month, or that month's last. */
export function plusMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const at = new Date(year, number - 1 + months, 1, 12);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}`;
}

interface WeekLocale {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
}

/** Regions whose week begins on Saturday or Sunday, where the browser does not know it. */
const SATURDAY = new Set(["AE", "AF", "BH", "DJ", "DZ", "EG", "IQ", "IR", "JO", "KW", "LY", "OM", "QA", "SD", "SY"]);
const SUNDAY = new Set(["SA", "YE", "US", "CA", "IL", "JP", "IN", "BR", "MX", "ZA", "PS"]);

/** The first day of the week, 0 for Sunday: as chosen, or as it is where the reader lives. */
export function firstWeekday(preference: Preferences["first_weekday"], tag: string): number {
  if (preference !== "auto") return Number(preference);
  const locale = new Intl.Locale(tag);
  const known = (locale as WeekLocale).getWeekInfo?.() ?? (locale as WeekLocale).weekInfo;
  if (known) return known.firstDay % 7;
  const region = locale.maximize().region ?? "";
  return SATURDAY.has(region) ? 6 : SUNDAY.has(region) ? 0 : 1;
}

/** The weeks that show a month, each of seven days, days of its neighbours included. */
export function weeksOf(month: string, first: number): Day[][] {
  const start = noonOf(`${month}-01`);
  const before = (start.getDay() - first + 7) % 7;
  const length = new Date(start.getFullYear(), start.getMonth() + 1, 0).getDate();
  const weeks = Math.ceil((before + length) / 7);
  const begin = plusDays(`${month}-01`, -before);
  return Array.from({ length: weeks }, (_, week) => Array.from({ length: 7 }, (_, day) => plusDays(begin, week * 7 + day)));
}

/** Things by the day on which they happen, in order. */
export function byDay<T>(things: readonly T[], when: (thing: T) => string | null | undefined): Map<Day, T[]> {
  const days = new Map<Day, T[]>();
  const dated = things.flatMap((thing) => { const at = when(thing); return at ? [{ thing, at: new Date(at).getTime() }] : []; });
  for (const { thing, at } of dated.sort((a, b) => a.at - b.at)) {
    const day = dayOf(new Date(at));
    days.set(day, [...(days.get(day) ?? []), thing]);
  }
  return days;
}

/** The same time on another day. */
export function movedTo(instant: string, day: Day): Date {
  const at = new Date(instant);
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date, at.getHours(), at.getMinutes());
}

/** An instant as boxes for date and time hold it, and back. */
export const localParts = (at: Date) => ({ day: dayOf(at), time: `${two(at.getHours())}:${two(at.getMinutes())}` });
export const fromParts = (day: Day, time: string) => new Date(`${day}T${time}:00`);
