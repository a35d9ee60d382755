import { describe, expect, it } from "vitest";
import type { Contact } from "../shapes";
import { changesOf, valuesOf } from "./details";

const person: Contact = {
  id: "con_1", email: "layla@example.org", emails: ["layla@example.org"], phones: [], first_name: "ليلى", last_name: null, attributes: { plan: "gold", age: 30, member: true },
  tags: [], topics: {}, events: [], archived: false, version: 3, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z",
};

describe("changes of a person", () => {
  it("are none when nothing was touched", () => {
    expect(changesOf(person, valuesOf(person))).toEqual({});
  });

  it("name only what is different, and clear what was emptied", () => {
    const values = { ...valuesOf(person), first_name: "", last_name: " حداد ", attributes: { plan: "silver", age: "30", member: "", city: "Amman" } };
    expect(changesOf(person, values)).toEqual({ first_name: null, last_name: "حداد", attributes: { plan: "silver", member: null, city: "Amman" } });
  });

  it("add and take away addresses", () => {
    const values = { ...valuesOf(person), emails: ["new@example.org"], phones: ["+966501234567"], source: "phone call" };
    expect(changesOf(person, values)).toEqual({ emails: ["new@example.org"], phones: ["+966501234567"], remove: ["layla@example.org"], source: "phone call" });
  });
});
