import { describe, expect, it } from "vitest";
import { fitted, scaled, WIDEST } from "./resize";

describe("a picture in the measures of mail", () => {
  it("is made no wider than fine screens show, in its own shape", () => {
    expect(fitted(4000, 3000)).toEqual({ width: WIDEST, height: 900 });
    expect(fitted(WIDEST, 9000)).toBeNull();
    expect(fitted(100_000, 1)).toEqual({ width: WIDEST, height: 1 });
  });

  it("stays as it is when it moves or cannot be read", async () => {
    const gif = new File(["GIF89a"], "a.gif", { type: "image/gif" });
    const broken = new File(["no picture"], "a.png", { type: "image/png" });
    expect([await scaled(gif), await scaled(broken)]).toEqual([gif, broken]);
  });
});
