import type { RouteObject } from "react-router";

export const audienceRoutes: RouteObject[] = [];
