import { lazy, type ReactNode } from "react";
import { useRoutes, type RouteObject } from "react-router";
import { NotFound } from "@/app/NotFound";

const Log = lazy(() => import("./log/Log"));
const MessagePage = lazy(() => import("./log/MessagePage"));
const Ways = lazy(() => import("./routes/Ways"));
const Balance = lazy(() => import("./balance/Balance"));
const Numbers = lazy(() => import("./numbers/Numbers"));
const Verify = lazy(() => import("./verify/Verify"));
const ServicePage = lazy(() => import("./verify/ServicePage"));
const Calls = lazy(() => import("./calls/log/Calls"));
const CallPage = lazy(() => import("./calls/log/CallPage"));
const Flows = lazy(() => import("./calls/flows/Flows"));
const FlowPage = lazy(() => import("./calls/flows/FlowPage"));
const Trunks = lazy(() => import("./calls/trunks/Trunks"));
const CallLimits = lazy(() => import("./calls/Limits"));
const Customers = lazy(() => import("./smpp/Customers"));
const Traffic = lazy(() => import("./traffic/Traffic"));

const at = (path: string, element: ReactNode): RouteObject => ({ path, element });

const PLACES: RouteObject[] = [
  { index: true, element: <Log /> },
  at("messages/:id", <MessagePage />),
  at("numbers", <Numbers />),
  at("verify", <Verify />),
  at("verify/:id", <ServicePage />),
  at("calls", <Calls />),
  at("calls/:id", <CallPage />),
  at("flows", <Flows />),
  at("flows/:id", <FlowPage />),
  at("trunks", <Trunks />),
  at("call-limits", <CallLimits />),
  at("smpp", <Customers />),
  at("routes", <Ways />),
  at("balance", <Balance />),
  at("traffic", <Traffic />),
  at("*", <NotFound />),
];

/** Everything below `messaging`. The shell knows this place alone, and so stays small. */
export default function Messaging() {
  return useRoutes(PLACES);
}
