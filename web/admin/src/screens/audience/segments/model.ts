/** A condition as the server reads it (docs/reference/segments.md). */
export interface Condition {
  and?: Condition[];
  or?: Condition[];
  not?: Condition;
  field?: string;
  op?: string;
  value?: unknown;
  tag?: string;
  topic?: string;
  state?: string;
  event?: string;
  [other: string]: unknown;
}

/** How often and when, of an event. */
export interface Bounds {
  within_days?: number;
  after?: string;
  before?: string;
  campaign?: string;
  machine?: boolean;
  at_least?: number;
  at_most?: number;
  never?: boolean;
}

interface Place {
  id: number;
  negated: boolean;
}

export type FieldRule = Place & { kind: "field"; field: string; op: string; value: unknown };
export type TagRule = Place & { kind: "tag"; tag: string };
export type TopicRule = Place & { kind: "topic"; topic: string; state: string };
export type EventRule = Place & { kind: "event"; event: string; bounds: Bounds };
/** What this builder has no words for: shown, kept, not edited. */
export type OpaqueRule = Place & { kind: "opaque"; condition: Condition };
export type Group = Place & { kind: "group"; all: boolean; parts: Node[] };
export type Rule = FieldRule | TagRule | TopicRule | EventRule | OpaqueRule;
export type Node = Group | Rule;

/** What an operator takes. */
export type Takes = "none" | "one" | "list" | "pair" | "text" | "days" | "day";

export const TAKES: Readonly<Record<string, Takes>> = {
  exists: "none", missing: "none", is: "one", is_not: "one", in: "list", not_in: "list", contains: "text", starts_with: "text", ends_with: "text",
  lt: "one", lte: "one", gt: "one", gte: "one", between: "pair", before: "day", after: "day", on: "day", within_days: "days", older_than_days: "days",
};

const BOUNDS: ReadonlyArray<keyof Bounds> = ["within_days", "after", "before", "campaign", "machine", "at_least", "at_most", "never"];

let last = 0;
const newId = () => (last += 1);

export const group = (all: boolean, parts: Node[] = []): Group => ({ kind: "group", id: newId(), negated: false, all, parts });
export const fieldRule = (field: string, op: string, value?: unknown): FieldRule => ({ kind: "field", id: newId(), negated: false, field, op, value });
export const tagRule = (tag = ""): TagRule => ({ kind: "tag", id: newId(), negated: false, tag });
export const topicRule = (topic = "", state = "subscribed"): TopicRule => ({ kind: "topic", id: newId(), negated: false, topic, state });
export const eventRule = (event: string, bounds: Bounds = {}): EventRule => ({ kind: "event", id: newId(), negated: false, event, bounds });

const hasOnly = (condition: Condition, names: readonly string[]) => Object.keys(condition).every((name) => names.includes(name));

function eventOf(condition: Condition): EventRule | null {
  if (typeof condition.event !== "string" || !hasOnly(condition, ["event", ...BOUNDS])) return null;
  const bounds = Object.fromEntries(BOUNDS.filter((name) => name in condition).map((name) => [name, condition[name]]));
  return eventRule(condition.event, bounds as Bounds);
}

function ruleOf(condition: Condition): Rule {
  const opaque: OpaqueRule = { kind: "opaque", id: newId(), negated: false, condition };
  if (typeof condition.field === "string" && typeof condition.op === "string" && condition.op in TAKES && hasOnly(condition, ["field", "op", "value"])) {
    return fieldRule(condition.field, condition.op, condition.value);
  }
  if (typeof condition.tag === "string" && hasOnly(condition, ["tag"])) return tagRule(condition.tag);
  if (typeof condition.topic === "string" && hasOnly(condition, ["topic", "state"])) return topicRule(condition.topic, condition.state ?? "");
  return eventOf(condition) ?? opaque;
}

function nodeOf(condition: Condition): Node {
  const names = Object.keys(condition);
  if (names.length === 1 && condition.not && typeof condition.not === "object") {
    const inner = nodeOf(condition.not);
    return { ...inner, negated: !inner.negated };
  }
  if (names.length === 1 && Array.isArray(condition.and) && condition.and.length > 0) return group(true, condition.and.map(nodeOf));
  if (names.length === 1 && Array.isArray(condition.or) && condition.or.length > 0) return group(false, condition.or.map(nodeOf));
  return ruleOf(condition);
}

/** The builder's picture of a condition: always one group, which holds for everybody when it is empty. */
export function toModel(where: Condition): Group {
  if (Object.keys(where).length === 0) return group(true);
  const node = nodeOf(where);
  return node.kind === "group" && !node.negated ? node : group(true, [node]);
}

function bare(node: Node): Condition | null {
  switch (node.kind) {
    case "group": {
      const parts = node.parts.map(conditionOfNode).filter((part) => part !== null);
      return parts.length === 0 ? null : node.all ? { and: parts } : { or: parts };
    }
    case "field": return TAKES[node.op] === "none" ? { field: node.field, op: node.op } : { field: node.field, op: node.op, value: node.value };
    case "tag": return { tag: node.tag };
    case "topic": return node.state ? { topic: node.topic, state: node.state } : { topic: node.topic };
    case "event": return { event: node.event, ...node.bounds };
    case "opaque": return node.condition;
  }
}

function conditionOfNode(node: Node): Condition | null {
  const inner = bare(node);
  return inner && node.negated ? { not: inner } : inner;
}

/** The condition of a picture. Empty groups say nothing and are left out; one part alone needs no group around it. */
export function toCondition(root: Group): Condition {
  const condition = conditionOfNode(root);
  if (!condition) return {};
  const [only, ...others] = condition.and ?? condition.or ?? [];
  return only && others.length === 0 ? only : condition;
}

const isFilled = (value: unknown) => value !== undefined && value !== null && value !== "";

function hasValue({ op, value }: FieldRule): boolean {
  switch (TAKES[op]) {
    case "none": return true;
    case "list": return Array.isArray(value) && value.length > 0;
    case "pair": return Array.isArray(value) && value.length === 2 && value.every(isFilled);
    case "days": return typeof value === "number" && Number.isInteger(value) && value >= 0;
    default: return isFilled(value);
  }
}

/** Whether nothing is left to fill in. */
export function isComplete(node: Node): boolean {
  switch (node.kind) {
    case "group": return node.parts.every(isComplete);
    case "field": return node.field !== "" && hasValue(node);
    case "tag": return node.tag !== "";
    case "topic": return node.topic !== "";
    default: return true;
  }
}

/** The picture with one place changed; `null` takes it out. */
export function replace(root: Group, id: number, change: (node: Node) => Node | null): Group {
  const parts = root.parts.flatMap((part) => {
    if (part.id === id) {
      const next = change(part);
      return next ? [next] : [];
    }
    return [part.kind === "group" ? replace(part, id, change) : part];
  });
  return { ...root, parts };
}

/** A node with new ids throughout, to stand beside the one it was copied from. */
export function copy(node: Node): Node {
  return node.kind === "group" ? { ...node, id: newId(), parts: node.parts.map(copy) } : { ...node, id: newId() };
}

export const DEEPEST = 19;

/** How many conditions there are in a picture. */
export const size = (node: Node): number => (node.kind === "group" ? node.parts.reduce((sum, part) => sum + size(part), 0) : 1);
