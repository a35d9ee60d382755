import { Button, Group, Menu, SegmentedControl, Select, SimpleGrid, Stack, TextInput, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CalendarClock, ChartNoAxesCombined, ChevronDown, Download } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, got } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { download } from "@/ui/download";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { NoPermission } from "@/ui/NoPermission";
import { Nothing } from "@/ui/Nothing";
import { refused } from "@/ui/notify";
import { Waiting } from "@/ui/Waiting";
import { agents, groups } from "./api";
import { AgentTable, GroupTable, TagTable } from "./ReportTables";
import { ScheduleDialog } from "./ScheduleDialog";
import { spanOf, type Totals } from "./report";

const Charts = lazy(() => import("./ReportCharts"));
const DAYS = ["7", "30", "90", "own"] as const;

/** How many wrote, how soon they were answered, and what they thought of it. */
export default function Reports() {
  const { t } = useTranslation("app_inbox");
  const [days, setDays] = useUrlState("days", "30");
  const [from, setFrom] = useUrlState("from");
  const [until, setUntil] = useUrlState("to");
  const [group, setGroup] = useUrlState("group");
  const [agent, setAgent] = useUrlState("agent");
  const span = days === "own" && from && until ? { from, to: until } : spanOf(Number(days) || 30, new Date());
  const asked = { ...span, group: group || undefined, agent: agent || undefined, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const may = useMay();
  const query = api.useQuery("get", "/v1/conversation-reports", { params: { query: asked } }, { placeholderData: keepPreviousData });
  const teams = useQuery(groups());
  const members = useQuery(agents());
  if (!may("conversations:manage")) return <NoPermission permission="conversations:manage" />;
  const choose = (value: string) => {
    setDays(value);
    if (value === "own") { setFrom(span.from); setUntil(span.to); }
  };
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end">
        <Group align="flex-end" gap="sm">
          <SegmentedControl aria-label={t("report.span")} value={days} onChange={choose} data={DAYS.map((value) => ({ value, label: t(`report.days.${value}`) }))} />
          {days === "own" && <><TextInput type="date" dir="ltr" label={t("report.from")} value={from} onChange={(event) => setFrom(event.currentTarget.value)} /><TextInput type="date" dir="ltr" label={t("report.to")} value={until} onChange={(event) => setUntil(event.currentTarget.value)} /></>}
          <Select label={t("group")} clearable value={group || null} onChange={(value) => setGroup(value ?? "")} data={(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} w={160} />
          <Select label={t("agent")} clearable value={agent || null} onChange={(value) => setAgent(value ?? "")} data={(members.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} w={160} />
        </Group>
        <Files asked={asked} />
      </Group>
      <Loaded query={query} lines={8}>
        {(report) => report.totals.started === 0 ? <Nothing icon={ChartNoAxesCombined} title={t("report.none")} text={t("report.none.text")} action={{ label: t("section.conversations"), href: to("/inbox/conversations") }} /> : (
          <Stack gap="lg" style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }}>
            <Figures totals={report.totals} />
            <Suspense fallback={<Waiting lines={6} />}><Charts report={report} /></Suspense>
            <Stack gap="xs" component="section"><Title order={2}>{t("report.agents")}</Title><AgentTable rows={report.agents} /></Stack>
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Stack gap="xs" component="section"><Title order={2}>{t("report.tags")}</Title><TagTable rows={report.tags} /></Stack>
              <Stack gap="xs" component="section"><Title order={2}>{t("report.groups")}</Title><GroupTable rows={report.groups} /></Stack>
            </SimpleGrid>
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}

/** Seconds as people say them: “42 sec”, “1 min 1 sec”, “2 hr”. */
export function useDuration() {
  const { tag } = useFormat();
  return (seconds: number | null | undefined) => {
    if (seconds == null) return "–";
    const unit = (value: number, name: "hour" | "minute" | "second") => new Intl.NumberFormat(tag, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
    const whole = Math.round(seconds);
    if (whole < 60) return unit(whole, "second");
    if (whole < 3600) return `${unit(Math.floor(whole / 60), "minute")} ${whole % 60 ? unit(whole % 60, "second") : ""}`.trim();
    return `${unit(Math.floor(whole / 3600), "hour")} ${Math.round((whole % 3600) / 60) ? unit(Math.round((whole % 3600) / 60), "minute") : ""}`.trim();
  };
}

function Figures({ totals }: { totals: Totals }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const duration = useDuration();
  const rated = totals.rated_good + totals.rated_bad;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
      <Figure label={t("report.started")} value={format.number(totals.started)} note={t("report.closed", { n: format.number(totals.closed) })} />
      <Figure label={t("report.missed")} hint={t("report.missed.hint")} value={format.number(totals.missed)} note={format.share(totals.missed, totals.started)} />
      <Figure label={t("report.first_response")} value={duration(totals.first_response_seconds)} note={t("report.response", { time: duration(totals.response_seconds) })} />
      <Figure label={t("report.duration")} value={duration(totals.duration_seconds)} />
      <Figure label={t("report.satisfaction")} value={format.share(totals.rated_good, rated)} note={t("report.rated", { count: rated, n: format.number(rated) })} />
      <Figure label={t("report.queued")} value={format.number(totals.queued)} note={t("report.abandoned", { n: format.number(totals.abandoned) })} />
      <Figure label={t("report.queue_wait")} value={duration(totals.queue_wait_seconds)} />
      <Figure label={t("report.messages")} value={format.number(totals.messages_in + totals.messages_out)} note={t("report.messages.note", { received: format.number(totals.messages_in), sent: format.number(totals.messages_out) })} />
    </SimpleGrid>
  );
}

function Files({ asked }: { asked: Record<string, string | undefined> }) {
  const { t } = useTranslation("app_inbox");
  const may = useMay();
  const [planning, plan] = useState(false);
  const save = (format: "csv" | "json") => got<Blob>(fetchClient.GET("/v1/conversation-reports/export", { params: { query: { ...asked, format } }, parseAs: "blob" })).then((data) => download(`chat-report-${asked.from}-${asked.to}.${format}`, data), refused);
  return (
    <Group gap="xs">
      {may("conversations:manage") && <Button variant="default" leftSection={<CalendarClock aria-hidden size={16} />} onClick={() => plan(true)}>{t("report.schedule")}</Button>}
      <Menu position="bottom-end">
        <Menu.Target><Button variant="default" leftSection={<Download aria-hidden size={16} />} rightSection={<ChevronDown aria-hidden size={14} />}>{t("report.export")}</Button></Menu.Target>
        <Menu.Dropdown>{(["csv", "json"] as const).map((format) => <Menu.Item key={format} onClick={() => void save(format)}>{t(`archive.export.${format}`)}</Menu.Item>)}</Menu.Dropdown>
      </Menu>
      {planning && <ScheduleDialog close={() => plan(false)} />}
    </Group>
  );
}
