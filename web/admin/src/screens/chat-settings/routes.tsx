import { lazy } from "react";
import { Navigate, type RouteObject } from "react-router";

const ChatSettings = lazy(() => import("./ChatSettings"));
const Widgets = lazy(() => import("./Widgets"));
const WidgetPage = lazy(() => import("./widget/WidgetPage"));
const Groups = lazy(() => import("./Groups"));
const Routing = lazy(() => import("./Routing"));
const Canned = lazy(() => import("./Canned"));
const Bots = lazy(() => import("./Bots"));
const BotPage = lazy(() => import("./bot/BotPage"));
const Articles = lazy(() => import("./Articles"));
const Devices = lazy(() => import("@/screens/inbox/sealed/Devices"));
const Channels = lazy(() => import("./Channels"));
const Push = lazy(() => import("./Push"));

export const chatSettingsRoute: RouteObject = {
  path: "settings",
  element: <ChatSettings />,
  children: [
    { index: true, element: <Navigate replace to="widgets" /> },
    { path: "widgets", element: <Widgets /> },
    { path: "widgets/:id", element: <WidgetPage /> },
    { path: "channels", element: <Channels /> },
    { path: "groups", element: <Groups /> },
    { path: "routing", element: <Routing /> },
    { path: "replies", element: <Canned /> },
    { path: "bots", element: <Bots /> },
    { path: "bots/:id", element: <BotPage /> },
    { path: "articles", element: <Articles /> },
    { path: "devices", element: <Devices /> },
    { path: "notifications", element: <Push /> },
  ],
};
