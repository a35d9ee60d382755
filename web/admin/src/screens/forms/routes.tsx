import type { RouteObject } from "react-router";

export const formRoutes: RouteObject[] = [];
