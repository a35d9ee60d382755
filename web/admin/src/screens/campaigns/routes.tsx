import type { RouteObject } from "react-router";

export const campaignRoutes: RouteObject[] = [];
