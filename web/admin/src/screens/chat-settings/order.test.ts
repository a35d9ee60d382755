import { describe, expect, it } from "vitest";
import { changed, keyOf, moved, without } from "./order";

describe("a list that people arrange", () => {
  it("moves one thing and loses none", () => {
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
    expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "b", "c"]);
  });

  it("changes and removes by place", () => {
    expect(changed([{ n: 1 }, { n: 2 }], 1, { n: 3 })).toEqual([{ n: 1 }, { n: 3 }]);
    expect(without([1, 2, 3], 1)).toEqual([1, 3]);
  });
});

describe("the key of a field", () => {
  it("comes from its label and is never taken twice", () => {
    expect(keyOf("Order number!", [])).toBe("order_number");
    expect(keyOf("رقم الطلب", [])).toBe("field");
    expect(keyOf("رقم الطلب", ["field"])).toBe("field_2");
  });
});
