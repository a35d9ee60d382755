import { describe, expect, it } from "vitest";
import { packPage } from "./pack";

const about = { title: "Held <about>", language: "ar", direction: "rtl" };

describe("the page of everything held", () => {
  it("shows every value", () => {
    const page = new DOMParser().parseFromString(packPage({ subject: "con_1", data: [{ field: "name", value: "ليلى" }], none: [], flag: false }, about), "text/html");
    expect(page.documentElement.dir).toBe("rtl");
    expect([...page.querySelectorAll("h2")].map(({ textContent }) => textContent)).toEqual(["subject", "data", "none", "flag"]);
    expect(page.body.textContent).toContain("ليلى");
    expect(page.body.textContent).toContain("false");
  });

  it("runs nothing that a value says", () => {
    const hostile = `</span><script>alert(1)</script><img src=x onerror=alert(1)>`;
    const page = new DOMParser().parseFromString(packPage({ [hostile]: hostile }, about), "text/html");
    expect(page.querySelectorAll("script, img")).toHaveLength(0);
    expect(page.body.textContent).toContain(hostile);
  });
});
