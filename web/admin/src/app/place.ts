import { useSearchParams } from "react-router";
import { useCallback } from "react";

let workspace: string | null = null;

/** The workspace that requests and links are about. */
export const currentWorkspace = () => workspace;
export const enterWorkspace = (id: string | null) => {
  workspace = id;
};

/** The address of a place in the current workspace: `to("/campaigns")`. */
export const to = (path: string) => `/app/${workspace ?? "-"}${path}`;

/** One value in the address: filters, sort order, page and tab survive reload and can be shared. */
export function useUrlState(name: string, otherwise = ""): [string, (value: string) => void] {
  const [parameters, change] = useSearchParams();
  const set = useCallback(
    (value: string) =>
      change(
        (now) => {
          const next = new URLSearchParams(now);
          if (value === otherwise || value === "") next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
    [change, name, otherwise],
  );
  return [parameters.get(name) ?? otherwise, set];
}
