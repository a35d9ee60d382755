import { describe, expect, it } from "vitest";
import { change, lastDays, length, readPeriod, thinned } from "./period";
import { byWeek } from "./weeks";

const NOW = Date.parse("2026-11-22T23:30:00Z");

describe("the period of a report", () => {
  it("counts days with both ends", () => {
    expect(lastDays(7, NOW)).toEqual({ from: "2026-11-16", to: "2026-11-22" });
    expect(length({ from: "2026-02-28", to: "2026-03-01" })).toBe(2);
  });

  it("is what the address asks for, or the last thirty days", () => {
    const month = lastDays(30, NOW);
    expect(readPeriod("", "2026-10-01", "2026-10-31", NOW)).toEqual({ from: "2026-10-01", to: "2026-10-31" });
    expect(readPeriod("90", "", "", NOW)).toEqual(lastDays(90, NOW));
    expect(readPeriod("", "2026-10-31", "2026-10-01", NOW)).toEqual(month);
    expect(readPeriod("", "2026-02-30", "2026-03-01", NOW)).toEqual(month);
    expect(readPeriod("12", "2020-01-01", "2026-01-01", NOW)).toEqual(month);
  });

  it("compares only with something", () => {
    expect(change(12, 10)).toBeCloseTo(0.2);
    expect(change(5, 0)).toBeNull();
    expect(change(5, undefined)).toBeNull();
  });

  it("has few enough values for a line beside a number", () => {
    expect(thinned([1, 2, 3], 5)).toEqual([1, 2, 3]);
    expect(thinned([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([6, 15]);
    expect(thinned([], 3)).toEqual([]);
  });

  it("puts days together without losing any", () => {
    const days = Array.from({ length: 10 }, (_, place) => ({ day: `2026-11-${String(place + 1).padStart(2, "0")}`, joined: 1, left: place }));
    expect(byWeek(days, ["joined", "left"])).toEqual([{ at: "2026-11-01", joined: 7, left: 21 }, { at: "2026-11-08", joined: 3, left: 24 }]);
  });
});
