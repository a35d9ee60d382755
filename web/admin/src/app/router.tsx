import { useRoutes, type RouteObject } from "react-router";
import { Entrance } from "./Entrance";
import { Shell } from "./Shell";
import { NotFound } from "./NotFound";
import { audienceRoutes } from "@/screens/audience/routes";
import { bookingReturn, bookingRoutes } from "@/screens/bookings/routes";
import { campaignRoutes } from "@/screens/campaigns/routes";
import { formRoutes } from "@/screens/forms/routes";
import { inboxRoutes } from "@/screens/inbox/routes";
import { messagingReturn, messagingRoutes } from "@/screens/messaging/routes";
import { privacyRoutes } from "@/screens/privacy/routes";
import { reportRoutes } from "@/screens/reports/routes";
import { settingsRoutes } from "@/screens/settings/routes";
import { accountRoutes, homeRoutes } from "@/screens/start/routes";

const inside: RouteObject[] = [
  ...homeRoutes, ...inboxRoutes, ...campaignRoutes, ...messagingRoutes, ...audienceRoutes, ...formRoutes, ...bookingRoutes, ...reportRoutes, ...privacyRoutes, ...settingsRoutes,
];

const routes: RouteObject[] = [
  { path: "/", element: <Entrance /> },
  { path: "/app", element: <Entrance /> },
  ...accountRoutes,
  ...bookingReturn,
  ...messagingReturn,
  { path: "/app/:workspace", element: <Shell />, children: [...inside, { path: "*", element: <NotFound /> }] },
  { path: "*", element: <NotFound /> },
];

/** Before sign-in everything is public; `/app/{workspace}/…` is a member's place in one workspace. */
export const Routes = () => useRoutes(routes);
