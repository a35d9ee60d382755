import { describe, expect, it } from "vitest";
import { detailOf, missing } from "./basis";

describe("the evidence of a basis", () => {
  it("is asked for", () => {
    expect(missing({ basis: "soft_opt_in", terms: {} })?.name).toBe("sale_at");
    expect(missing({ basis: "consent", terms: { source: "fair", wording: " " } })?.name).toBe("wording");
    expect(missing({ basis: "implied_consent", terms: { kind: "enquiry" } })).toBeUndefined();
  });

  it("is written as the ledger reads it, without what belongs to another basis", () => {
    expect(detailOf({ basis: "consent", terms: { source: "fair ", wording: "yes please", sale_at: "2026-01-01" } })).toEqual({ source: "fair", wording: "yes please" });
    expect(detailOf({ basis: "soft_opt_in", terms: { sale_at: "2026-01-01", similar_goods: "yes" } })).toEqual({
      sale_at: "2026-01-01", similar_goods: true, opt_out_offered_at_collection: false, opt_out_offered_each_time: false, relationship: "customer", collected_in: "sale",
    });
  });
});
