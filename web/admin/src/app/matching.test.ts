import { describe, expect, it } from "vitest";
import { matches } from "./matching";

describe("the palette finds", () => {
  it("by beginnings of words, in any order", () => {
    expect(matches("New campaign", "camp new")).toBe(true);
    expect(matches("New campaign", "segment")).toBe(false);
  });

  it("Arabic however it is spelled, with and without the article", () => {
    expect(matches("الحملات الإعلانية", "حملات")).toBe(true);
    expect(matches("الإعدادات", "اعدادات")).toBe(true);
    expect(matches("قائمة الجمهور", "قائمه")).toBe(true);
  });
});
