import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failed } from "./Failed";
import { Waiting } from "./Waiting";

/** A query's three states: waiting, failed with another try, and there. What is there stays while it is read anew. */
export function Loaded<T>({ query, children, lines }: { query: UseQueryResult<T, unknown>; children: (data: T) => ReactNode; lines?: number }) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} again={() => void query.refetch()} />;
  return <Waiting lines={lines} />;
}
