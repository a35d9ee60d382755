import { Building2, Info, KeyRound, ScrollText, Send, UserRound, UsersRound, Webhook, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { Page } from "@/ui/Page";
import { Parts } from "@/ui/Parts";

const PARTS: ReadonlyArray<readonly [code: "general" | "sending" | "members" | "keys" | "webhooks" | "audit" | "profile" | "about", icon: LucideIcon, permission?: string]> = [
  ["general", Building2, "workspace:read"],
  ["sending", Send, "workspace:read"],
  ["members", UsersRound, "members:read"],
  ["keys", KeyRound, "keys:read"],
  ["webhooks", Webhook, "webhooks:read"],
  ["audit", ScrollText, "audit:read"],
  ["profile", UserRound],
  ["about", Info],
];

/** The workspace's settings and one's own, side by side. */
export default function Settings() {
  const { t } = useTranslation("app_settings");
  const may = useMay();
  const parts = PARTS.filter(([, , permission]) => !permission || may(permission)).map(([code, icon]) => ({ code, icon, label: t(`part.${code}`) }));
  return <Page title={t("title")} about={t("about")}><Parts base="/settings" label={t("title")} parts={parts} /></Page>;
}
