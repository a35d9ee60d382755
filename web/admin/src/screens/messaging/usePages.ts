import { useEffect, useState } from "react";

/** Pages forwards and backwards through a list whose filters may change. */
export function usePages(filters = "") {
  const [cursors, setCursors] = useState<string[]>([]);
  useEffect(() => setCursors([]), [filters]);
  return { cursor: cursors.at(-1), on: (next: string) => setCursors([...cursors, next]), back: cursors.length > 0 ? () => setCursors(cursors.slice(0, -1)) : undefined };
}
