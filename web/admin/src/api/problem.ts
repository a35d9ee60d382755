import type { components } from "./schema";

/** What the server answers when something is wrong (RFC 9457). */
export type Problem = components["schemas"]["Problem"] & Record<string, unknown>;

export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "status" in value && "detail" in value;
}

/** A problem's code; `offline` when no answer came. */
export function codeOf(error: unknown): string {
  return isProblem(error) ? error.code : "offline";
}

/** Errors beside the fields they concern, and what is left for the whole form. */
export function fieldErrors(error: unknown, known: ReadonlyArray<string>): { fields: Record<string, string>; rest: string[] } {
  const fields: Record<string, string> = {};
  const rest: string[] = [];
  if (!isProblem(error)) return { fields, rest };
  for (const { field, detail } of error.fields ?? []) {
    // Some parts of a form are named without the whole that they belong to.
    const name = known.find((wanted) => field === wanted || field.startsWith(`${wanted}.`) || field.startsWith(`${wanted}[`)) ?? known.find((wanted) => wanted.endsWith(`.${field}`));
    if (name) fields[name] = detail;
    else rest.push(`${field}: ${detail}`);
  }
  if (Object.keys(fields).length === 0 && rest.length === 0) rest.push(error.detail);
  return { fields, rest };
}
