import { describe, expect, it } from "vitest";
import { dangling, freshStep } from "./script";

describe("an assistant's script", () => {
  it("names each step once", () => {
    const first = freshStep([]);
    const second = freshStep([first]);
    expect(new Set([first.id, second.id, freshStep([second]).id]).size).toBe(3);
  });

  it("tells which steps lead nowhere", () => {
    const one = { ...freshStep([]), id: "a", choices: [{ label: { en: "x", ar: "س" }, value: "x", next: "b" }] };
    expect([...dangling([one])]).toEqual(["a"]);
    expect([...dangling([one, { ...freshStep([]), id: "b" }])]).toEqual([]);
  });
});
