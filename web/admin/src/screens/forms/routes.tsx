import { lazy } from "react";
import type { RouteObject } from "react-router";

const Forms = lazy(() => import("./Forms"));
const NewForm = lazy(() => import("./NewForm"));
const FormPage = lazy(() => import("./FormPage"));

export const formRoutes: RouteObject[] = [
  { path: "forms", element: <Forms /> },
  { path: "forms/new", element: <NewForm /> },
  { path: "forms/:id", element: <FormPage /> },
];
