import { Button, Chip, Group, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { LayoutTemplate, ListFilter, Plus, Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { Page } from "@/ui/Page";
import { SavedViews } from "@/ui/SavedViews";
import { useWord } from "@/ui/words";
import { CampaignCalendar } from "./CampaignCalendar";
import { CampaignTable } from "./CampaignTable";

const SHOWN = ["draft", "scheduled", "sending", "paused", "sent", "cancelled"] as const;

/** All campaigns, as a list or in a calendar. */
export default function Campaigns() {
  const { t } = useTranslation(["app_campaigns", "app_shell"]);
  const may = useMay();
  const navigate = useNavigate();
  const search = useLocation().search.replace(/^\?/, "");
  const [view, setView] = useUrlState("view", "list");
  const writes = may("campaigns:write");
  useShortcuts({ KeyC: () => void navigate(to("/campaigns/new")) }, writes);
  const actions = (
    <>
      <Button component={Link} to={to("/campaigns/templates")} variant="default" leftSection={<LayoutTemplate aria-hidden size={16} />}>{t("templates")}</Button>
      {writes && <Button component={Link} to={to("/campaigns/new")} leftSection={<Plus aria-hidden size={16} />}>{t("new")}</Button>}
    </>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={actions} permission="campaigns:read">
      <Stack gap="md">
        <Group gap="sm">
          <Find />
          <Channels />
          <SegmentedControl aria-label={t("view")} value={view} onChange={setView} data={[{ value: "list", label: t("view.list") }, { value: "calendar", label: t("view.calendar") }]} />
          <SavedViews small screen="campaigns" place="/campaigns" query={search} />
        </Group>
        {view === "calendar" ? <CampaignCalendar /> : <><States /><CampaignTable /></>}
      </Stack>
    </Page>
  );
}

function Find() {
  const { t } = useTranslation(["app_campaigns", "app_shell"]);
  const [kept, keep] = useUrlState("q");
  const [typed, setTyped] = useState(kept);
  const later = useDebouncedCallback(keep, 250);
  useEffect(() => setTyped(kept), [kept]);
  return (
    <TextInput dir="auto" style={{ flex: "1 1 14rem" }} maw={420} aria-label={t("find")} placeholder={t("find")} leftSection={<Search aria-hidden size={16} />} leftSectionPointerEvents="none" value={typed}
      onChange={({ currentTarget: { value } }) => { setTyped(value); later(value); }} />
  );
}

function Channels() {
  const { t } = useTranslation("app_campaigns");
  const word = useWord();
  const [channel, setChannel] = useUrlState("channel", "all");
  return <SegmentedControl aria-label={t("filter.channel")} value={channel} onChange={setChannel} data={[{ value: "all", label: t("filter.channel.all") }, ...["email", "sms"].map((code) => ({ value: code, label: word("channel", code) }))]} />;
}

function States() {
  const { t } = useTranslation("app_campaigns");
  const word = useWord();
  const [state, setState] = useUrlState("state");
  const [bin, setBin] = useUrlState("bin");
  const chosen = state === "" ? [] : state.split(",");
  return (
    <Group gap="xs" role="group" aria-label={t("filter.state")}>
      <ListFilter aria-hidden size={16} />
      <Chip.Group multiple value={bin ? [] : chosen} onChange={(codes) => { setState(codes.join(",")); }}>
        {SHOWN.map((code) => <Chip key={code} value={code} size="xs" variant="light" disabled={bin === "yes"}>{word("campaign_state", code)}</Chip>)}
      </Chip.Group>
      <Chip size="xs" variant="light" color="gray" checked={bin === "yes"} onChange={(on) => setBin(on ? "yes" : "")}>{t("filter.bin")}</Chip>
    </Group>
  );
}
