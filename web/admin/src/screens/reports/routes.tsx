import { lazy } from "react";
import type { RouteObject } from "react-router";

const Reports = lazy(() => import("./Reports"));

export const reportRoutes: RouteObject[] = [{ path: "reports", element: <Reports /> }];
