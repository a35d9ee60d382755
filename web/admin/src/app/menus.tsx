import { ActionIcon, Menu, Text, UnstyledButton, Group, useMantineColorScheme, useComputedColorScheme } from "@mantine/core";
import { Building2, Check, ChevronDown, CircleQuestionMark, Languages, LogOut, Moon, Plus, Sun, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { fetchClient, queryClient } from "@/api/client";
import { LANGUAGES, type Language } from "@/i18n";
import { to } from "./place";
import { usePreferences } from "./preferences";
import { memberships, useMembership, useSession } from "./session";

/** The workspace one is in, and the others. */
export function WorkspaceMenu() {
  const { t } = useTranslation();
  const mine = memberships(useSession());
  const here = useMembership();
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton aria-label={t("workspace.switch", { name: here.name })} px={6} py={4} style={{ borderRadius: 8, minWidth: 0 }}>
          <Group gap={8} wrap="nowrap"><img src="/icon.svg" alt="" width={26} height={26} /><Text fw={600} truncate maw={180}><bdi>{here.name}</bdi></Text><ChevronDown aria-hidden size={16} style={{ flexShrink: 0 }} /></Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {mine.map(({ workspace, name }) => (
          <Menu.Item key={workspace} component={Link} to={`/app/${workspace}/home`} leftSection={<Building2 aria-hidden size={16} />} rightSection={workspace === here.workspace ? <Check aria-hidden size={16} /> : undefined}><bdi>{name}</bdi></Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} to={to("/settings/workspaces/new")} leftSection={<Plus aria-hidden size={16} />}>{t("workspace.new")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Switches the language for this person, here and for what the server writes to them. */
export function useSwitchLanguage(): (language: Language) => void {
  const { i18n } = useTranslation();
  return (language) => {
    void i18n.changeLanguage(language);
    void fetchClient.PATCH("/v1/account", { body: { language } }).catch(() => {});
  };
}

export async function signOut() {
  await fetchClient.DELETE("/v1/session").catch(() => {});
  queryClient.clear();
}

export function ProfileMenu({ onHelp }: { onHelp: () => void }) {
  const { t, i18n } = useTranslation();
  const { user } = useSession();
  const { change } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const switchLanguage = useSwitchLanguage();
  const navigate = useNavigate();
  const other: Language = i18n.language === "ar" ? "en" : "ar";
  const turn = () => {
    const next = scheme === "dark" ? "light" : "dark";
    setColorScheme(next);
    change({ theme: next });
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon aria-label={t("profile.menu")} variant="light" color="teal" radius="xl"><UserRound aria-hidden size={20} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label><bdi>{user.name}</bdi><br /><bdi dir="ltr">{user.email}</bdi></Menu.Label>
        <Menu.Item component={Link} to={to("/settings/profile")} leftSection={<UserRound aria-hidden size={16} />}>{t("profile.open")}</Menu.Item>
        <Menu.Item lang={other} leftSection={<Languages aria-hidden size={16} />} onClick={() => switchLanguage(other)}>{LANGUAGES[other]}</Menu.Item>
        <Menu.Item leftSection={scheme === "dark" ? <Sun aria-hidden size={16} /> : <Moon aria-hidden size={16} />} onClick={turn}>{t(scheme === "dark" ? "profile.light" : "profile.dark")}</Menu.Item>
        <Menu.Item leftSection={<CircleQuestionMark aria-hidden size={16} />} onClick={onHelp}>{t("help.title")}</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut aria-hidden size={16} className="dir-icon" />} onClick={() => void signOut().then(() => navigate("/sign-in"))}>{t("profile.sign_out")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
