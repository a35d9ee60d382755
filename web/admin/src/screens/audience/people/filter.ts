import type { Search } from "../shapes";
import type { Condition } from "../segments/model";

/** What the list of people is narrowed by; each member stands in the address under its own name. */
export interface Filter {
  q?: string;
  topic?: string;
  topic_state?: string;
  tag?: string;
  segment?: string;
  status?: string;
}

export const FILTERS = ["q", "topic", "topic_state", "tag", "segment", "status"] as const;
export const STATUSES = ["subscribed", "pending", "unsubscribed", "none"] as const;
export const TOPIC_STATES = ["subscribed", "pending", "unsubscribed"] as const;
export const NEWEST = "-created_at";
export const PAGE = 50;

export function readFilter(parameters: URLSearchParams): Filter {
  const filter: Filter = {};
  for (const name of FILTERS) {
    const value = parameters.get(name)?.trim();
    if (value) filter[name] = value;
  }
  if (!filter.topic) delete filter.topic_state;
  return filter;
}

/** The address of a filter, as saved views keep it. */
export function writeFilter(filter: Filter, sort: string): string {
  const parameters = new URLSearchParams();
  for (const name of FILTERS) {
    const value = filter[name];
    if (value) parameters.set(name, value);
  }
  if (sort !== NEWEST) parameters.set("sort", sort);
  return parameters.toString();
}

export const isNarrowed = (filter: Filter) => FILTERS.some((name) => filter[name]);

/** The question to the server. `sort` is `name` or `-name`. */
export function searchOf(filter: Filter, sort: string, columns: readonly string[], cursor: string): Search {
  return {
    ...filter,
    sort: sort.replace(/^-/, ""),
    order: sort.startsWith("-") ? "desc" : "asc",
    limit: PAGE,
    columns: [...columns],
    ...(cursor ? { cursor } : {}),
  };
}

const oneOf = (parts: Condition[]): Condition => (parts.length === 1 ? (parts[0] as Condition) : { or: parts });

/** The four kinds of membership in the words of segments, over all topics there are. */
function membership(status: string, topics: readonly string[]): Condition {
  const inState = (state: string) => oneOf(topics.map((topic) => ({ topic, state })));
  const not = (part: Condition): Condition => ({ not: part });
  switch (status) {
    case "subscribed": return inState("subscribed");
    case "pending": return { and: [inState("pending"), not(inState("subscribed"))] };
    case "unsubscribed": return { and: [inState("unsubscribed"), not(inState("subscribed")), not(inState("pending"))] };
    default: return not({ or: ["subscribed", "pending", "unsubscribed"].map(inState) });
  }
}

/** The filter as a condition that a segment can keep. Searched words are none: they change with what is typed. */
export function conditionOf(filter: Filter, topics: readonly string[], within: Condition | null): Condition {
  const parts: Condition[] = [];
  if (filter.topic) parts.push({ topic: filter.topic, state: filter.topic_state ?? "subscribed" });
  if (filter.tag) parts.push({ tag: filter.tag });
  if (filter.status && topics.length > 0) parts.push(membership(filter.status, topics));
  if (within && Object.keys(within).length > 0) parts.push(within);
  if (parts.length === 0) return {};
  return parts.length === 1 ? (parts[0] as Condition) : { and: parts };
}
