import { Button, Card, Grid, Group, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { ChartNoAxesCombined, Download, X } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { latinDigits, useFormat } from "@/i18n/format";
import { useCountries } from "@/screens/start/countries";
import { DataTable } from "@/ui/DataTable";
import { download } from "@/ui/download";
import { Figure } from "@/ui/Figure";
import { named } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Ltr } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { useWord } from "@/ui/words";
import { MessagingPage } from "../MessagingPage";
import { moneyOf } from "../money";
import { useSenders, useWays } from "../server";
import { asked, csvOf, FILTERS, GROUPS, periodOf, PRESETS, type Figures as Numbers, type Group as Row, type GroupBy, type Insights } from "./insights";

const Drawing = lazy(() => import("./Drawing"));

function useAsked() {
  const [parameters, change] = useSearchParams();
  const get = (name: string) => parameters.get(name) ?? "";
  const put = (part: Record<string, string>) => change((now) => {
    const next = new URLSearchParams(now);
    for (const [name, value] of Object.entries(part)) if (value) next.set(name, value); else next.delete(name);
    return next;
  }, { replace: true });
  const own = parameters.has("from") && parameters.has("to");
  const period = periodOf(get("days"), get("from"), get("to"), Date.now());
  const group_by: GroupBy = GROUPS.find((code) => code === get("by")) ?? "day";
  return { get, put, own, period, group_by, days: own ? "own" : get("days") || "30", filtered: FILTERS.some((name) => parameters.has(name)) };
}
type Asked = ReturnType<typeof useAsked>;

/** How much was sent, what arrived, how fast and at what cost: by day, country, network, route or sender. */
export default function Traffic() {
  const { t } = useTranslation("app_money");
  const state = useAsked();
  const { get, period, group_by, own, days, put, filtered } = state;
  const filter = (name: (typeof FILTERS)[number]) => get(name) || undefined;
  const insights = api.useQuery("get", "/v1/messages/insights", {
    params: { query: { ...asked(period, !own && days === "30"), group_by, country: filter("country"), network: filter("network"), route: filter("route"), originator: filter("originator") } },
  }, { placeholderData: (before) => before, staleTime: 60_000 });
  const found = insights.data;
  return (
    <MessagingPage code="traffic" actions={found && found.groups.length > 0 && <Button variant="default" leftSection={<Download aria-hidden size={16} />} onClick={() => download(`traffic-${found.from}-${found.to}.csv`, `\ufeff${csvOf(found)}`, "text/csv")}>{t("csv")}</Button>}>
      <Stack gap="lg">
        <PeriodBar state={state} />
        <Filters state={state} />
        <Loaded query={insights} lines={8}>
          {(known) => (known.total.messages === 0 ? (
            <Nothing icon={ChartNoAxesCombined} title={t("traffic.none")} text={t(filtered ? "traffic.none.filtered" : "traffic.none.text")} action={filtered ? { label: t("filters.clear"), act: () => put(Object.fromEntries(FILTERS.map((name) => [name, ""]))) } : { label: t("traffic.log"), href: to("/messaging") }} />
          ) : <Shown insights={known} state={state} />)}
        </Loaded>
      </Stack>
    </MessagingPage>
  );
}

function PeriodBar({ state: { period, days, put } }: { state: Asked }) {
  const { t } = useTranslation("app_money");
  const data = [...PRESETS.map((value) => ({ value: value as string, label: t(`days.${value}`) })), { value: "own", label: t("days.own") }];
  const choose = (value: string) => put(value === "own" ? { days: "", from: period.from, to: period.to } : { days: value === "30" ? "" : value, from: "", to: "" });
  return (
    <Group gap="sm" align="flex-end">
      <SegmentedControl aria-label={t("period")} data={data} value={days} onChange={choose} style={{ maxWidth: "100%", overflowX: "auto" }} />
      {days === "own" && <>
        <TextInput type="date" dir="ltr" label={t("from")} max={period.to} value={period.from} onChange={(event) => event.currentTarget.value && put({ from: event.currentTarget.value })} />
        <TextInput type="date" dir="ltr" label={t("to")} min={period.from} value={period.to} onChange={(event) => event.currentTarget.value && put({ to: event.currentTarget.value })} />
      </>}
    </Group>
  );
}

function Filters({ state: { get, put, filtered } }: { state: Asked }) {
  const { t } = useTranslation("app_money");
  const countries = useCountries();
  const sees = useMay()("routes:read");
  const ways = useWays(sees);
  const senders = useSenders(sees);
  const choice = (name: "country" | "route" | "originator", data: Array<{ value: string; label: string }>) => {
    const value = get(name);
    const known = value === "" || data.some((one) => one.value === value) ? data : [...data, { value, label: value }];
    return <Select size="sm" style={{ flex: "1 1 10rem" }} maw={240} searchable clearable label={t(`by.${name}`)} placeholder={t("any")} data={known} value={value || null} onChange={(code) => put({ [name]: code ?? "" })} clearButtonProps={{ "aria-label": t("any") }} />;
  };
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label={t("filters")}>
      {choice("country", countries)}
      <NetworkBox value={get("network")} put={(network) => put({ network })} />
      {sees && choice("route", (ways.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })))}
      {sees && choice("originator", (senders.data?.items ?? []).map(({ value }) => ({ value, label: value })))}
      {filtered && <Button variant="subtle" color="gray" leftSection={<X aria-hidden size={16} />} onClick={() => put(Object.fromEntries(FILTERS.map((name) => [name, ""])))}>{t("filters.clear")}</Button>}
    </Group>
  );
}

const NETWORK = /^(\d{5,6})?$/;

/** A network's code, taken when it is whole. */
function NetworkBox({ value, put }: { value: string; put: (network: string) => void }) {
  const { t } = useTranslation("app_money");
  const [typed, setTyped] = useState(value);
  const [settled] = useDebouncedValue(latinDigits(typed.trim()), 400);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => { if (NETWORK.test(settled) && settled !== value) put(settled); }, [settled]);
  return <TextInput size="sm" dir="ltr" inputMode="numeric" w={140} label={t("by.network")} placeholder="42001" value={typed} error={NETWORK.test(settled) ? undefined : t("network.wrong")} onChange={(event) => setTyped(event.currentTarget.value)} />;
}

/** What a group is called. */
function useNames({ group_by }: Pick<Insights, "group_by">): (row: Pick<Row, "key" | "name">) => string {
  const { t, i18n } = useTranslation("app_money");
  const format = useFormat();
  return ({ key, name }) => {
    if (group_by === "day") return format.date(`${key}T12:00:00`);
    if (key === "") return t(group_by === "route" ? "route.none" : "network.unknown");
    if (group_by === "country") return named("region", i18n.language, key);
    return name ?? key;
  };
}

function useSeconds(): (seconds: number | null | undefined) => string {
  const { tag } = useFormat();
  return (seconds) => {
    if (seconds === null || seconds === undefined) return "–";
    const [value, unit] = seconds >= 7200 ? [seconds / 3600, "hour"] : seconds >= 120 ? [seconds / 60, "minute"] : [seconds, "second"];
    return new Intl.NumberFormat(tag, { style: "unit", unit: unit as string, unitDisplay: "short", maximumFractionDigits: 1 }).format(value as number);
  };
}

function Shown({ insights, state: { group_by, put } }: { insights: Insights; state: Asked }) {
  const { t } = useTranslation("app_money");
  const format = useFormat();
  const nameOf = useNames(insights);
  const { groups, more_groups, refusals, inbound, timezone } = insights;
  const names = new Map(groups.map((row) => [row.key, nameOf(row)]));
  return (
    <Stack gap="lg">
      <Sums insights={insights} />
      <Group justify="space-between" align="flex-end">
        <Select allowDeselect={false} w={220} label={t("by")} data={GROUPS.map((value) => ({ value, label: t(`by.${value}`) }))} value={group_by} onChange={(code) => put({ by: !code || code === "day" ? "" : code })} />
        <Text size="xs" c="dimmed">{t("timezone")} <Ltr>{timezone}</Ltr></Text>
      </Group>
      <Card><Suspense fallback={<Waiting />}><Drawing groups={groups} group_by={insights.group_by} nameOf={(key) => names.get(key) ?? key} /></Suspense></Card>
      <Groups insights={insights} nameOf={nameOf} />
      {more_groups > 0 && <Text size="sm" c="dimmed">{t("more_groups", { count: more_groups, n: format.number(more_groups) })}</Text>}
      <Grid gap="md">
        {refusals.length > 0 && <Grid.Col span={{ base: 12, md: 7 }}><Refusals refusals={refusals} /></Grid.Col>}
        {inbound && <Grid.Col span={{ base: 12, md: 5 }}><Card><Stack gap="sm"><Title order={2}>{t("inbound")}</Title><SimpleGrid cols={2}><Figure label={t("inbound.received")} value={format.number(inbound.received)} /><Figure label={t("inbound.stops")} value={format.number(inbound.stops)} /></SimpleGrid></Stack></Card></Grid.Col>}
      </Grid>
    </Stack>
  );
}

function Sums({ insights: { total, currency } }: { insights: Insights }) {
  const { t } = useTranslation("app_money");
  const format = useFormat();
  const seconds = useSeconds();
  const ended = total.delivery_rate;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
      <Figure label={t("messages")} value={format.number(total.messages)} note={t("parts.of", { n: format.number(total.parts) })} />
      <Figure label={t("delivered")} value={format.number(total.delivered)} note={ended === null || ended === undefined ? t("rate.none") : t("rate.of", { share: format.percent(ended) })} hint={t("rate.hint")} />
      <Figure label={t("receipt")} value={seconds(total.receipt_median_seconds)} note={t("receipt.p95", { time: seconds(total.receipt_p95_seconds) })} hint={t("receipt.hint")} />
      <Figure label={t("spend")} value={<bdi>{moneyOf(format.tag, total.spend_micros, currency)}</bdi>} note={t("refused.of", { n: format.number(total.refused) })} />
    </SimpleGrid>
  );
}

function Groups({ insights: { groups, group_by, currency }, nameOf }: { insights: Insights; nameOf: (row: Row) => string }) {
  const { t } = useTranslation("app_money");
  const format = useFormat();
  const seconds = useSeconds();
  const number = (name: "messages" | "parts" | "delivered" | "undelivered" | "failed" | "in_doubt" | "under_way" | "refused") => ({ figures }: Row) => format.number(figures[name]);
  const lost = ({ undelivered, failed }: Numbers) => format.number(undelivered + failed);
  const columns = [
    { key: "group", title: t(`by.${group_by as GroupBy}`), cell: (row: Row) => <Text size="sm" fw={600} miw={130} span>{group_by === "network" || group_by === "originator" ? <bdi>{nameOf(row)}</bdi> : nameOf(row)}</Text> },
    { key: "messages", title: t("messages"), numeric: true, cell: number("messages") },
    { key: "parts", title: t("parts"), numeric: true, wideOnly: true, cell: number("parts") },
    { key: "delivered", title: t("delivered"), numeric: true, cell: number("delivered") },
    { key: "rate", title: t("rate"), numeric: true, cell: ({ figures: { delivery_rate: rate } }: Row) => (rate === null || rate === undefined ? "–" : format.percent(rate)) },
    { key: "failed", title: t("lost"), numeric: true, cell: ({ figures }: Row) => lost(figures) },
    { key: "under_way", title: t("under_way"), numeric: true, wideOnly: true, cell: number("under_way") },
    { key: "refused", title: t("refused"), numeric: true, wideOnly: true, cell: number("refused") },
    { key: "receipt", title: t("receipt"), numeric: true, wideOnly: true, cell: ({ figures }: Row) => seconds(figures.receipt_median_seconds) },
    { key: "spend", title: t("spend"), numeric: true, cell: ({ figures: { spend_micros: spend } }: Row) => <bdi>{moneyOf(format.tag, spend, currency)}</bdi> },
  ];
  // Days on which nothing happened are seen on the chart.
  const busy = groups.filter(({ figures: { messages, refused } }) => messages + refused > 0);
  return <DataTable label={t("groups")} columns={columns} rows={busy.length > 0 ? busy : groups} rowKey={({ key }) => key} />;
}

/** By which rule of the gate messages did not leave. */
function Refusals({ refusals }: Pick<Insights, "refusals">) {
  const { t } = useTranslation("app_money");
  const format = useFormat();
  const word = useWord();
  const columns = [
    { key: "rule", title: t("refusals.rule"), cell: ({ rule }: Insights["refusals"][number]) => { const known = word("reason", rule); return known === rule ? <Ltr>{rule}</Ltr> : <>{known}</>; } },
    { key: "messages", title: t("messages"), numeric: true, cell: ({ messages }: Insights["refusals"][number]) => format.number(messages) },
  ];
  return <Stack gap="sm"><Title order={2}>{t("refusals")}</Title><DataTable label={t("refusals")} columns={columns} rows={refusals} rowKey={({ rule }) => rule} /></Stack>;
}
