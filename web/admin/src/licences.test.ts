import { describe, expect, it } from "vitest";
import { isFree, packageOf } from "../licences.mjs";

describe("what may be bundled", () => {
  it("is decided by licence, also where there is a choice", () => {
    expect(["MIT", "ISC", "OFL-1.1", "(MIT OR GPL-3.0)", "MIT AND ISC"].filter(isFree)).toHaveLength(5);
    expect(["", "GPL-3.0", "MIT AND GPL-3.0", "SEE LICENSE IN LICENSE.md", "PrimeUI"].filter(isFree)).toEqual([]);
  });

  it("is found from a module of it", () => {
    expect(packageOf("/barid/web/admin/src/main.tsx")).toBeNull();
    expect(packageOf(import.meta.resolve("react").replace("file://", ""))).toMatchObject({ name: "react", licence: "MIT" });
  });
});
