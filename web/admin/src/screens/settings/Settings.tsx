import { Box, Grid, NavLink, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Building2, Info, KeyRound, ScrollText, Send, UserRound, UsersRound, Webhook, type LucideIcon } from "lucide-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { Page } from "@/ui/Page";
import { Waiting } from "@/ui/Waiting";

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
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const phone = useMediaQuery("(max-width: 62em)");
  const parts = PARTS.filter(([, , permission]) => !permission || may(permission));
  const here = parts.find(([code]) => pathname.startsWith(to(`/settings/${code}`)))?.[0] ?? "general";
  return (
    <Page title={t("title")} about={t("about")}>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 3 }}>
          {phone ? (
            <Select label={t("part")} data={parts.map(([value]) => ({ value, label: t(`part.${value}`) }))} value={here} allowDeselect={false} onChange={(value) => value && void navigate(to(`/settings/${value}`))} />
          ) : (
            <Box component="nav" aria-label={t("title")}>
              {parts.map(([code, Icon]) => (
                <NavLink key={code} component={Link} to={to(`/settings/${code}`)} active={here === code} aria-current={here === code ? "page" : undefined}
                  label={t(`part.${code}`)} leftSection={<Icon aria-hidden size={18} />} variant="light" style={{ borderRadius: 8 }} />
              ))}
            </Box>
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 9 }}><Suspense fallback={<Waiting />}><Outlet /></Suspense></Grid.Col>
      </Grid>
    </Page>
  );
}
