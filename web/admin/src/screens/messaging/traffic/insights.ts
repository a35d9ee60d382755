import type { paths } from "@/api/schema";
import { lastDays, length, type Period } from "@/screens/reports/period";

export type Insights = paths["/v1/messages/insights"]["get"]["responses"][200]["content"]["application/json"];
export type Group = Insights["groups"][number];
export type Figures = Group["figures"];

export const GROUPS = ["day", "country", "network", "route", "originator"] as const;
export type GroupBy = (typeof GROUPS)[number];
export const FILTERS = ["country", "network", "route", "originator"] as const;
export const PRESETS = ["7", "30", "90"] as const;
/** Most days of one answer. */
export const LONGEST = 92;

const FORM = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text: string) => FORM.test(text) && !Number.isNaN(Date.parse(text));

/** What an address asks for: so many days, or two days; the last thirty when it makes no sense. */
export function periodOf(days: string, from: string, to: string, now: number): Period {
  if (isDay(from) && isDay(to) && from <= to && length({ from, to }) <= LONGEST) return { from, to };
  return lastDays((PRESETS as readonly string[]).includes(days) ? Number(days) : 30, now);
}

/** What a period asks of the server: its own last thirty days need not be named, for only it knows which day it is there. */
export const asked = ({ from, to }: Period, usual: boolean) => (usual ? {} : { from, to });

const NAMES = ["messages", "parts", "sent", "delivered", "undelivered", "failed", "in_doubt", "under_way", "refused", "delivery_rate", "receipt_median_seconds", "receipt_p95_seconds", "spend_micros"] as const;
const quoted = (value: string | number | null | undefined) => { const text = value === null || value === undefined ? "" : String(value); return /^[=+\-@\t]/.test(text) && typeof value === "string" ? `"'${text.replaceAll('"', '""')}"` : `"${text.replaceAll('"', '""')}"`; };

/** Every group with every figure, as spreadsheets read it. */
export function csvOf({ groups, group_by, currency }: Pick<Insights, "groups" | "group_by" | "currency">): string {
  const head = [group_by, "name", ...NAMES, "currency"].map(quoted).join(",");
  return [head, ...groups.map(({ key, name, figures }) => [key, name, ...NAMES.map((one) => figures[one]), currency].map(quoted).join(","))].join("\r\n");
}

/** The groups as a chart draws them: days in their order, anything else by weight, and no more than it has room for. */
export function drawn(groups: readonly Group[], group_by: string, most: number): Array<Record<string, string | number>> {
  const rows = group_by === "day" ? [...groups].sort((a, b) => a.key.localeCompare(b.key)) : [...groups].sort((a, b) => b.figures.messages - a.figures.messages).slice(0, most);
  return rows.map(({ key, figures: { delivered, undelivered, failed, in_doubt, under_way, refused } }) => ({ at: key, delivered, under_way: under_way + in_doubt, failed: failed + undelivered, refused }));
}
