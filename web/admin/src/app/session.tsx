import { createContext, useContext, type ReactNode } from "react";
import type { components } from "@/api/schema";
import { api } from "@/api/client";
import { currentWorkspace } from "./place";

export type Session = components["schemas"]["SessionAnswer"];

export type Membership = components["schemas"]["SessionWorkspace"];

const Context = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

/** Who is signed in. Only below the shell, which waits for it. */
export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("no session here");
  return session;
}

export const memberships = (session: Session) => session.workspaces;

/** The member's place in the current workspace. */
export function useMembership(): Membership {
  const session = useSession();
  const found = memberships(session).find(({ workspace }) => workspace === currentWorkspace());
  if (!found) throw new Error("no member of this workspace");
  return found;
}

/** Whether the signed-in member may do something here: `useMay()("campaigns:send")`. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useMembership();
  return (permission) => permissions.includes(permission);
}

export const useSessionQuery = () => api.useQuery("get", "/v1/session", {}, { retry: false, staleTime: 60_000 });
