import type { Interval, Rule } from "../shapes";
import { clockOf, minutesOf } from "../zone";

/** From and to in minutes after a day's midnight; what ends on the next date ends after 1440. */
export type Span = readonly [from: number, to: number];
/** The spans of each day from Monday, in order and apart from each other. */
export type Week = ReadonlyArray<readonly Span[]>;

export const DAY = 1440;
const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;

/** In order, with those that touch as one. */
export function merged(spans: readonly Span[]): Span[] {
  const ordered = [...spans].filter(([from, to]) => from < to).sort((a, b) => a[0] - b[0]);
  const result: Span[] = [];
  for (const span of ordered) {
    const last = result.at(-1);
    if (last && span[0] <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], span[1])];
    else result.push(span);
  }
  return result;
}

/** An interval as it is written; null when one of its ends is no time of day. */
export function spanOf({ start, end }: Interval): Span | null {
  const [from, to] = [minutesOf(start), minutesOf(end)];
  if (from === null || to === null || from >= DAY) return null;
  return [from, to > from ? to : to + DAY];
}

export const intervalOf = ([from, to]: Span): Interval => ({ start: clockOf(from), end: clockOf(to === DAY ? DAY : to % DAY) });

export function weekOf(rules: readonly Rule[]): Week {
  return DAYS.map((day) => merged(rules.filter(({ days }) => days.includes(day + 1)).map(spanOf).filter((span) => span !== null)));
}

/** The fewest rules that say the same: one for each interval, with all its days. */
export function rulesOf(week: Week): Rule[] {
  const rules = new Map<string, Rule>();
  for (const day of DAYS) {
    for (const span of week[day] ?? []) {
      const interval = intervalOf(span);
      const key = `${interval.start} ${interval.end}`;
      const rule = rules.get(key) ?? { days: [], ...interval };
      rules.set(key, { ...rule, days: [...rule.days, day + 1] });
    }
  }
  return [...rules.values()];
}

const minus = (spans: readonly Span[], [from, to]: Span): Span[] =>
  spans.flatMap(([start, end]): Span[] => [[start, Math.min(end, from)], [Math.max(start, to), end]]).filter(([start, end]) => start < end);

/** Whether a day's minutes are covered, wholly or in part, by its own hours or by those of the day before. */
export function covering(week: Week, day: number, [from, to]: Span): "all" | "some" | "none" {
  const before = (week[(day + 6) % 7] ?? []).map(([start, end]): Span => [start - DAY, end - DAY]);
  const all = [...before, ...(week[day] ?? [])];
  const covered = merged(all.map(([start, end]): Span => [Math.max(start, from), Math.min(end, to)]));
  const length = covered.reduce((sum, [start, end]) => sum + end - start, 0);
  return length === 0 ? "none" : length >= to - from ? "all" : "some";
}

/** The week with a part of a day opened or closed. */
export function painted(week: Week, day: number, span: Span, open: boolean): Week {
  if (open) return week.map((spans, at) => (at === day && covering(week, day, span) !== "all" ? merged([...spans, span]) : spans));
  const before = (day + 6) % 7;
  const shifted: Span = [span[0] + DAY, span[1] + DAY];
  return week.map((spans, at) => (at === day ? minus(spans, span) : at === before ? minus(spans, shifted) : spans));
}

/** One day's hours for other days, too. */
export const copied = (week: Week, from: number, onto: readonly number[]): Week => week.map((spans, at) => (onto.includes(at) ? (week[from] ?? []) : spans));

/** Minutes of a whole week. */
export const minutesIn = (week: Week) => week.flat().reduce((sum, [from, to]) => sum + to - from, 0);
