import { describe, expect, it } from "vitest";
import { copy, fieldRule, group, isComplete, replace, size, tagRule, toCondition, toModel, TAKES, topicRule, type Condition, type Node } from "./model";

/** A small generator with a seed, so that a failure can be looked at again. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

const VALUES: Record<string, unknown> = { one: "DE", list: [1, 2, 3], pair: ["2026-01-01", "2026-06-30"], text: "الخط", days: 30, day: "2026-11-21" };

function anyRule(roll: (sides: number) => number): Condition {
  const ops = Object.keys(TAKES);
  switch (roll(5)) {
    case 0: {
      const op = ops[roll(ops.length)] as string;
      const takes = TAKES[op] as string;
      return takes === "none" ? { field: "country", op } : { field: "attributes.x", op, value: VALUES[takes] };
    }
    case 1: return { tag: `tag_${roll(9)}` };
    case 2: return roll(2) ? { topic: "news" } : { topic: "news", state: "pending" };
    case 3: return { event: "opened", within_days: roll(90), at_least: 1 + roll(5), machine: roll(2) === 1 };
    default: return { score: { above: roll(10) } };
  }
}

/** A condition as the builder would write it: no double negation; groups of two and more. */
function anyCondition(roll: (sides: number) => number, depth: number): Condition {
  if (depth === 0 || roll(3) === 0) return roll(4) === 0 ? { not: anyRule(roll) } : anyRule(roll);
  const parts = Array.from({ length: 2 + roll(3) }, () => anyCondition(roll, depth - 1));
  const condition = roll(2) ? { and: parts } : { or: parts };
  return roll(5) === 0 ? { not: condition } : condition;
}

describe("a condition and its picture", () => {
  it("are the same, whatever the condition", () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const where = anyCondition(dice(seed), 4);
      expect(toCondition(toModel(where)), `seed ${seed}`).toEqual(where);
    }
  });

  it("keep what the builder does not know", () => {
    for (const strange of [{ score: 3 }, { field: "country", op: "resembles", value: "x" }, { tag: "a", since: "2026" }, { event: "opened", device: "phone" }, { and: [] }] as Condition[]) {
      const model = toModel({ or: [strange, { tag: "vip" }] });
      expect(model.parts[0]?.kind).toBe("opaque");
      expect(toCondition(model)).toEqual({ or: [strange, { tag: "vip" }] });
    }
  });

  it("lose only what says nothing", () => {
    expect(toCondition(toModel({}))).toEqual({});
    expect(toCondition(toModel({ and: [{ tag: "a" }] }))).toEqual({ tag: "a" });
    expect(toCondition(toModel({ not: { not: { tag: "a" } } }))).toEqual({ tag: "a" });
    expect(toCondition(group(true, [group(false), tagRule("a")]))).toEqual({ tag: "a" });
    expect(toCondition(group(true, [group(false, [group(true)])]))).toEqual({});
  });

  it("keep a negated group at the top apart from its negation", () => {
    const where: Condition = { not: { or: [{ tag: "a" }, { tag: "b" }] } };
    const model = toModel(where);
    expect(model).toMatchObject({ negated: false, all: true, parts: [{ kind: "group", negated: true, all: false }] });
    expect(toCondition(model)).toEqual(where);
  });
});

describe("the picture", () => {
  it("is complete when nothing is left to fill in", () => {
    expect(isComplete(group(true))).toBe(true);
    expect(isComplete(group(true, [tagRule()]))).toBe(false);
    expect(isComplete(group(true, [group(false, [topicRule("news")]), fieldRule("phone", "missing")]))).toBe(true);
    expect(isComplete(fieldRule("country", "in", []))).toBe(false);
    expect(isComplete(fieldRule("attributes.age", "between", [1, ""]))).toBe(false);
    expect(isComplete(fieldRule("created_at", "within_days", 1.5))).toBe(false);
    expect(isComplete(fieldRule("attributes.member", "is", false))).toBe(true);
  });

  it("changes in one place and nowhere else", () => {
    const inner = tagRule("a");
    const root = group(true, [group(false, [inner, tagRule("b")]), tagRule("c")]);
    const changed = replace(root, inner.id, (node) => ({ ...node, negated: true }));
    expect(toCondition(changed)).toEqual({ and: [{ or: [{ not: { tag: "a" } }, { tag: "b" }] }, { tag: "c" }] });
    expect(toCondition(replace(root, inner.id, () => null))).toEqual({ and: [{ or: [{ tag: "b" }] }, { tag: "c" }] });
    expect(size(root)).toBe(3);
  });

  it("is copied with ids of its own", () => {
    const ids = (node: Node): number[] => [node.id, ...(node.kind === "group" ? node.parts.flatMap(ids) : [])];
    const root = group(true, [tagRule("a"), group(false, [tagRule("b")])]);
    const again = copy(root);
    expect(ids(again).filter((id) => ids(root).includes(id))).toEqual([]);
    expect(toCondition(again as typeof root)).toEqual(toCondition(root));
  });
});
