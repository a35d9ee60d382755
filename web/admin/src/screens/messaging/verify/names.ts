import { useMay } from "@/app/session";
import { useServices } from "./server";

/** Names of verification services by id; the id for those who may not see services. */
export function useServiceNames(): (id: string) => string {
  const { data } = useServices(useMay()("routes:read"));
  return (id) => data?.items.find((service) => service.id === id)?.name ?? id;
}
