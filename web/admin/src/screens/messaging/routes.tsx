import { lazy } from "react";
import type { RouteObject } from "react-router";

const Messaging = lazy(() => import("./Messaging"));
const Return = lazy(() => import("./balance/Return"));

export const messagingRoutes: RouteObject[] = [{ path: "messaging/*", element: <Messaging /> }];

/** Payment providers know one address for all workspaces. */
export const messagingReturn: RouteObject[] = [{ path: "/app/messaging/balance", element: <Return /> }];
