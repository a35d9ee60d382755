import { useCallback, useEffect, useRef } from "react";
import { useMay } from "@/app/session";
import type { Design } from "@/screens/content/document";
import { keepPiece } from "./pieces";

/** While somebody writes, a state is kept at most this often. */
const EVERY = 10 * 60_000;

/** Keeps earlier states of a message while it is written: the one it was opened in before its first change, then one
 *  now and then. `keep` keeps the state of now, before something large. Where it cannot be kept, writing goes on. */
export function useStates(about: string | undefined, design: Design) {
  const may = useMay()("templates:write");
  const before = useRef(design);
  const last = useRef(0);
  const store = useCallback((state: Design) => {
    if (!about || !may) return;
    last.current = Date.now();
    void keepPiece("state", "", state, about).catch(() => {});
  }, [about, may]);
  useEffect(() => {
    if (before.current === design) return;
    if (Date.now() - last.current > EVERY) store(before.current);
    before.current = design;
  }, [design, store]);
  return useCallback(() => store(before.current), [store]);
}
