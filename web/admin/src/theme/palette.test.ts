import { describe, expect, it } from "vitest";
import { contrast, PAIRS } from "./palette";

describe("the palette", () => {
  it.each(PAIRS)("is readable: %s", (_name, text, ground) => {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it("knows the extremes", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#123456", "#123456")).toBe(1);
  });
});
