import { lazy } from "react";
import type { RouteObject } from "react-router";

const People = lazy(() => import("./people/People"));
const Contact = lazy(() => import("./contact/Contact"));
const Imports = lazy(() => import("./imports/Imports"));
const ImportRun = lazy(() => import("./imports/ImportRun"));
const Segments = lazy(() => import("./segments/Segments"));
const Segment = lazy(() => import("./segments/Segment"));
const Topics = lazy(() => import("./structure/Topics"));
const Tags = lazy(() => import("./structure/Tags"));
const Fields = lazy(() => import("./structure/Fields"));

export const audienceRoutes: RouteObject[] = [
  { path: "audience", element: <People /> },
  { path: "audience/people/:id", element: <Contact /> },
  { path: "audience/import", element: <Imports /> },
  { path: "audience/import/:id", element: <ImportRun /> },
  { path: "audience/segments", element: <Segments /> },
  { path: "audience/segments/new", element: <Segment key="new" /> },
  { path: "audience/segments/:id", element: <Segment key="saved" /> },
  { path: "audience/topics", element: <Topics /> },
  { path: "audience/tags", element: <Tags /> },
  { path: "audience/fields", element: <Fields /> },
];
