import { describe, expect, it } from "vitest";
import en from "@words/en/app_segments.json";
import ar from "@words/ar/app_segments.json";
import { TAKES, type Condition } from "./model";
import { inWords, type Speech } from "./sentence";

type Texts = Record<string, string>;

function speech(texts: Texts): Speech {
  const say = (key: string, values: Record<string, string | number> = {}) => {
    const text = texts[key] ?? texts[`${key}_other`];
    if (text === undefined) throw new Error(`no words for ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  };
  const same = (text: unknown) => String(text);
  return { say, field: same, tag: same, topic: same, campaign: same, event: same, value: same, number: String, list: (items) => items.join(", ") };
}

const english = speech(en as Texts);
const arabic = speech(ar as Texts);

describe("a condition in words", () => {
  it("reads as a sentence", () => {
    const where: Condition = { and: [{ field: "country", op: "is", value: "DE" }, { or: [{ tag: "vip" }, { not: { topic: "news" } }] }] };
    expect(inWords(where, english)).toBe("country is DE and (has the tag vip or not: is subscribed to news)");
    expect(inWords({}, english)).toBe("everybody");
    expect(inWords({ event: "clicked", at_least: 2, within_days: 30 }, english)).toBe("clicked at least 2 times in the last 30 days");
    expect(inWords({ field: "attributes.age", op: "between", value: [25, 34] }, english)).toBe("attributes.age is between 25 and 34");
  });

  it("has words for everything the grammar says, in both languages", () => {
    const fields = Object.keys(TAKES).map((op): Condition => ({ field: "created_at", op, value: op.endsWith("_days") ? 7 : op === "between" ? [1, 2] : op.endsWith("in") ? [1] : "x" }));
    const topics = ["pending", "subscribed", "unsubscribed"].map((state): Condition => ({ topic: "t", state }));
    const events: Condition[] = [{ event: "opened" }, { event: "opened", never: true }, { event: "sent", at_least: 1, at_most: 3, after: "2026-01-01", before: "2026-02-01", campaign: "cmp_1", machine: true }, { event: "sent", at_most: 2 }];
    for (const condition of [...fields, ...topics, ...events, { tag: "a" }]) {
      for (const language of [english, arabic]) {
        const said = inWords({ not: condition }, language);
        expect(said).not.toMatch(/undefined|\{/);
      }
    }
  });

  it("shows what it has no words for", () => {
    expect(inWords({ score: 3 }, english)).toBe('{"score":3}');
  });
});
