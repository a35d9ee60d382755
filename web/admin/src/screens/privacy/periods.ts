/** Splits an ISO 8601 period of one unit (`P6M`, `P30D`, `P2Y`) as the server writes them. */
export function readPeriod(text: string): { count: number; unit: "day" | "month" | "year" } | null {
  const found = /^P(\d+)([DMYW])$/.exec(text);
  if (!found) return null;
  const count = Number(found[1]);
  if (found[2] === "W") return { count: count * 7, unit: "day" };
  return { count, unit: found[2] === "D" ? "day" : found[2] === "M" ? "month" : "year" };
}

/** A period in words of the reader's language: “6 months”, «٦ أشهر». */
export function periodInWords(text: string, tag: string): string {
  const period = readPeriod(text);
  if (!period) return text;
  const whole = period.unit === "month" && period.count % 12 === 0 && period.count > 0 ? { count: period.count / 12, unit: "year" as const } : period;
  return new Intl.NumberFormat(tag, { style: "unit", unit: whole.unit, unitDisplay: "long" }).format(whole.count);
}
