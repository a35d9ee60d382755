import { afterEach, describe, expect, it } from "vitest";
import { cleanup, render } from "@testing-library/react";
import { PreviewFrame } from "./PreviewFrame";

const HOSTILE = '<script>parent.document.title="taken"</script><img src=x onerror="parent.document.title=\'taken\'"><a href="javascript:parent.boom()">x</a>';

afterEach(cleanup);

describe("the frame of a message", () => {
  const frame = () => render(<PreviewFrame html={HOSTILE} title="mail" width={640} height={400} remote />).container.querySelector("iframe");

  it("allows nothing: no scripts, no origin of ours, no forms, no way to the top", () => {
    expect(frame()?.getAttribute("sandbox")).toBe("");
    expect(frame()?.hasAttribute("allow")).toBe(false);
  });

  it("carries the message as text of an attribute, never as markup of the page", () => {
    const { container } = render(<PreviewFrame html={HOSTILE} title="mail" width={640} height={400} />);
    expect(container.querySelector("script, img, a")).toBeNull();
    expect(container.querySelector("iframe")?.getAttribute("src")).toBeNull();
    expect(container.querySelector("iframe")?.getAttribute("srcdoc")).toContain("default-src 'none'");
  });
});
