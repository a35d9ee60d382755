import { lazy } from "react";
import type { RouteObject } from "react-router";

const Messaging = lazy(() => import("./Messaging"));

export const messagingRoutes: RouteObject[] = [{ path: "messaging/*", element: <Messaging /> }];
