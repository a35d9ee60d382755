import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import type { Tone } from "@/ui/Status";
import type { Booking, EventType } from "./shapes";

/** How a booking stands, as one word: that nobody came says more than its state. */
export type Standing = "pending" | "confirmed" | "cancelled" | "declined" | "no_show";
export const standing = ({ state, no_show }: Pick<Booking, "state" | "no_show">): Standing => (state === "confirmed" && no_show ? "no_show" : state);
export const isLive = ({ state }: Pick<Booking, "state">) => state === "pending" || state === "confirmed";

export const TONE: Record<Standing, Tone> = { pending: "attention", confirmed: "good", cancelled: "off", declined: "off", no_show: "bad" };
export const COLOUR: Record<Standing, "teal" | "amber" | "red" | "gray"> = { pending: "amber", confirmed: "teal", cancelled: "gray", declined: "gray", no_show: "red" };

/** An event type by its title in the reader's language, or in the other one when that alone was written. */
export function useTitle(): (type: Pick<EventType, "definition" | "slug"> | undefined) => string {
  const { i18n } = useTranslation();
  return (type) => {
    const [en, ar] = [type?.definition.en.title, type?.definition.ar.title];
    return (i18n.language === "ar" ? ar || en : en || ar) || type?.slug || "";
  };
}

const UNITS = [["day", 1440], ["hour", 60], ["minute", 1]] as const;

/** A length of time in the units people say: `1 day`, `1 hr, 30 min`. */
export function lengthOf(tag: string, minutes: number, style: "long" | "short" = "long", largest: "day" | "hour" = "day"): string {
  let left = minutes;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    if (unit === "day" && largest === "hour") continue;
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0 || (unit === "minute" && parts.length === 0)) parts.push(new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: style }).format(count));
  }
  return new Intl.ListFormat(tag, { type: "unit", style: "narrow" }).format(parts);
}

export function useLength(): (minutes: number, style?: "long" | "short") => string {
  const { tag } = useFormat();
  return (minutes, style) => lengthOf(tag, minutes, style);
}

/** Times and dates as the clocks of a zone show them. */
export function useClock(zone: string) {
  const { tag } = useFormat();
  const make = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(tag, { timeZone: zone, ...options });
    return { one: (at: string | Date) => format.format(new Date(at)), range: (from: string | Date, to: string | Date) => format.formatRange(new Date(from), new Date(to)) };
  };
  const time = make({ timeStyle: "short" });
  const day = make({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const moment = make({ weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
  return { time: time.one, times: time.range, day: day.one, moment: moment.one, moments: moment.range };
}

/** An amount of money in the smallest unit of its currency, as people write it. */
export function moneyOf(tag: string, minor: number, currency: string): string {
  const format = new Intl.NumberFormat(tag, { style: "currency", currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
