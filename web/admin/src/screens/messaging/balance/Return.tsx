import { Navigate, useLocation } from "react-router";
import { rememberedWorkspace } from "@/app/Entrance";

/** Where the payment provider sends the browser back to: the way on into the workspace that it came from. */
export default function Return() {
  const { search } = useLocation();
  const workspace = rememberedWorkspace();
  const asked = new URLSearchParams(search);
  asked.set("tab", "recharge");
  return <Navigate replace to={workspace ? `/app/${workspace}/messaging/balance?${asked}` : "/app"} />;
}
