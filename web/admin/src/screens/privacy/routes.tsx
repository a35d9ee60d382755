import { lazy } from "react";
import { Navigate, type RouteObject } from "react-router";

const Privacy = lazy(() => import("./Privacy"));
const Overview = lazy(() => import("./Overview"));
const Requests = lazy(() => import("./Requests"));
const Request = lazy(() => import("./Request"));
const Replies = lazy(() => import("./Replies"));
const Reply = lazy(() => import("./Reply"));
const Retention = lazy(() => import("./Retention"));
const Ledger = lazy(() => import("./Ledger"));
const Rules = lazy(() => import("./Rules"));
const Registers = lazy(() => import("./registers/Registers"));
const Incidents = lazy(() => import("./incidents/Incidents"));
const Incident = lazy(() => import("./incidents/Incident"));
const Authorities = lazy(() => import("./incidents/Authorities"));
const Lawfulness = lazy(() => import("./lawfulness/Lawfulness"));
const Notices = lazy(() => import("./notices/Notices"));
const Cookies = lazy(() => import("./cookies/Cookies"));
const CookieSite = lazy(() => import("./cookies/CookieSite"));

export const privacyRoutes: RouteObject[] = [
  {
    path: "privacy",
    element: <Privacy />,
    children: [
      { index: true, element: <Navigate replace to="overview" /> },
      { path: "overview", element: <Overview /> },
      { path: "requests", element: <Requests /> },
      { path: "requests/:id", element: <Request /> },
      { path: "replies", element: <Replies /> },
      { path: "replies/:id", element: <Reply /> },
      { path: "retention", element: <Retention /> },
      { path: "ledger", element: <Ledger /> },
      { path: "rules", element: <Rules /> },
      { path: "registers", element: <Registers /> },
      { path: "incidents", element: <Incidents /> },
      { path: "incidents/:id", element: <Incident /> },
      { path: "authorities", element: <Authorities /> },
      { path: "lawfulness", element: <Lawfulness /> },
      { path: "notices", element: <Notices /> },
      { path: "cookies", element: <Cookies /> },
      { path: "cookies/:id", element: <CookieSite /> },
    ],
  },
];
