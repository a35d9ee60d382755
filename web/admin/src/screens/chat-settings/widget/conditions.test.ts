import { describe, expect, it } from "vitest";
import { CONDITIONS } from "../shapes";
import { conditionOf, opsOf, valueKind } from "./conditions";

describe("a condition of a greeting", () => {
  it("begins with a value and a comparison that fit its kind", () => {
    for (const kind of CONDITIONS) {
      const { op, value } = conditionOf(kind);
      expect(opsOf(kind)).toContain(op);
      const fits = { number: typeof value === "number", text: typeof value === "string", list: Array.isArray(value), countries: Array.isArray(value), views: typeof value === "object", attribute: typeof value === "object", none: value === true };
      expect(fits[valueKind(kind)], kind).toBe(true);
    }
  });
});
