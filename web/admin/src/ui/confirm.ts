import { useSyncExternalStore, type ReactNode } from "react";

export interface Question {
  title: string;
  /** What will happen, with exact numbers. */
  text: ReactNode;
  /** The verb on the button. */
  button: string;
  destroys?: boolean;
  /** What must be typed first, for what cannot be taken back and concerns many. */
  type?: string;
  act: () => void | Promise<unknown>;
}

let asked: Question | null = null;
const listeners = new Set<() => void>();

function put(question: Question | null) {
  asked = question;
  for (const listener of listeners) listener();
}

/** Asks before what cannot be undone. What can be undone is done at once and offers `undoable`. */
export const confirm = (question: Question) => put(question);
export const answered = () => put(null);

/** The question that waits for an answer. */
export function useQuestion(): Question | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked,
  );
}
