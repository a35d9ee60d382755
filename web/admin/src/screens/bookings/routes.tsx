import { lazy } from "react";
import type { RouteObject } from "react-router";

const Bookings = lazy(() => import("./calendar/Bookings"));
const EventTypes = lazy(() => import("./types/EventTypes"));
const EventTypePage = lazy(() => import("./types/EventTypePage"));
const Availability = lazy(() => import("./hours/Availability"));
const SchedulePage = lazy(() => import("./hours/SchedulePage"));
const Resources = lazy(() => import("./Resources"));
const Calendars = lazy(() => import("./accounts/Calendars"));
const Connected = lazy(() => import("./accounts/Connected"));
const Return = lazy(() => import("./accounts/Return"));
const Settings = lazy(() => import("./settings/Settings"));
const Reports = lazy(() => import("./Reports"));

export const bookingRoutes: RouteObject[] = [
  { path: "bookings", element: <Bookings /> },
  { path: "bookings/types", element: <EventTypes /> },
  { path: "bookings/types/new", element: <EventTypePage /> },
  { path: "bookings/types/:id", element: <EventTypePage /> },
  { path: "bookings/availability", element: <Availability /> },
  { path: "bookings/availability/:id", element: <SchedulePage /> },
  { path: "bookings/resources", element: <Resources /> },
  { path: "bookings/calendars", element: <Calendars /> },
  { path: "bookings/calendars/connected", element: <Connected /> },
  { path: "bookings/settings", element: <Settings /> },
  { path: "bookings/reports", element: <Reports /> },
];

/** Providers of calendars know one address for all workspaces. */
export const bookingReturn: RouteObject[] = [{ path: "/app/booking/calendars/connected", element: <Return /> }];
