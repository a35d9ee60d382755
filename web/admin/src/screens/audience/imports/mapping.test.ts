import { describe, expect, it } from "vitest";
import type { FileColumn } from "../shapes";
import { faults, lacks, parameters, propose, queryOf, type Origin } from "./mapping";

const column = (index: number, name: string, guessed_field: string | null = null): FileColumn => ({ index, name, attribute_key: name, guessed_field, samples: [], filled: 1 });
const ORIGIN: Origin = { topic: "News", basis: "consent", source: "shop", collected_on: "2026-11-01", sale_date: "", assessment: "", reason: "", purchased: false, vendor: "", contract: "", collection: "", tracking: false };

describe("the mapping of a file", () => {
  const columns = [column(0, "البريد", "email"), column(1, "E-Mail 2", "email"), column(2, "المدينه"), column(3, "note")];

  it("starts from what is recognised and leaves out the rest", () => {
    const mapping = propose(columns, [{ key: "city", label: "المدينة" }]);
    expect(parameters(columns, mapping)).toEqual(["0:email", "1:drop", "2:attribute_key:city", "3:drop"]);
  });

  it("names what is wrong with it", () => {
    expect(faults({ 0: { to: "drop" } })).toEqual([{ code: "no_identifier" }]);
    expect(faults({ 0: { to: "field", name: "email" }, 1: { to: "field", name: "email" } })).toEqual([{ code: "twice", target: "email" }]);
    expect(faults({ 0: { to: "field", name: "phone" }, 1: { to: "new", label: " " } })).toEqual([{ code: "no_label", column: 1 }]);
    expect(faults({ 0: { to: "field", name: "phone" }, 1: { to: "new", label: "City" }, 2: { to: "drop" }, 3: { to: "drop" } })).toEqual([]);
  });

  it("knows what each basis needs", () => {
    const mapping = { 0: { to: "field", name: "email" } } as const;
    expect(lacks(ORIGIN, mapping)).toEqual([]);
    expect(lacks({ ...ORIGIN, basis: "", source: " " }, mapping)).toEqual(["basis", "source"]);
    expect(lacks({ ...ORIGIN, basis: "consent_doi" }, mapping)).toEqual(["confirmed_at"]);
    expect(lacks({ ...ORIGIN, basis: "consent_doi" }, { 1: { to: "field", name: "confirmed_at" } })).toEqual([]);
    expect(lacks({ ...ORIGIN, basis: "soft_opt_in" }, mapping)).toEqual(["sale_date"]);
    expect(lacks({ ...ORIGIN, basis: "soft_opt_in", sale_date: "2026-10-01" }, mapping)).toEqual([]);
    expect(lacks({ ...ORIGIN, basis: "legitimate_interest" }, mapping)).toEqual(["assessment", "reason"]);
    expect(lacks({ ...ORIGIN, purchased: true, vendor: "X" }, mapping)).toEqual(["contract", "collection"]);
  });

  it("asks the server without what belongs to another basis", () => {
    const query = queryOf({ ...ORIGIN, sale_date: "2026-01-01", vendor: "X", tracking: true }, ["0:email", "1:drop"], true);
    expect(query.toString()).toBe("topic=News&basis=consent&source=shop&collected_on=2026-11-01&tracking=true&map=0%3Aemail&map=1%3Adrop&dry_run=true");
  });
});
