/** Who sees a row, as rows of a form, read from and written to the condition of the document: `plan == "gold"`. */

export const OPERATORS = ["is", "is_not", "contains", "above", "below", "known", "unknown"] as const;
export type Operator = (typeof OPERATORS)[number];

/** One comparison. The field `tag` asks for a tag of the person, `segment` for a saved segment by its id; both with `is`
 *  and `is_not` alone. */
export interface Comparison {
  field: string;
  op: Operator;
  value: string;
}

/** Comparisons that must all hold, or of which one must. */
export interface Condition {
  join: "and" | "or";
  parts: Comparison[];
}

export const TAG = "tag";
export const SEGMENT = "segment";
export const isGroup = (field: string) => field === TAG || field === SEGMENT;
export const hasValue = (op: Operator) => op !== "known" && op !== "unknown";

const SIGNS: Record<string, Operator> = { "==": "is", "=": "is", "!=": "is_not", contains: "contains", ">": "above", "<": "below" };
const WRITTEN: Record<string, string> = { is: "==", is_not: "!=", contains: "contains", above: ">", below: "<" };

/** Words, signs and quoted texts; a quoted text keeps a mark in front. */
function tokens(text: string): string[] | null {
  const out: string[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const found = /^(?:"([^"]*)"|'([^']*)'|«([^»]*)»|“([^”]*)”)/.exec(rest);
    const word = /^(?:[\p{L}\p{N}_.-]+|==|!=|=|>(?!=)|<(?!=))/u.exec(rest);
    const piece = found ?? word;
    if (!piece) return null;
    out.push(found ? `\u0000${found[1] ?? found[2] ?? found[3] ?? found[4] ?? ""}` : piece[0]);
    rest = rest.slice(piece[0].length).trimStart();
  }
  return out;
}

const isText = (token: string | undefined): token is string => token !== undefined && (token.startsWith("\u0000") || /^-?\d+(\.\d+)?$/.test(token));
const textOf = (token: string) => token.replace("\u0000", "");

function comparison(list: readonly string[]): Comparison | null {
  const negated = list[0] === "not";
  const [field, sign, value, ...more] = negated ? list.slice(1) : list;
  if (!field || isText(field) || ["and", "or", "not"].includes(field) || more.length > 0) return null;
  // A field of the workspace that is called segment is written by hand.
  if (isGroup(field)) return isText(sign) && value === undefined ? { field, op: negated ? "is_not" : "is", value: textOf(sign) } : null;
  if (sign === undefined) return { field, op: negated ? "unknown" : "known", value: "" };
  const op = SIGNS[sign];
  return op && !negated && isText(value) ? { field, op, value: textOf(value) } : null;
}

/** A condition as rows of a form; null when it says more than such rows can. */
export function parsed(text: string): Condition | null {
  const all = tokens(text);
  if (all === null) return null;
  if (all.length === 0) return { join: "and", parts: [] };
  const join = all.includes("or") ? "or" : "and";
  if (join === "or" && all.includes("and")) return null;
  const groups = all.reduce<string[][]>((groups, token) => (token === join ? [...groups, []] : [...groups.slice(0, -1), [...(groups.at(-1) ?? []), token]]), [[]]);
  const parts = groups.map(comparison);
  return parts.every((part) => part !== null) ? { join, parts } : null;
}

/** A text in quotes that do not stand in it; the notation knows no other way to write them. */
function quoted(text: string): string {
  if (!text.includes('"')) return `"${text}"`;
  return text.includes("'") ? `«${text.replaceAll("»", "")}»` : `'${text}'`;
}

export function written({ join, parts }: Condition): string {
  const one = ({ field, op, value }: Comparison) => {
    if (isGroup(field)) return `${op === "is_not" ? "not " : ""}${field} ${quoted(value)}`;
    if (!hasValue(op)) return `${op === "unknown" ? "not " : ""}${field}`;
    return `${field} ${WRITTEN[op]} ${quoted(value)}`;
  };
  return parts.filter(({ field }) => field !== "").map(one).join(` ${join} `);
}
