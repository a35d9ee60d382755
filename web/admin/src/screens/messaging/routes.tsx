import { lazy } from "react";
import type { RouteObject } from "react-router";

const Log = lazy(() => import("./log/Log"));
const MessagePage = lazy(() => import("./log/MessagePage"));
const Ways = lazy(() => import("./routes/Ways"));
const Balance = lazy(() => import("./balance/Balance"));

export const messagingRoutes: RouteObject[] = [
  { path: "messaging", element: <Log /> },
  { path: "messaging/messages/:id", element: <MessagePage /> },
  { path: "messaging/routes", element: <Ways /> },
  { path: "messaging/balance", element: <Balance /> },
];
