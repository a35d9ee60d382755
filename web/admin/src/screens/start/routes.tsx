import { lazy } from "react";
import { Navigate, type RouteObject } from "react-router";

const SignIn = lazy(() => import("./SignIn"));
const Forgot = lazy(() => import("./Forgot"));
const FirstRun = lazy(() => import("./FirstRun"));
const Home = lazy(() => import("./Home"));
const Setup = lazy(() => import("./setup/Setup"));

/** Before sign-in. */
export const accountRoutes: RouteObject[] = [
  { path: "/sign-in", element: <SignIn /> },
  { path: "/forgot", element: <Forgot /> },
  { path: "/setup", element: <FirstRun /> },
];

/** The first screens of a workspace. */
export const homeRoutes: RouteObject[] = [
  { index: true, element: <Navigate replace to="home" /> },
  { path: "home", element: <Home /> },
  { path: "setup", element: <Setup /> },
];
