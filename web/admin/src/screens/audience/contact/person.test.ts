import { describe, expect, it } from "vitest";
import { statusOf } from "./person";

const block = (reason: string) => [{ of: "email", scope: "person", reason, at: "2026-11-01T00:00:00Z" }];
const status = (topics: Record<string, string>, suppressions = block("pause"), archived = false) => statusOf({ archived, topics }, suppressions);

describe("the status of a person", () => {
  it("is the best of their topics", () => {
    expect(status({ News: "unsubscribed", Offers: "subscribed" })).toBe("subscribed");
    expect(status({ News: "unsubscribed", Offers: "pending" })).toBe("pending");
    expect(status({})).toBe("none");
  });

  it("is overruled by what stands against the person", () => {
    expect(status({ News: "subscribed" }, block("complaint"))).toBe("blocked");
    expect(status({ News: "subscribed" }, block("hard_bounce"))).toBe("bounced");
    expect(status({}, block("unsubscribe_all"))).toBe("unsubscribed");
    expect(status({ News: "subscribed" }, block("complaint"), true)).toBe("archived");
  });
});
