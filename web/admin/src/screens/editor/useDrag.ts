import { useCallback, useEffect, useRef, useState } from "react";
import type { BlockType } from "@/screens/content/document";
import type { Target } from "./arrange";

/** What is carried: a block of the message, or a new one from the list. */
export type Carried = { kind: "block"; id: string } | { kind: "new"; type: Exclude<BlockType, "footer"> };

export interface Dragging {
  carried: Carried;
  /** Where it would fall; null outside of the message. */
  target: Target | null;
  x: number;
  y: number;
}

/** A pointer that moved less than this pressed a button. */
const STARTS = 6;
const EDGE = 90;
const SPEED = 14;

const numbers = (text: string | undefined) => (text ?? "").split(",").map(Number);

/** The place in the message below a point, from what the canvas says of its parts. */
export function targetAt(x: number, y: number): Target | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const part = element.closest<HTMLElement>("[data-place],[data-gap],[data-column]");
    if (!part) continue;
    if (part.dataset.gap !== undefined) return { gap: Number(part.dataset.gap) };
    if (part.dataset.column !== undefined) {
      const [row = 0, col = 0, at = 0] = numbers(part.dataset.column);
      return { row, col, at };
    }
    const [row = 0, col = 0, at = 0] = numbers(part.dataset.place);
    const { top, height } = part.getBoundingClientRect();
    return { row, col, at: y < top + height / 2 ? at : at + 1 };
  }
  return null;
}

const same = (one: Target | null, other: Target | null) => JSON.stringify(one) === JSON.stringify(other);

/** The press that ends a drag is not a press on the button below it. */
function swallowClick() {
  const swallow = (event: Event) => event.stopPropagation();
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
}

/** Carries blocks with a pointer of any kind. The keyboard has Alt with the arrows instead. */
export function useDrag(drop: (carried: Carried, target: Target) => void) {
  const [dragging, setDragging] = useState<Dragging | null>(null);
  const pressed = useRef<{ carried: Carried; x: number; y: number; pointer: number } | null>(null);
  const now = useRef<Dragging | null>(null);
  const dropped = useRef(drop);
  dropped.current = drop;
  const show = useCallback((next: Dragging | null) => {
    const before = now.current;
    now.current = next;
    if (before === null || next === null || !same(before.target, next.target) || Math.abs(before.x - next.x) + Math.abs(before.y - next.y) > 1) setDragging(next);
  }, []);
  useEffect(() => {
    let scrolls = 0;
    const roll = () => {
      const { current } = now;
      if (!current) return;
      const speed = current.y < EDGE ? -SPEED : current.y > window.innerHeight - EDGE ? SPEED : 0;
      if (speed !== 0) window.scrollBy(0, speed);
      scrolls = requestAnimationFrame(roll);
    };
    const move = ({ clientX: x, clientY: y, pointerId }: PointerEvent) => {
      const start = pressed.current;
      if (!start || start.pointer !== pointerId) return;
      if (!now.current && Math.hypot(x - start.x, y - start.y) < STARTS) return;
      if (!now.current) scrolls = requestAnimationFrame(roll);
      show({ carried: start.carried, target: targetAt(x, y), x, y });
    };
    const end = () => {
      cancelAnimationFrame(scrolls);
      pressed.current = null;
      show(null);
    };
    const up = () => {
      const { current } = now;
      if (current?.target) dropped.current(current.carried, current.target);
      if (current) swallowClick();
      end();
    };
    const escape = (event: KeyboardEvent) => { if (event.key === "Escape" && now.current) { event.preventDefault(); end(); } };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", end);
    window.addEventListener("keydown", escape, true);
    return () => {
      cancelAnimationFrame(scrolls);
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", end);
      window.removeEventListener("keydown", escape, true);
    };
  }, [show]);
  const press = useCallback((carried: Carried, event: React.PointerEvent) => {
    if (event.button !== 0) return;
    pressed.current = { carried, x: event.clientX, y: event.clientY, pointer: event.pointerId };
  }, []);
  return { dragging, press };
}
