import { Alert, Box, Button, Group, NavLink, ScrollArea, Text, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Archive, ChartNoAxesCombined, MessagesSquare, Radio, Settings2, UsersRound, WifiOff, type LucideIcon } from "lucide-react";
import { Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { NoPermission } from "@/ui/NoPermission";
import { Waiting } from "@/ui/Waiting";
import { LiveContext, useInboxLive } from "./live";
import { MyStatus } from "./MyStatus";
import { useNotifications } from "./notifications";

const PARTS: ReadonlyArray<readonly [code: "conversations" | "visitors" | "team" | "archive" | "reports" | "settings", icon: LucideIcon, permission?: string]> = [
  ["conversations", MessagesSquare],
  ["visitors", Radio],
  ["team", UsersRound],
  ["archive", Archive],
  ["reports", ChartNoAxesCombined],
  ["settings", Settings2, "conversations:manage"],
];

/** Everything about answering people, with one stream that keeps it true. */
export default function Inbox() {
  const { t } = useTranslation("app_inbox");
  const may = useMay();
  useEffect(() => { document.title = `${t("title")} · Barid`; }, [t]);
  return may("conversations:read") ? <Open /> : <><Title order={1}>{t("title")}</Title><NoPermission permission="conversations:read" /></>;
}

function Open() {
  const { t } = useTranslation("app_inbox");
  const { pathname } = useLocation();
  const small = useMediaQuery("(max-width: 48em)");
  const { heard, permission, askLeave, declined, decline } = useNotifications();
  const live = useInboxLive(heard);
  const inside = /\/inbox\/conversations\/./.test(pathname);
  return (
    <LiveContext value={live}>
      {!(small && inside) && (
        <Group justify="space-between" mb="sm" gap="xs" wrap="wrap">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0, maxWidth: "100%" }}>
            <Title order={1} size="h2" style={{ whiteSpace: "nowrap" }}>{t("title")}</Title>
            <Sections pathname={pathname} />
          </Group>
          <MyStatus />
        </Group>
      )}
      {!live.connected && <Group gap="xs" mb="xs" role="status"><WifiOff aria-hidden size={16} /><Text size="sm">{t("live.lost")}</Text></Group>}
      {permission === "default" && !declined && !(small && inside) && (
        <Alert color="teal" p="xs" mb="sm">
          <Group justify="space-between" gap="xs"><Text size="sm">{t("notify.offer")}</Text><Group gap={4}><Button size="compact-sm" variant="subtle" color="gray" onClick={decline}>{t("notify.later")}</Button><Button size="compact-sm" variant="default" onClick={askLeave}>{t("notify.allow")}</Button></Group></Group>
        </Alert>
      )}
      <Suspense fallback={<Waiting lines={6} />}><Outlet /></Suspense>
    </LiveContext>
  );
}

function Sections({ pathname }: { pathname: string }) {
  const { t } = useTranslation("app_inbox");
  const may = useMay();
  const parts = PARTS.filter(([, , permission]) => !permission || may(permission));
  return (
    <ScrollArea type="never" style={{ minWidth: 0 }}>
      <Box component="nav" aria-label={t("sections")}>
        <Group gap={4} wrap="nowrap">
          {parts.map(([code, icon]) => <Part key={code} code={code} icon={icon} here={pathname.startsWith(to(`/inbox/${code}`))} />)}
        </Group>
      </Box>
    </ScrollArea>
  );
}

function Part({ code, icon: Icon, here }: { code: (typeof PARTS)[number][0]; icon: LucideIcon; here: boolean }) {
  const { t } = useTranslation("app_inbox");
  return (
    <NavLink component={Link} to={to(`/inbox/${code}`)} active={here} aria-current={here ? "page" : undefined} variant="light" noWrap w="auto"
      label={t(`section.${code}`)} leftSection={<Icon aria-hidden size={16} />} style={{ borderRadius: 8, minHeight: 40, flexShrink: 0 }} styles={{ section: { marginInlineEnd: 6 } }} />
  );
}
