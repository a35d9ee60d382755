import { Navigate } from "react-router";
import { api } from "@/api/client";
import { isProblem } from "@/api/problem";
import { Waiting } from "@/ui/Waiting";
import { Failed } from "@/ui/Failed";
import { memberships, useSessionQuery } from "./session";

const KEPT = "barid.workspace";

export const rememberWorkspace = (id: string) => localStorage.setItem(KEPT, id);
export const rememberedWorkspace = () => localStorage.getItem(KEPT);

/** Where somebody goes who comes to the bare address: to work, to sign in, or to the first run. */
export function Entrance() {
  const session = useSessionQuery();
  const outside = isProblem(session.error) && session.error.status === 401;
  const setup = api.useQuery("get", "/v1/setup", {}, { enabled: outside });
  if (session.data) {
    const mine = memberships(session.data);
    const kept = mine.find(({ workspace }) => workspace === rememberedWorkspace()) ?? mine[0];
    return <Navigate replace to={kept ? `/app/${kept.workspace}/home` : "/sign-in"} />;
  }
  if (outside && setup.data) return <Navigate replace to={setup.data.needed ? "/setup" : "/sign-in"} />;
  const error = outside ? setup.error : session.error;
  return error ? <Failed error={error} again={() => void (outside ? setup.refetch() : session.refetch())} /> : <Waiting />;
}
