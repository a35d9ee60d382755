import { Navigate, useLocation } from "react-router";
import { rememberedWorkspace } from "@/app/Entrance";

/** Where providers of calendars send the browser back to: the way on into the workspace that it came from. */
export default function Return() {
  const { search } = useLocation();
  const workspace = rememberedWorkspace();
  return <Navigate replace to={workspace ? `/app/${workspace}/bookings/calendars/connected${search}` : "/app"} />;
}
