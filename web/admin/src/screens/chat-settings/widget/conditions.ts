import type { Condition, ConditionKind } from "../shapes";

type ValueKind = "number" | "text" | "list" | "countries" | "views" | "attribute" | "none";

const TEXT = ["is", "contains", "starts", "not_contains"] as const;

/** What a condition is compared with. */
export function valueKind(kind: ConditionKind): ValueKind {
  switch (kind) {
    case "exit_intent": return "none";
    case "matching_views": return "views";
    case "url_funnel": return "list";
    case "attribute": return "attribute";
    case "url":
    case "visited_url":
    case "referrer":
    case "language": return "text";
    case "country": return "countries";
    default: return "number";
  }
}

/** How a condition may be compared. */
export function opsOf(kind: ConditionKind): readonly string[] {
  switch (kind) {
    case "url":
    case "visited_url":
    case "referrer": return TEXT;
    case "attribute": return ["is", "contains"];
    case "language":
    case "country":
    case "exit_intent":
    case "url_funnel": return ["is"];
    default: return ["ge"];
  }
}

const FIRST: Record<ValueKind, Condition["value"]> = { number: 30, text: "", list: ["", ""], countries: [], views: { count: 2, url: "" }, attribute: { name: "", value: "" }, none: true };

/** A condition of a kind, with a value that fits it. */
export const conditionOf = (kind: ConditionKind): Condition => ({ kind, op: opsOf(kind)[0] ?? "is", value: kind === "scroll" ? 50 : kind === "language" ? "ar" : FIRST[valueKind(kind)] });
