import { describe, expect, it } from "vitest";
import { codeOf, fieldErrors } from "./problem";

const problem = (fields?: Array<{ field: string; detail: string }>) => ({
  type: "about:blank", title: "Invalid", status: 422, code: "invalid_input", detail: "three are wrong", fields,
});

describe("problems", () => {
  it("stand beside the field they concern", () => {
    const told = fieldErrors(problem([{ field: "name", detail: "is missing" }, { field: "tags[2]", detail: "too long" }]), ["name", "tags"]);
    expect(told).toEqual({ fields: { name: "is missing", tags: "too long" }, rest: [] });
  });

  it("lose nothing that has no field here", () => {
    expect(fieldErrors(problem([{ field: "elsewhere", detail: "wrong" }]), ["name"]).rest).toEqual(["elsewhere: wrong"]);
    expect(fieldErrors(problem(), ["name"]).rest).toEqual(["three are wrong"]);
  });

  it("of a lost connection have a code, too", () => {
    expect(codeOf(new TypeError("failed to fetch"))).toBe("offline");
    expect(codeOf(problem())).toBe("invalid_input");
  });
});
