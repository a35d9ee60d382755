import { lazy } from "react";
import { Navigate, type RouteObject } from "react-router";
import { chatSettingsRoute } from "@/screens/chat-settings/routes";

const Inbox = lazy(() => import("./Inbox"));
const Conversations = lazy(() => import("./Conversations"));
const Visitors = lazy(() => import("./Visitors"));
const Team = lazy(() => import("./Team"));
const Archive = lazy(() => import("./Archive"));
const Reports = lazy(() => import("./Reports"));

export const inboxRoutes: RouteObject[] = [
  {
    path: "inbox",
    element: <Inbox />,
    children: [
      { index: true, element: <Navigate replace to="conversations" /> },
      { path: "conversations/:id?", element: <Conversations /> },
      { path: "visitors", element: <Visitors /> },
      { path: "team", element: <Team /> },
      { path: "archive", element: <Archive /> },
      { path: "reports", element: <Reports /> },
      chatSettingsRoute,
    ],
  },
];
