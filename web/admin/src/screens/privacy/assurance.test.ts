import { describe, expect, it } from "vitest";
import { readDetail } from "./assurance";

describe("what is behind a check", () => {
  it("is read with its figures", () => {
    expect(readDetail("version 2026-11, 4 days old, 0 rows past their review")).toEqual({ code: "pack", figures: ["2026-11", "4", "0"] });
    expect(readDetail("3 open, 1 past a term")).toEqual({ code: "incidents", figures: ["3", "1"] });
    expect(readDetail("3 open, 1 past the legal term, 2 past the target")).toEqual({ code: "requests", figures: ["3", "1", "2"] });
    expect(readDetail("nothing is past its class")).toEqual({ code: "nothing_due", figures: [] });
  });

  it("is left alone when it is something else", () => {
    expect(readDetail("dpo, hosting")).toBeNull();
  });
});
