import { describe, expect, it } from "vitest";
import { OPERATORS, parsed, written, type Condition } from "./visibility";

describe("who sees a row", () => {
  it("is read from the document's condition and written back", () => {
    for (const text of ['plan == "gold"', 'plan == "gold" and country != "DE"', 'tag "vip" or not phone', 'segment "seg_1" and not segment "seg_2"', "first_name", 'points > "10"', 'city contains "الرياض"']) {
      const condition = parsed(text);
      expect(condition, text).not.toBeNull();
      expect(written(condition as Condition)).toBe(text);
    }
  });

  it("says so when a condition is more than rows of a form", () => {
    for (const text of ['plan == "gold" and country == "DE" or phone', '(plan == "gold")', 'not plan == "gold"', "plan ==", 'plan >= "3"', "tag", '"gold" == plan', "and", 'segment == "a field of this name"']) {
      expect(parsed(text), text).toBeNull();
    }
  });

  it("comes back the same with any field, operator and value", () => {
    for (const op of OPERATORS) {
      for (const value of ["gold", "two words", 'he said "yes"', "it's", "a and b or not c", "قيمة"]) {
        const condition: Condition = { join: "or", parts: [{ field: "plan", op, value: op === "known" || op === "unknown" ? "" : value }, { field: "tag", op: "is_not", value }] };
        expect(parsed(written(condition))).toEqual(condition);
      }
    }
  });
});
