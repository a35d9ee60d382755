import { latinDigits } from "@/i18n/format";
import { amountText, microsOf } from "../money";
import type { Price } from "../server";

export const SERVICES = ["sms", "voice"] as const;
export const SENDER_KINDS = ["name", "number", "short_code"] as const;

const COLUMNS = ["service", "country", "network", "sender", "amount", "since"] as const;
type Column = (typeof COLUMNS)[number];

export interface Read {
  lines: Price[];
  /** Lines that say nothing that could be a price, with the column that is wrong. */
  wrong: Array<{ line: number; column: Column }>;
}

/** What stands between the fields of a line: the first of these that occurs in it. */
const separatorOf = (line: string) => ["\t", ";", ","].find((sign) => line.includes(sign)) ?? ",";

const cell = (text: string | undefined) => (text ?? "").trim().replace(/^"(.*)"$/, "$1").replaceAll('""', '"').trim();
/** "Any" is written as nothing, a star or a dash. */
const any = (text: string) => (text === "*" || text === "-" ? "" : text);

function priceOf(cells: Record<Column, string>): Price | Column {
  const service = cells.service.toLowerCase() || "sms";
  if (!SERVICES.some((known) => known === service)) return "service";
  const country = any(cells.country).toUpperCase();
  if (!/^([A-Z]{2})?$/.test(country)) return "country";
  const network = latinDigits(any(cells.network));
  if (!/^(\d{5,6})?$/.test(network)) return "network";
  const sender = any(cells.sender).toLowerCase();
  if (sender !== "" && !SENDER_KINDS.some((known) => known === sender)) return "sender";
  const amount_micros = microsOf(cells.amount);
  if (amount_micros === null || amount_micros < 0) return "amount";
  const since = cells.since === "" ? null : new Date(latinDigits(cells.since));
  if (since !== null && Number.isNaN(since.getTime())) return "since";
  return { service, country, network, sender, amount_micros, since: since?.toISOString() ?? null };
}

/** Reads a price list as spreadsheets write it. A heading line may name the columns in any order; without one they
 *  are service, country, network, sender, amount, since. */
export function readPrices(text: string): Read {
  const read: Read = { lines: [], wrong: [] };
  let order: readonly (Column | null)[] = COLUMNS;
  text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/).forEach((line, at) => {
    if (line.trim() === "") return;
    const values = line.split(separatorOf(line)).map(cell);
    const heading = values.map((value) => COLUMNS.find((column) => column === value.toLowerCase()) ?? null);
    if (read.lines.length + read.wrong.length === 0 && heading.includes("amount")) {
      order = heading;
      return;
    }
    const cells = Object.fromEntries(COLUMNS.map((column) => [column, values[order.indexOf(column)] ?? ""])) as Record<Column, string>;
    const price = priceOf(cells);
    if (typeof price === "string") read.wrong.push({ line: at + 1, column: price });
    else read.lines.push(price);
  });
  return read;
}

/** The list as a file that {@link readPrices} reads. */
export function asCsv(prices: readonly Price[]): string {
  const rows = prices.map(({ service, country, network, sender, amount_micros, since }) => [service, country ?? "", network ?? "", sender ?? "", amountText(amount_micros), since ?? ""].join(","));
  return [COLUMNS.join(","), ...rows].join("\r\n");
}
