import { Alert, Button, Group, Menu, SegmentedControl, SimpleGrid, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { ChartNoAxesCombined, ChevronDown, Download } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { api, fetchClient } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { download } from "@/ui/download";
import { useFormat } from "@/i18n/format";
import { Figure, Sparkline } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { Waiting } from "@/ui/Waiting";
import { FormTable } from "./Forms";
import { CampaignTable, DeliverabilityTable } from "./Tables";
import { change, PRESETS, readPeriod, thinned, type Period } from "./period";
import { sums, type Overview } from "./overview";

const Charts = lazy(() => import("./Charts"));
const POINTS = 45;
const PARTS = ["audience", "campaigns", "deliverability"] as const;

function usePeriod() {
  const [parameters, set] = useSearchParams();
  const period = readPeriod(parameters.get("days") ?? "", parameters.get("from") ?? "", parameters.get("to") ?? "", Date.now());
  const put = (part: Record<string, string>) =>
    set((now) => {
      const next = new URLSearchParams(now);
      for (const [name, value] of Object.entries(part)) value ? next.set(name, value) : next.delete(name);
      return next;
    }, { replace: true });
  const own = parameters.has("from") && parameters.has("to");
  return { period, put, days: own ? "own" : (parameters.get("days") ?? "30"), compare: parameters.get("compare") !== "no" };
}

function PeriodBar({ period, days, compare, put }: ReturnType<typeof usePeriod>) {
  const { t } = useTranslation("app_reports");
  const data = [...PRESETS.map((value) => ({ value: value as string, label: t(`days.${value}`) })), { value: "own", label: t("days.own") }];
  const choose = (value: string) => put(value === "own" ? { days: "", from: period.from, to: period.to } : { days: value === "30" ? "" : value, from: "", to: "" });
  return (
    <Group gap="sm" align="flex-end">
      <SegmentedControl aria-label={t("period")} data={data} value={days} onChange={choose} style={{ maxWidth: "100%", overflowX: "auto" }} />
      {days === "own" && <>
        <TextInput type="date" dir="ltr" label={t("from")} value={period.from} onChange={(event) => event.currentTarget.value && put({ from: event.currentTarget.value })} />
        <TextInput type="date" dir="ltr" label={t("to")} value={period.to} onChange={(event) => event.currentTarget.value && put({ to: event.currentTarget.value })} />
      </>}
      <Switch checked={compare} onChange={(event) => put({ compare: event.currentTarget.checked ? "" : "no" })} label={t("compare")} />
    </Group>
  );
}

/** A number, how it went day by day, and how it was before. */
function Trend({ label, hint, value, before, series }: { label: string; hint?: string; value: number; before: number | undefined; series?: number[] }) {
  const { t } = useTranslation("app_reports");
  const format = useFormat();
  const changed = change(value, before);
  const note = before === undefined ? undefined : changed === null ? t("before", { n: format.number(before) }) : t(changed < 0 ? "before.less" : "before.more", { share: format.percent(Math.abs(changed)), n: format.number(before) });
  return <Figure label={label} hint={hint} value={format.number(value)} note={note} aside={series && <Sparkline values={series} />} />;
}

function Figures({ overview }: { overview: Overview }) {
  const { t } = useTranslation("app_reports");
  const { audience, before } = overview;
  const day = (name: "created" | "joined" | "left" | "bounced" | "erased") => thinned(audience.series.map((one) => one[name]), POINTS);
  const now = sums(overview);
  const earlier = before?.audience;
  const group = (name: "sent" | "complaints") => before?.deliverability.reduce((total, line) => total + line[name], 0);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
      <Trend label={t("people")} value={audience.people} before={undefined} />
      <Trend label={t("subscribed")} hint={t("subscribed.hint")} value={audience.subscribed} before={undefined} />
      <Trend label={t("joined")} value={audience.totals.joined} before={earlier?.joined} series={day("joined")} />
      <Trend label={t("left")} value={audience.totals.left} before={earlier?.left} series={day("left")} />
      <Trend label={t("created")} value={audience.totals.created} before={earlier?.created} series={day("created")} />
      <Trend label={t("bounced")} value={audience.totals.bounced} before={earlier?.bounced} series={day("bounced")} />
      <Trend label={t("sent")} value={now.sent} before={group("sent")} />
      <Trend label={t("complained")} hint={t("complained.hint")} value={now.complained} before={group("complaints")} />
    </SimpleGrid>
  );
}

function CsvMenu({ period }: { period: Period }) {
  const { t } = useTranslation("app_reports");
  const save = async (part: (typeof PARTS)[number]) => {
    const { data, error } = await fetchClient.GET("/v1/reports/overview.csv", { params: { query: { part, ...period } }, parseAs: "blob" });
    if (error) return refused(error);
    if (data) download(`${part}-${period.from}-${period.to}.csv`, data as unknown as Blob);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button variant="default" leftSection={<Download aria-hidden size={16} />} rightSection={<ChevronDown aria-hidden size={14} />}>{t("csv")}</Button></Menu.Target>
      <Menu.Dropdown>{PARTS.map((part) => <Menu.Item key={part} onClick={() => void save(part)}>{t(`part.${part}`)}</Menu.Item>)}</Menu.Dropdown>
    </Menu>
  );
}

/** What happened across everything in a period. */
export default function Reports() {
  const { t, i18n } = useTranslation("app_reports");
  const may = useMay();
  const place = usePeriod();
  const { period, compare } = place;
  const query = api.useQuery("get", "/v1/reports/overview", { params: { query: { ...period, ...(compare ? { compare: "previous" } : {}) } } }, { placeholderData: keepPreviousData });
  return (
    <Page title={t("title")} about={t("about")} permission="reports:read" actions={<CsvMenu period={period} />}>
      <PeriodBar {...place} />
      <Loaded query={query} lines={8}>
        {(overview) => overview.audience.people === 0 && overview.campaigns.length === 0 ? (
          <Nothing icon={ChartNoAxesCombined} title={t("empty.title")} text={t("empty.text")} action={{ label: t("empty.action"), href: to("/audience/import") }} />
        ) : (
          <Stack gap="lg" style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }}>
            {overview.notes.map((note) => {
              const key = `note.${note}`;
              return i18n.exists(key, { ns: "app_reports" }) ? <Alert key={note} color="teal"><Text size="sm">{t(key as "note.machine_opens")}</Text></Alert> : null;
            })}
            <Figures overview={overview} />
            <Suspense fallback={<Waiting lines={6} />}><Charts overview={overview} /></Suspense>
            <Stack gap="xs"><Title order={2}>{t("part.campaigns")}</Title><CampaignTable campaigns={overview.campaigns} /></Stack>
            <Stack gap="xs"><Title order={2}>{t("part.deliverability")}</Title><Text size="sm" c="dimmed" maw={680}>{t("deliverability.about")}</Text><DeliverabilityTable groups={overview.deliverability} /></Stack>
            {may("forms:read") && <FormTable />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
