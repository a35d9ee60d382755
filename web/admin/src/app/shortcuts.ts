import { useEffect, useRef } from "react";
import { usePreferences } from "./preferences";

/** `KeyG KeyC` is one key after another; `Slash` one alone; `Mod+KeyK` with Ctrl or ⌘. Physical keys, so that
 *  they are in the same place on an Arabic keyboard. */
export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

const PAUSE = 1200;

/** Whether the keyboard belongs to something that is being written in. */
function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

const isCovered = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

/** What a pressed key is called in {@link Shortcuts}. */
export function nameOf(event: Pick<KeyboardEvent, "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">): string {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const shift = event.shiftKey ? "Shift+" : "";
  return mod + alt + shift + event.code;
}

/** Acts on keys while the component is shown, unless the member turned single-key shortcuts off (WCAG 2.1.4). */
export function useShortcuts(shortcuts: Shortcuts, enabled = true) {
  const { preferences } = usePreferences();
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    if (!enabled) return;
    let first: { name: string; at: number } | null = null;
    const press = (event: KeyboardEvent) => {
      const name = nameOf(event);
      const alone = !name.startsWith("Mod+") && !name.startsWith("Alt+");
      if (event.defaultPrevented || event.repeat || (alone && (!preferences.shortcuts || isWriting(event.target) || isCovered()))) return;
      const pair = first && event.timeStamp - first.at < PAUSE ? `${first.name} ${name}` : null;
      const act = (pair && current.current[pair]) || current.current[name];
      first = { name, at: event.timeStamp };
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [enabled, preferences.shortcuts]);
}
