import { useMemo, useRef, useState } from "react";

/** The steps that can be taken back, and again forwards. */
export interface History<T> {
  past: readonly T[];
  now: T;
  future: readonly T[];
  /** What the last step was about, and when; steps of one kind in quick succession are one. */
  last: { what: string; at: number } | null;
}

export const STEPS = 100;
const ONE_STEP = 1200;

export const beginning = <T,>(now: T): History<T> => ({ past: [], now, future: [], last: null });

export function stepped<T>(history: History<T>, now: T, what: string, at: number): History<T> {
  const { past, last } = history;
  const goesOn = last !== null && last.what === what && at - last.at < ONE_STEP && past.length > 0;
  return { past: goesOn ? past : [...past, history.now].slice(-STEPS), now, future: [], last: { what, at } };
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], last: null };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future, last: null };
}

/** A value whose changes can be taken back. `tell` hears of every change made here. */
export function useHistory<T>(initial: T, tell: (value: T) => void) {
  const [shown, show] = useState(() => beginning(initial));
  // Two changes may come between two drawings: each goes on from the other, not from what is drawn.
  const latest = useRef(shown);
  const teller = useRef(tell);
  teller.current = tell;
  return useMemo(() => {
    const put = (next: History<T>) => {
      latest.current = next;
      show(next);
    };
    const go = (next: History<T>) => {
      if (next === latest.current) return;
      put(next);
      teller.current(next.now);
    };
    return {
      value: shown.now,
      canUndo: shown.past.length > 0,
      canRedo: shown.future.length > 0,
      change: (value: T, what: string) => go(stepped(latest.current, value, what, Date.now())),
      undo: () => go(undone(latest.current)),
      redo: () => go(redone(latest.current)),
      /** Takes a value from elsewhere: there is no way back behind it. */
      reset: (value: T) => put(beginning(value)),
    };
  }, [shown]);
}
