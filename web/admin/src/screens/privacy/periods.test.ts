import { describe, expect, it } from "vitest";
import { periodInWords, readPeriod } from "./periods";

describe("periods", () => {
  it("are read as the server writes them", () => {
    expect(readPeriod("P6M")).toEqual({ count: 6, unit: "month" });
    expect(readPeriod("P2W")).toEqual({ count: 14, unit: "day" });
    expect(readPeriod("PT5M")).toBeNull();
  });

  it("are said in words", () => {
    expect(periodInWords("P30D", "en")).toBe("30 days");
    expect(periodInWords("P24M", "en")).toBe("2 years");
    expect(periodInWords("P1M", "en")).toBe("1 month");
    expect(periodInWords("P6M", "ar-u-nu-latn")).toContain("6");
    expect(periodInWords("forever", "en")).toBe("forever");
  });
});
