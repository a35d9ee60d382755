import type { components } from "@/api/schema";

type Schema = components["schemas"];
export type Totals = Schema["ChatFigures"];
export type AgentLine = Schema["ChatPart"];
export type Report = Schema["ChatReport"];

const DAY = 86_400_000;

/** The last so many days, today among them, by the reader's own calendar. */
export function spanOf(days: number, now: Date): { from: string; to: string } {
  const local = (date: Date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return { from: local(new Date(now.getTime() - (days - 1) * DAY)), to: local(now) };
}
