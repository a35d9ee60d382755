/** A span of days (UTC), both ends included, as `2026-11-21`. */
export interface Period { from: string; to: string }

const DAY = 86_400_000;
const FORM = /^\d{4}-\d{2}-\d{2}$/;
export const PRESETS = ["7", "30", "90", "365"] as const;
export const LONGEST = 366;

const day = (instant: number) => new Date(instant).toISOString().slice(0, 10);
const instant = (text: string) => Date.parse(`${text}T00:00:00Z`);
const isDay = (text: string) => FORM.test(text) && !Number.isNaN(instant(text)) && day(instant(text)) === text;

/** The last so many days, today included. */
export function lastDays(days: number, now: number): Period {
  return { from: day(now - (days - 1) * DAY), to: day(now) };
}

export const length = ({ from, to }: Period) => Math.round((instant(to) - instant(from)) / DAY) + 1;

/** The period that an address asks for: so many days, or two days; the last thirty when it makes no sense. */
export function readPeriod(days: string, from: string, to: string, now: number): Period {
  if (isDay(from) && isDay(to) && from <= to && length({ from, to }) <= LONGEST) return { from, to };
  return lastDays((PRESETS as readonly string[]).includes(days) ? Number(days) : 30, now);
}

/** By how much something changed; nothing to compare with gives nothing. */
export function change(now: number, before: number | undefined): number | null {
  return before === undefined || before === 0 ? null : (now - before) / before;
}

/** At most so many values, each the sum of neighbours: a line beside a number has room for no more. */
export function thinned(values: readonly number[], most: number): number[] {
  const size = Math.ceil(values.length / most);
  if (size <= 1) return [...values];
  const whole = Math.floor(values.length / size);
  return Array.from({ length: whole }, (_, place) => values.slice(place * size, (place + 1) * size).reduce((sum, value) => sum + value, 0));
}
