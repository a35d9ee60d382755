import { describe, expect, it } from "vitest";
import { contrast, readable, toneOf } from "./tone";

const theme = { width: 600, bg: "#f2f4f3", surface: "#ffffff", text: "#242b2f", link: "#0b6e66", brand: "#0b6e66", font: "plex" as const, radius: 6, dark: null };

describe("the colours of a row", () => {
  it("are those of the theme where they can be read", () => {
    expect(toneOf(theme, undefined)).toMatchObject({ bg: "#ffffff", text: "#242b2f", link: "#0b6e66", brand: "#0b6e66" });
  });

  it("give way on a background of another kind", () => {
    const dark = toneOf(theme, "#101314");
    expect([dark.text, dark.link, dark.brand]).toEqual(["#ffffff", "#ffffff", "#0b6e66"]);
    expect(contrast(dark.muted, dark.bg)).toBeGreaterThan(4.5);
    expect(readable("#c48712")).toBe("#1a1d21");
    expect(toneOf(theme, "#FFF").text).toBe("#242b2f");
  });
});
