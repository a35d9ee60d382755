import { describe, expect, it } from "vitest";
import { namesOf } from "./form";

describe("the fields of a form", () => {
  it("have the names that the server uses for them", () => {
    expect(namesOf({ owner: { email: "", password: "" }, topics: ["a"], name: null })).toEqual(["owner.email", "owner.password", "topics", "name"]);
  });
});
