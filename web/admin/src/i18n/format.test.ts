import { describe, expect, it } from "vitest";
import { fold, formatter, latinDigits, localeTag } from "./format";
import { DEFAULT_PREFERENCES } from "@/app/preferences";

describe("formats", () => {
  it("writes the digits that its reader chose", () => {
    const arabic = localeTag("ar", { ...DEFAULT_PREFERENCES, digits: "arab" });
    expect(formatter(arabic).number(12345)).toBe("١٢٬٣٤٥");
    const latin = localeTag("ar", { ...DEFAULT_PREFERENCES, digits: "latn" });
    expect(formatter(latin).number(12345)).toContain("12");
  });

  it("writes the calendar that its reader chose", () => {
    const hijri = localeTag("en", { ...DEFAULT_PREFERENCES, calendar: "islamic-umalqura" });
    expect(formatter(hijri).date("2026-11-22T00:00:00Z")).toContain("1448");
  });

  it("tells how long ago", () => {
    const now = () => new Date("2026-11-22T12:00:00Z").getTime();
    expect(formatter("en", now).relative("2026-11-22T11:00:00Z")).toBe("1 hour ago");
    expect(formatter("en", now).relative("2026-11-24T12:00:00Z")).toBe("in 2 days");
  });

  it("has no share of nothing", () => {
    expect(formatter("en").share(0, 0)).toBe("–");
    expect(formatter("en").share(1, 4)).toBe("25%");
  });

  it("reads every digit and spelling", () => {
    expect(latinDigits("٠٩۱7")).toBe("0917");
    expect(fold("إِلى المدرسة")).toBe(fold("الى المدرسه"));
    expect(fold("ÉCOLE")).toBe("ecole");
  });
});
