import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { usePreferences, type Preferences } from "@/app/preferences";

type Instant = string | number | Date;

/** The browser's own region of a language, so that dates look as people there write them. */
function region(language: string): string {
  return navigator.languages.find((wanted) => wanted === language || wanted.startsWith(`${language}-`)) ?? language;
}

/** A locale tag with the digits, calendar and clock that its reader chose. */
export function localeTag(language: string, preferences: Preferences): string {
  const locale = new Intl.Locale(region(language), {
    numberingSystem: preferences.digits === "auto" ? undefined : preferences.digits,
    calendar: preferences.calendar === "auto" ? undefined : preferences.calendar,
    hourCycle: preferences.hour_cycle === "auto" ? undefined : preferences.hour_cycle,
  });
  return locale.toString();
}

const STEPS: ReadonlyArray<readonly [Intl.RelativeTimeFormatUnit, number]> = [
  ["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60],
];

function relative(tag: string, instant: Instant, now: number): string {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step ? format.format(Math.round(seconds / step[1]), step[0]) : format.format(Math.round(seconds), "second");
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

function bytes(tag: string, value: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), UNITS.length - 1);
  const format = new Intl.NumberFormat(tag, { style: "unit", unit: UNITS[step], maximumFractionDigits: 1 });
  return format.format(value / 1000 ** step);
}

/** Numbers, dates and sizes as the signed-in person reads them. */
export function formatter(tag: string, now: () => number = Date.now) {
  const number = new Intl.NumberFormat(tag);
  const compact = new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(tag, { dateStyle: "medium" });
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" });
  const time = new Intl.DateTimeFormat(tag, { timeStyle: "short" });
  const year = new Intl.NumberFormat(tag, { useGrouping: false });
  const list = new Intl.ListFormat(tag, { style: "long", type: "conjunction" });
  return {
    tag,
    number: (value: number) => number.format(value),
    compact: (value: number) => compact.format(value),
    /** A share of a whole; a whole of nothing has none. */
    share: (part: number, whole: number) => (whole > 0 ? percent.format(part / whole) : "–"),
    percent: (value: number) => percent.format(value),
    date: (instant: Instant) => date.format(new Date(instant)),
    dateTime: (instant: Instant) => dateTime.format(new Date(instant)),
    time: (instant: Instant) => time.format(new Date(instant)),
    relative: (instant: Instant) => relative(tag, instant, now()),
    bytes: (value: number) => bytes(tag, value),
    year: (value: number) => year.format(value),
    list: (items: string[]) => list.format(items),
  };
}

export type Format = ReturnType<typeof formatter>;

export function useFormat(): Format {
  const { i18n } = useTranslation();
  const { preferences } = usePreferences();
  return useMemo(() => formatter(localeTag(i18n.language, preferences)), [i18n.language, preferences]);
}

const ARABIC_ZERO = 0x660;
const PERSIAN_ZERO = 0x6f0;

/** What somebody typed with any digits, with the digits machines read. */
export function latinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code >= PERSIAN_ZERO ? code - PERSIAN_ZERO : code - ARABIC_ZERO);
  });
}

/** Text as it is searched: without case, marks, and the spellings that Arabic writers vary (hamza, ta marbuta, ya). */
export function fold(text: string): string {
  return latinDigits(text)
    .normalize("NFKD")
    .replace(/[\u0640\u064b-\u065f\u0670\u0300-\u036f]/g, "")
    .replace(/[أإآٱ]/g, "ا")
    .replace(/ة/g, "ه")
    .replace(/ى/g, "ي")
    .replace(/ؤ/g, "و")
    .replace(/ئ/g, "ي")
    .toLowerCase();
}

/** A name as it stands in a sentence of the other script: its punctuation stays with it. */
export const apart = (name: string) => `\u2068${name}\u2069`;
