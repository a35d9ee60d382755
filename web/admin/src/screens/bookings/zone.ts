import { plusDays, type Day } from "@/ui/days";

/** A moment as the clocks of a zone show it: the date, and minutes after its midnight. */
export interface Civil { day: Day; minutes: number }

const MINUTE = 60_000;
const DAY = 1440;
const known = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  let format = known.get(zone);
  if (!format) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    format = new Intl.DateTimeFormat("en-CA-u-nu-latn-ca-gregory", { timeZone: zone, hourCycle: "h23", ...parts });
    known.set(zone, format);
  }
  return format;
}

/** Whether the browser knows a zone. */
export function isZone(zone: string): boolean {
  try {
    return clock(zone) !== undefined;
  } catch {
    return false;
  }
}

export const homeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** Every zone that can be chosen, the wanted ones first. */
export function zones(...first: Array<string | null | undefined>): string[] {
  const all = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  return [...new Set([...first.filter((zone): zone is string => Boolean(zone) && isZone(zone ?? "")), "UTC", ...all])];
}

export function civil(instant: string | number | Date, zone: string): Civil {
  const parts = Object.fromEntries(clock(zone).formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  return { day: `${parts.year}-${parts.month}-${parts.day}`, minutes: Number(parts.hour) * 60 + Number(parts.minute) };
}

const utc = ({ day, minutes }: Civil) => Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE;
const offset = (at: number, zone: string) => utc(civil(at, zone)) - Math.floor(at / MINUTE) * MINUTE;

/** The moment at which clocks show this: a time that they skip counts from before the skip, one that they show twice
 *  is the first (RFC 5545 section 3.3.5). */
export function instantAt(day: Day, minutes: number, zone: string): Date {
  const wall = utc({ day, minutes });
  const before = offset(wall - DAY * MINUTE, zone);
  const after = offset(wall + DAY * MINUTE, zone);
  const first = wall - before;
  if (before === after || offset(first, zone) === before) return new Date(first);
  const second = wall - after;
  return new Date(offset(second, zone) === after ? second : first);
}

/** From the first midnight to the one after the last day. */
export const span = (first: Day, last: Day, zone: string) => ({ from: instantAt(first, 0, zone).toISOString(), to: instantAt(plusDays(last, 1), 0, zone).toISOString() });

/** Minutes after midnight of `09:30`; null for what is no time of day. */
export function minutesOf(text: string): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  const minutes = found ? Number(found[1]) * 60 + Number(found[2]) : NaN;
  return found && Number(found[2]) < 60 && minutes <= DAY ? minutes : null;
}

export const clockOf = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** How far a zone's clocks are from Greenwich at a moment, as `+03:00`. */
export function shift(at: string | number | Date, zone: string): string {
  const minutes = Math.round(offset(new Date(at).getTime(), zone) / MINUTE);
  return `${minutes < 0 ? "−" : "+"}${clockOf(Math.abs(minutes))}`;
}
