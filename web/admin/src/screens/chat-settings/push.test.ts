import { describe, expect, it } from "vitest";
import { keyBytes } from "./push";

describe("the server's key", () => {
  it("is read from its url-safe form without padding", () => {
    expect([...keyBytes("_-8B")]).toEqual([255, 239, 1]);
    expect([...keyBytes("AQ")]).toEqual([1]);
  });
});
