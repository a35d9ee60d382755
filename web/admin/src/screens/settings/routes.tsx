import { lazy } from "react";
import { Navigate, type RouteObject } from "react-router";

const Settings = lazy(() => import("./Settings"));
const General = lazy(() => import("./General"));
const SendingSettings = lazy(() => import("./SendingSettings"));
const Members = lazy(() => import("./Members"));
const Keys = lazy(() => import("./Keys"));
const Webhooks = lazy(() => import("./Webhooks"));
const WebhookPage = lazy(() => import("./WebhookPage"));
const Audit = lazy(() => import("./Audit"));
const Profile = lazy(() => import("./Profile"));
const NewWorkspace = lazy(() => import("./NewWorkspace"));
const AboutServer = lazy(() => import("./AboutServer"));

export const settingsRoutes: RouteObject[] = [
  {
    path: "settings",
    element: <Settings />,
    children: [
      { index: true, element: <Navigate replace to="general" /> },
      { path: "general", element: <General /> },
      { path: "sending", element: <SendingSettings /> },
      { path: "members", element: <Members /> },
      { path: "keys", element: <Keys /> },
      { path: "webhooks", element: <Webhooks /> },
      { path: "webhooks/:id", element: <WebhookPage /> },
      { path: "audit", element: <Audit /> },
      { path: "profile", element: <Profile /> },
      { path: "about", element: <AboutServer /> },
    ],
  },
  { path: "settings/workspaces/new", element: <NewWorkspace /> },
];
