import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { CodeFrame } from "./CodeFrame";
import { cellOf, frameOfCell } from "./rendered";

const rendered = (inside: string) => `<html><head><style>p{margin:13px 0}</style></head><body><div class="bd-s b-alone"><div class="mj-column-per-100"><table><tbody><tr><td><div style="color:#123456">${inside}</div></td></tr></tbody></table></div></div></body></html>`;
const ORIGIN = "https://barid.example";

describe("a block as the server rendered it", () => {
  it("is found, or is not there", () => {
    expect(cellOf(rendered("<p>Words</p>"))?.innerHTML).toBe("<p>Words</p>");
    expect(cellOf("")).toBeNull();
  });

  it("is shown with its message's styles, under a policy that comes before everything of it", () => {
    const cell = cellOf(rendered("<p>Words</p>")) as HTMLElement;
    const frame = frameOfCell(cell, { dir: "rtl", lang: "ar" }, ORIGIN);
    expect(frame).toContain("p{margin:13px 0}");
    const policy = /content="([^"]+)"/.exec(frame)?.[1] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src|https: |\*/);
    expect(frame.indexOf("Content-Security-Policy")).toBeLessThan(frame.indexOf("<style>"));
  });

  it("runs nothing and is not reached, whatever it brings along", () => {
    const cell = cellOf(rendered('<script>top.owned=1</' + 'script><img src="x" onerror="top.owned=1"><a href="javascript:top.owned=1">x</a>')) as HTMLElement;
    const { container } = render(<CodeFrame cell={cell} dir="ltr" lang="en" />);
    const frame = container.querySelector("iframe") as HTMLIFrameElement;
    expect(frame.getAttribute("sandbox")).toBe("allow-same-origin");
    expect([frame.getAttribute("aria-hidden"), frame.tabIndex, frame.hasAttribute("inert")]).toEqual(["true", -1, true]);
    expect(frame.srcdoc).toContain("default-src 'none'");
    expect(container.querySelectorAll("script, img, a")).toHaveLength(0);
  });
});
