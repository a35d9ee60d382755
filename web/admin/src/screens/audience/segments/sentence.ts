import type { Bounds, Condition, Group, Node } from "./model";
import { toModel } from "./model";

/** What a sentence needs from its language: words with places to fill, and the names of things. */
export interface Speech {
  /** `say("op.is", { value: … })`. */
  say: (key: string, values?: Record<string, string | number>) => string;
  field: (name: string) => string;
  tag: (tag: string) => string;
  topic: (topic: string) => string;
  campaign: (campaign: string) => string;
  event: (event: string) => string;
  value: (value: unknown, field: string) => string;
  number: (value: number) => string;
  list: (items: string[]) => string;
}

function often({ at_least: least, at_most: most, never }: Bounds, speech: Speech): string {
  const { say, number } = speech;
  if (never || most === 0) return say("often.never");
  if (least !== undefined && most !== undefined) return say("often.between", { low: number(least), high: number(most) });
  if (most !== undefined) return say("often.at_most", { count: most, n: number(most) });
  if (least !== undefined && least > 1) return say("often.at_least", { count: least, n: number(least) });
  return say("often.once");
}

function happened(name: string, bounds: Bounds, speech: Speech): string {
  const parts = [occurrence(name, bounds, speech)];
  if (bounds.within_days !== undefined) parts.push(speech.say("when.within", { count: bounds.within_days, n: speech.number(bounds.within_days) }));
  if (bounds.after) parts.push(speech.say("when.after", { day: speech.value(bounds.after, "created_at") }));
  if (bounds.before) parts.push(speech.say("when.before", { day: speech.value(bounds.before, "created_at") }));
  if (bounds.campaign) parts.push(speech.say("when.campaign", { name: speech.campaign(bounds.campaign) }));
  if (bounds.machine) parts.push(speech.say("when.machine"));
  return parts.join(" ");
}

const occurrence = (name: string, bounds: Bounds, speech: Speech) => speech.say("event", { what: speech.event(name), often: often(bounds, speech) });

function valueOf(node: Extract<Node, { kind: "field" }>, speech: Speech): string {
  const one = (value: unknown) => speech.value(value, node.field);
  if (node.op === "between" && Array.isArray(node.value)) return speech.say("between", { low: one(node.value[0]), high: one(node.value[1]) });
  if (Array.isArray(node.value)) return speech.list(node.value.map(one));
  if (typeof node.value === "number" && node.op.endsWith("_days")) return speech.say("days", { count: node.value, n: speech.number(node.value) });
  return node.value === undefined ? "…" : one(node.value);
}

function plain(node: Node, speech: Speech, deep: boolean): string {
  switch (node.kind) {
    case "group": return parts(node, speech, deep);
    case "field": return speech.say(`sentence.${node.op}`, { field: speech.field(node.field), value: valueOf(node, speech) });
    case "tag": return speech.say("sentence.tag", { name: speech.tag(node.tag) });
    case "topic": return speech.say(`sentence.topic.${node.state || "subscribed"}`, { name: speech.topic(node.topic) });
    case "event": return happened(node.event, node.bounds, speech);
    case "opaque": return JSON.stringify(node.condition);
  }
}

function parts(node: Group, speech: Speech, deep: boolean): string {
  if (node.parts.length === 0) return speech.say("sentence.everybody");
  const said = node.parts.map((part) => sentence(part, speech, true));
  if (said.length === 1) return said[0] as string;
  const joined = said.join(node.all ? speech.say("join.and") : speech.say("join.or"));
  return deep ? `(${joined})` : joined;
}

function sentence(node: Node, speech: Speech, deep: boolean): string {
  const said = plain(node, speech, deep || node.negated);
  return node.negated ? speech.say("sentence.not", { what: said }) : said;
}

/** A condition as one sentence. */
export const inWords = (where: Condition, speech: Speech): string => sentence(toModel(where), speech, false);
