import { afterEach, describe, expect, it, vi } from "vitest";
import { cleanup, fireEvent, render } from "@testing-library/react";
import { nameOf, useShortcuts, type Shortcuts } from "./shortcuts";

function Page({ shortcuts }: { shortcuts: Shortcuts }) {
  useShortcuts(shortcuts);
  return <input aria-label="box" />;
}

const press = (target: Element | Window, code: string, more = {}) => fireEvent.keyDown(target, { code, ...more });

afterEach(cleanup);

describe("shortcuts", () => {
  it("follow the place of a key, not its letter", () => {
    const open = vi.fn();
    render(<Page shortcuts={{ "KeyG KeyC": open }} />);
    fireEvent.keyDown(window, { code: "KeyG", key: "ل" });
    fireEvent.keyDown(window, { code: "KeyC", key: "ؤ" });
    expect(open).toHaveBeenCalledOnce();
  });

  it("leave alone whoever is writing, except with Ctrl", () => {
    const [create, palette] = [vi.fn(), vi.fn()];
    const page = render(<Page shortcuts={{ KeyC: create, "Mod+KeyK": palette }} />);
    const box = page.getByLabelText("box");
    press(box, "KeyC");
    press(box, "KeyK", { ctrlKey: true });
    expect(create).not.toHaveBeenCalled();
    expect(palette).toHaveBeenCalledOnce();
  });

  it("have one name each", () => {
    expect(nameOf({ code: "KeyZ", ctrlKey: true, metaKey: false, shiftKey: true, altKey: false })).toBe("Mod+Shift+KeyZ");
  });
});
