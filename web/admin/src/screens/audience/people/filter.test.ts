import { describe, expect, it } from "vitest";
import { conditionOf, NEWEST, readFilter, searchOf, writeFilter } from "./filter";

const read = (text: string) => readFilter(new URLSearchParams(text));

describe("the filter of the audience", () => {
  it("stands in the address and comes back from it", () => {
    const filter = read("q=%D9%84%D9%8A%D9%84%D9%89&topic=top_1&topic_state=pending&tag=tag_1&other=x");
    expect(filter).toEqual({ q: "ليلى", topic: "top_1", topic_state: "pending", tag: "tag_1" });
    expect(read(writeFilter(filter, NEWEST))).toEqual(filter);
    expect(writeFilter({}, "email")).toBe("sort=email");
  });

  it("has no state without a topic", () => {
    expect(read("topic_state=pending&status=none")).toEqual({ status: "none" });
  });

  it("asks the server in its words", () => {
    expect(searchOf({ tag: "tag_1" }, "-created_at", ["email"], "")).toEqual({ tag: "tag_1", sort: "created_at", order: "desc", limit: 50, columns: ["email"] });
    expect(searchOf({}, "name", [], "c1")).toMatchObject({ order: "asc", cursor: "c1" });
  });

  it("becomes a segment", () => {
    expect(conditionOf({ tag: "tag_1" }, [], null)).toEqual({ tag: "tag_1" });
    expect(conditionOf({ topic: "top_1", tag: "tag_1" }, [], { topic: "top_2" })).toEqual({
      and: [{ topic: "top_1", state: "subscribed" }, { tag: "tag_1" }, { topic: "top_2" }],
    });
    expect(conditionOf({ q: "layla" }, [], {})).toEqual({});
    expect(conditionOf({ status: "pending" }, ["a", "b"], null)).toEqual({
      and: [
        { or: [{ topic: "a", state: "pending" }, { topic: "b", state: "pending" }] },
        { not: { or: [{ topic: "a", state: "subscribed" }, { topic: "b", state: "subscribed" }] } },
      ],
    });
    expect(conditionOf({ status: "none" }, ["a"], null)).toEqual({
      not: { or: [{ topic: "a", state: "subscribed" }, { topic: "a", state: "pending" }, { topic: "a", state: "unsubscribed" }] },
    });
  });
});
