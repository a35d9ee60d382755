import { queryOptions } from "@tanstack/react-query";
import { fetchClient } from "@/api/client";

/** Parameters of a request whose answer the description of the API leaves open. */
export interface Asked {
  params?: { query?: Record<string, string | number | boolean | undefined>; path?: Record<string, string> };
  body?: unknown;
}

interface Untyped {
  request(way: string, path: string, init: object): Promise<{ data?: unknown; error?: unknown; response: Response }>;
}

/** One request; throws the problem that the server answers. */
export async function ask<T = void>(way: "get" | "post" | "put" | "patch" | "delete", path: string, asked: Asked = {}): Promise<T> {
  const { data, error } = await (fetchClient as unknown as Untyped).request(way, path, asked);
  if (error) throw error;
  return data as T;
}

/** A query with the key that `stale(path)` finds. */
export const reading = <T>(path: string, asked: Asked = {}) => queryOptions({ queryKey: ["get", path, asked] as const, queryFn: () => ask<T>("get", path, asked) });
