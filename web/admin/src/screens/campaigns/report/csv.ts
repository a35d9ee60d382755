import type { Report } from "../CampaignReport";

/** A cell that no spreadsheet takes for a formula. */
export const cell = (value: string | number) => {
  const text = String(value);
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

/** A count; of hits those by people, not by machines. */
const people = (count: number | { human: number } | null) => (typeof count === "object" ? (count?.human ?? 0) : count);

/** The report as a table of three columns: kind, what, number. Codes are the API's own, for programs that read it. */
export function reportCsv(report: Pick<Report, "funnel" | "links" | "series" | "bounced_by_class" | "failed_by_class" | "denied_by_reason">): string {
  const rows: Array<[string, string, number]> = [
    ...report.funnel.map(({ step, people }): [string, string, number] => ["funnel", step, people]),
    ...Object.entries(report.bounced_by_class).map(([code, people]): [string, string, number] => ["bounced", code, people]),
    ...Object.entries(report.failed_by_class).map(([code, people]): [string, string, number] => ["failed", code, people]),
    ...Object.entries(report.denied_by_reason).map(([code, people]): [string, string, number] => ["denied", code, people]),
    ...report.links.map(({ url, clicks }): [string, string, number] => ["link", url, clicks.human]),
    ...report.series.flatMap(({ at, ...counts }) => Object.entries(counts).map(([what, count]): [string, number] => [what, people(count)]).filter(([, count]) => count > 0).map(([what, count]): [string, string, number] => [`at ${at}`, what, count])),
  ];
  return [["kind", "what", "count"], ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}
