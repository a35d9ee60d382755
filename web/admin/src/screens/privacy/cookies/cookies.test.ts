import { describe, expect, it } from "vitest";
import { readEntries, writeEntries } from "./design";

describe("what a service stores", () => {
  it("is read one a line, with its days", () => {
    expect(readEntries("_ga 400\n\n session \n_gid* 1")).toEqual([{ name: "_ga", days: 400 }, { name: "session", days: 0 }, { name: "_gid*", days: 1 }]);
  });

  it("is written as it was read", () => {
    const text = "_ga 400\nsession\n_gid* 1";
    expect(writeEntries(readEntries(text))).toBe(text);
  });
});
