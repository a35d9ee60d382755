import { lazy } from "react";
import type { RouteObject } from "react-router";

const Campaigns = lazy(() => import("./Campaigns"));
const NewCampaign = lazy(() => import("./NewCampaign"));
const Setup = lazy(() => import("./Setup"));
const Review = lazy(() => import("./Review"));
const Live = lazy(() => import("./Live"));
const CampaignReport = lazy(() => import("./CampaignReport"));
const Templates = lazy(() => import("./Templates"));
const CampaignContent = lazy(() => import("@/screens/content/CampaignContent"));
const TemplateContent = lazy(() => import("@/screens/content/TemplateContent"));

export const campaignRoutes: RouteObject[] = [
  { path: "campaigns", element: <Campaigns /> },
  { path: "campaigns/new", element: <NewCampaign /> },
  { path: "campaigns/templates", element: <Templates /> },
  { path: "campaigns/templates/:id", element: <TemplateContent /> },
  { path: "campaigns/:id", element: <Setup /> },
  { path: "campaigns/:id/content", element: <CampaignContent /> },
  { path: "campaigns/:id/review", element: <Review /> },
  { path: "campaigns/:id/live", element: <Live /> },
  { path: "campaigns/:id/report", element: <CampaignReport /> },
];
