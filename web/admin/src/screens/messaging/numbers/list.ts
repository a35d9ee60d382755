import { latinDigits } from "@/i18n/format";
import { CAPABILITIES, type NewNumber } from "./server";

/** A number as it is handed in: without the spaces and brackets that people write. `00` in front is a plus. */
export const plainNumber = (typed: string) => latinDigits(typed).replace(/[\s()\-.\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").replace(/^00/, "+");

const COLUMNS = ["number", "capabilities", "route", "tags"] as const;
type Column = (typeof COLUMNS)[number];

export interface ReadNumbers {
  items: Array<{ line: number; item: NewNumber }>;
  wrong: Array<{ line: number; column: "number" | "capabilities" }>;
}

const separatorOf = (line: string) => ["\t", ";", ","].find((sign) => line.includes(sign)) ?? ",";
const cell = (text: string | undefined) => (text ?? "").trim().replace(/^"(.*)"$/, "$1").trim();
const several = (text: string) => text.split(/[\s+|/،]+/).filter(Boolean);

/** Reads numbers as spreadsheets write them, one a line. A heading may name the columns in any order; without one they
 *  are number, capabilities, route, tags. Several of a kind stand with a blank or a bar between them. */
export function readNumbers(text: string, originator: boolean): ReadNumbers {
  const read: ReadNumbers = { items: [], wrong: [] };
  let order: readonly (Column | null)[] = COLUMNS;
  text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/).forEach((whole, at) => {
    if (whole.trim() === "") return;
    const values = whole.split(separatorOf(whole)).map(cell);
    const heading = values.map((value) => COLUMNS.find((column) => column === value.toLowerCase()) ?? null);
    if (read.items.length + read.wrong.length === 0 && heading.includes("number")) {
      order = heading;
      return;
    }
    const of = (column: Column) => values[order.indexOf(column)] ?? "";
    const line = at + 1;
    const number = plainNumber(of("number"));
    if (!/^(\+\d{7,15}|\d{3,15})$/.test(number)) return void read.wrong.push({ line, column: "number" });
    const capabilities = several(of("capabilities").toLowerCase());
    if (!capabilities.every((one) => CAPABILITIES.some((known) => known === one))) return void read.wrong.push({ line, column: "capabilities" });
    const settings = { ...(capabilities.length > 0 ? { capabilities } : {}), ...(of("route") ? { route: of("route") } : {}), tags: of("tags").split(/[|،]/).map((tag) => tag.trim()).filter(Boolean) };
    read.items.push({ line, item: { number: number.length > 6 && !number.startsWith("+") ? `+${number}` : number, originator, settings } });
  });
  return read;
}
