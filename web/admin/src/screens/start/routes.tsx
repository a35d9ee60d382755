import type { RouteObject } from "react-router";

/** Before sign-in. */
export const accountRoutes: RouteObject[] = [];

/** The first screen of a workspace. */
export const homeRoutes: RouteObject[] = [];
