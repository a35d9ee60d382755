import { describe, expect, it } from "vitest";
import { safePlace } from "./SignIn";

describe("after signing in", () => {
  it("one goes where one wanted to go, inside the application", () => {
    expect(safePlace("/app/ws_1/campaigns?state=draft")).toBe("/app/ws_1/campaigns?state=draft");
  });

  it.each([null, "", "https://evil.example", "//evil.example", "/\\evil.example", "/app\\..\\evil", "/apple", "javascript:alert(1)"])("never elsewhere: %s", (next) => {
    expect(safePlace(next)).toBe("/");
  });
});
