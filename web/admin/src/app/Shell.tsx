import { ActionIcon, AppShell, Box, Burger, Button, Group, NavLink, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { CircleQuestionMark, PanelLeftClose, PanelLeftOpen, Search, WifiOff } from "lucide-react";
import { createContext, lazy, Suspense, useContext, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, Outlet, useLocation, useNavigate, useParams } from "react-router";
import { isProblem } from "@/api/problem";
import { queryClient, whenSignedOut } from "@/api/client";
import { Failed } from "@/ui/Failed";
import { Ltr } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { ActivityTray } from "./ActivityTray";
import { rememberWorkspace } from "./Entrance";
import { useLive } from "./live";
import { SECTIONS } from "./navigation";
import { NotFound } from "./NotFound";
import { enterWorkspace, to } from "./place";
import { PreferencesProvider } from "./preferences";
import { ProfileMenu, WorkspaceMenu } from "./menus";
import { memberships, SessionProvider, useMay, useSessionQuery } from "./session";
import { useShortcuts } from "./shortcuts";
import { Trouble } from "./Trouble";

const Palette = lazy(() => import("./Palette"));
const ShortcutHelp = lazy(() => import("./ShortcutHelp"));

const Workspace = createContext("");
export const useWorkspaceId = () => useContext(Workspace);

const NARROW = "barid.narrow";

/** Everything behind the sign-in: waits for the session, then shows navigation and the screen. */
export function Shell() {
  const { workspace = "" } = useParams();
  const session = useSessionQuery();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  useEffect(() => whenSignedOut(() => void queryClient.invalidateQueries({ queryKey: ["get", "/v1/session"] })), []);
  if (session.error && isProblem(session.error) && session.error.status === 401) {
    return <Navigate replace to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} />;
  }
  if (!session.data) return session.error ? <Failed error={session.error} again={() => navigate(0)} /> : <Waiting />;
  if (!memberships(session.data).some((membership) => membership.workspace === workspace)) return <NotFound />;
  enterWorkspace(workspace);
  rememberWorkspace(workspace);
  return (
    <SessionProvider session={session.data}>
      <Workspace value={workspace}>
        <PreferencesProvider><Frame key={workspace} /></PreferencesProvider>
      </Workspace>
    </SessionProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [menu, { toggle, close }] = useDisclosure(false);
  const [narrow, setNarrow] = useState(localStorage.getItem(NARROW) === "yes");
  const [help, showHelp] = useDisclosure(false);
  const [palette, { open: openPalette, close: closePalette }] = useDisclosure(false);
  const connected = useLive();
  const may = useMay();
  const sections = SECTIONS.filter(({ permission }) => !permission || [permission].flat().some(may));
  useEffect(() => close(), [pathname, close]);
  useShortcuts({
    "Mod+KeyK": openPalette,
    Slash: openPalette,
    "Shift+Slash": showHelp.open,
    ...Object.fromEntries(sections.map(({ key, code }) => [`KeyG ${key}`, () => void navigate(to(`/${code}`))])),
  });
  const fold = () => {
    localStorage.setItem(NARROW, narrow ? "no" : "yes");
    setNarrow(!narrow);
  };
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: narrow ? 68 : 224, breakpoint: "sm", collapsed: { mobile: !menu } }} padding={{ base: "md", sm: "lg" }}>
      <a className="skip-link" href="#main">{t("skip")}</a>
      <AppShell.Header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger opened={menu} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("nav.menu")} />
            <WorkspaceMenu />
          </Group>
          <UnstyledButton onClick={openPalette} visibleFrom="sm" px="sm" py={6} maw={320} style={{ flex: 1, border: "1px solid var(--mantine-color-default-border)", borderRadius: 8 }}>
            <Group gap="xs" wrap="nowrap"><Search aria-hidden size={16} /><Text size="sm" c="dimmed" style={{ flex: 1 }} truncate>{t("palette.open")}</Text><Text size="xs" c="dimmed"><Ltr>{navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"}</Ltr></Text></Group>
          </UnstyledButton>
          <Group gap={2} wrap="nowrap">
            <ActionIcon hiddenFrom="sm" onClick={openPalette} aria-label={t("palette.open")}><Search aria-hidden size={20} /></ActionIcon>
            <ActivityTray />
            <Tooltip label={t("help.title")}><ActionIcon onClick={showHelp.open} aria-label={t("help.title")} visibleFrom="sm"><CircleQuestionMark aria-hidden size={20} /></ActionIcon></Tooltip>
            <ProfileMenu onHelp={showHelp.open} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("nav.label")}>
        <Box style={{ flex: 1, overflowY: "auto" }}>
          {sections.map(({ code, icon: Icon }) => {
            const here = pathname.startsWith(to(`/${code}`));
            const link = (
              <NavLink key={code} component={Link} to={to(`/${code}`)} active={here} aria-current={here ? "page" : undefined} label={narrow && !menu ? undefined : t(`nav.${code}`)}
                aria-label={t(`nav.${code}`)} leftSection={<Icon aria-hidden size={20} />} variant="light" style={{ borderRadius: 8, minHeight: 44 }} />
            );
            return narrow && !menu ? <Tooltip key={code} label={t(`nav.${code}`)} position="right">{link}</Tooltip> : link;
          })}
        </Box>
        <Button visibleFrom="sm" variant="subtle" color="gray" size="xs" onClick={fold} aria-label={t(narrow ? "nav.widen" : "nav.narrow")} justify="start">
          {narrow ? <PanelLeftOpen aria-hidden size={18} className="dir-icon" /> : <PanelLeftClose aria-hidden size={18} className="dir-icon" />}
        </Button>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: "none" }}>
        {!connected && <Group gap="xs" mb="md" role="status"><WifiOff aria-hidden size={16} /><Text size="sm">{t("offline")}</Text></Group>}
        <Trouble place={pathname}><Suspense fallback={<Waiting />}><Outlet /></Suspense></Trouble>
      </AppShell.Main>
      <Suspense fallback={null}>
        {palette && <Palette sections={sections} onHelp={showHelp.open} onClose={closePalette} />}
        {help && <ShortcutHelp onClose={showHelp.close} sections={sections} />}
      </Suspense>
    </AppShell>
  );
}
