import createFetchClient from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { QueryClient } from "@tanstack/react-query";
import { currentWorkspace } from "@/app/place";
import { isProblem } from "./problem";
import type { paths } from "./schema";

/** The server's own API, typed by its description. */
export const fetchClient = createFetchClient<paths>({ baseUrl: "/", credentials: "same-origin" });

/** Called when the server no longer knows this session. */
let onSignedOut: () => void = () => {};
export const whenSignedOut = (act: () => void) => {
  onSignedOut = act;
};

fetchClient.use({
  onRequest({ request }) {
    const workspace = currentWorkspace();
    if (workspace) request.headers.set("X-Barid-Workspace", workspace);
    return request;
  },
  onResponse({ request, response }) {
    const path = new URL(request.url).pathname;
    if (response.status === 401 && path !== "/v1/session" && path !== "/v1/session/second-factor") onSignedOut();
    return response;
  },
});

/** Queries and mutations: `api.useQuery("get", "/v1/campaigns")`, `api.useMutation("post", …)`. */
export const api = createQueryClient(fetchClient);

export interface Answered<T> { data?: T; error?: unknown; response: Response }

/** What was answered. Throws the problem that the server told, and whatever else is no answer. */
export async function got<T>(asked: Promise<Answered<T>>): Promise<Exclude<T, undefined>> {
  const { data, error, response } = await asked;
  if (error !== undefined && error !== "") throw error;
  if (!response.ok) throw new TypeError(`status ${response.status}`);
  return data as Exclude<T, undefined>;
}

/** What went wrong with the question itself will go wrong again. */
const worthAnotherTry = (failures: number, error: unknown) => failures < 2 && !isProblem(error);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: worthAnotherTry, refetchOnWindowFocus: true, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});

/** Has everything below a path read anew, whatever the parameters: `stale("/v1/campaigns")`. */
export function stale(...paths: string[]) {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => paths.some((path) => typeof queryKey[1] === "string" && queryKey[1].startsWith(path)),
  });
}
