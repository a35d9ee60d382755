import "@mantine/spotlight/styles.css";
import { Spotlight } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { CircleQuestionMark, FilePlus2, Languages, Mail, Search, UserRound, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { fetchClient } from "@/api/client";
import { matches } from "./matching";
import { LANGUAGES, type Language } from "@/i18n";
import { useSwitchLanguage } from "./menus";
import type { Section } from "./navigation";
import { to } from "./place";
import { useMay } from "./session";

interface Entry {
  id: string;
  label: string;
  icon: LucideIcon;
  note?: ReactNode;
  /** Further words it is found by, such as the other language's. */
  also?: string;
  act: () => void;
}

/** Campaigns and people whose names begin with what was typed. */
function useFound(asked: string): Entry[] {
  const [settled] = useDebouncedValue(asked.trim(), 150);
  const may = useMay();
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ["palette", settled],
    enabled: settled.length > 1,
    queryFn: async () => {
      const [campaigns, people] = await Promise.all([
        may("campaigns:read") ? fetchClient.GET("/v1/campaigns", { params: { query: { q: settled, limit: 5 } } }) : null,
        may("contacts:read") ? fetchClient.POST("/v1/contacts/search", { body: { q: settled, limit: 5, columns: ["email"] } }) : null,
      ]);
      return { campaigns: campaigns?.data?.items ?? [], people: people?.data?.items ?? [] };
    },
  });
  if (!data || settled.length < 2) return [];
  return [
    ...data.campaigns.map(({ id, name }) => ({ id, label: name, icon: Mail, act: () => void navigate(to(`/campaigns/${id}`)) })),
    ...data.people.map(({ id, display_name, email }) => ({ id, label: display_name, note: email, icon: UserRound, act: () => void navigate(to(`/audience/people/${id}`)) })),
  ];
}

/** ⌘K: every place, every common action, people and campaigns, in the language of the moment. */
export default function Palette({ sections, onHelp, onClose }: { sections: readonly Section[]; onHelp: () => void; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const switchLanguage = useSwitchLanguage();
  const [asked, setAsked] = useState("");
  const found = useFound(asked);
  const go = (path: string) => () => void navigate(to(path));
  const other: Language = i18n.language === "ar" ? "en" : "ar";
  const fixed: Entry[] = [
    ...sections.map(({ code, icon }) => ({ id: code, icon, label: t(`nav.${code}`), act: go(`/${code}`) })),
    ...(may("campaigns:write") ? [{ id: "new-campaign", icon: FilePlus2, label: t("palette.new_campaign"), act: go("/campaigns/new") }] : []),
    ...(may("contacts:import") ? [{ id: "import", icon: FilePlus2, label: t("palette.import"), act: go("/audience/import") }] : []),
    ...(may("segments:write") ? [{ id: "new-segment", icon: FilePlus2, label: t("palette.new_segment"), act: go("/audience/segments/new") }] : []),
    ...(may("forms:write") ? [{ id: "new-form", icon: FilePlus2, label: t("palette.new_form"), act: go("/forms/new") }] : []),
    { id: "language", icon: Languages, label: t("palette.language"), also: LANGUAGES[other], note: LANGUAGES[other], act: () => switchLanguage(other) },
    { id: "help", icon: CircleQuestionMark, label: t("help.title"), act: onHelp },
  ];
  const shown = [...fixed.filter(({ label, also }) => matches(`${label} ${also ?? ""}`, asked)), ...found].slice(0, 14);
  return (
    <Spotlight.Root forceOpened onSpotlightClose={onClose} query={asked} onQueryChange={setAsked} shortcut={null} maxHeight={420} scrollable>
      <Spotlight.Search placeholder={t("palette.placeholder")} aria-label={t("palette.placeholder")} leftSection={<Search aria-hidden size={18} />} dir="auto" />
      <Spotlight.ActionsList>
        {shown.map(({ id, label, note, icon: Icon, act }) => (
          <Spotlight.Action key={id} label={label} description={note as string} onClick={act} leftSection={<Icon aria-hidden size={18} />} highlightQuery={false} />
        ))}
        {shown.length === 0 && <Spotlight.Empty>{t("palette.nothing")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
