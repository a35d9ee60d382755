import { Alert, Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Info, UsersRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useParams } from "react-router";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { Moment } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { useWord } from "@/ui/words";
import { placeOf } from "./CampaignTable";
import { ClickMap } from "./report/ClickMap";
import { Compare } from "./report/Compare";
import { CsvButton } from "./report/CsvButton";
import { Funnel } from "./report/Funnel";
import { Links } from "./report/Links";
import { Recipients } from "./report/Recipients";
import { StateBadge } from "./StateBadge";
import { ToSegment } from "./ToSegment";
import { figuresOf, smsOf } from "./sms/shapes";
import { SmsCountries, SmsFiguresView } from "./sms/SmsOverview";
import { isMoving, isWritable, useCampaign, type Campaign } from "./server";

const Series = lazy(() => import("./report/Series"));

export type Report = components["schemas"]["Report"];

/** What became of a campaign. */
export default function CampaignReport() {
  const { id = "" } = useParams();
  const campaign = useCampaign(id);
  return <Loaded query={campaign} lines={8}>{(read) => (isWritable(read.state) ? <Navigate replace to={placeOf(read)} /> : <Read campaign={read} />)}</Loaded>;
}

function Read({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("app_campaigns");
  const may = useMay();
  const [making, setMaking] = useState(false);
  const report = api.useQuery("get", "/v1/campaigns/{id}/report", { params: { path: { id: campaign.id } } }, { refetchInterval: isMoving(campaign.state) ? 10_000 : false });
  const actions = (
    <>
      {report.data && <CsvButton campaign={campaign} report={report.data} />}
      {may("segments:write") && campaign.counts.sent > 0 && <Button variant="default" leftSection={<UsersRound aria-hidden size={16} />} onClick={() => setMaking(true)}>{t("segment.make")}</Button>}
    </>
  );
  return (
    <Page title={campaign.name} above={[{ label: t("title"), href: to("/campaigns") }]} actions={actions} permission="reports:read">
      <Group gap="sm" mt={-12}><StateBadge state={campaign.state} /><Text size="sm" c="dimmed">{t("report.sent_at")} <Moment at={campaign.started_at} /> {campaign.subject && <>· <bdi>{campaign.subject}</bdi></>}</Text></Group>
      <Loaded query={report} lines={8}>
        {(read) => (
          <Tabs label={t("report")} tabs={[
            { code: "overview", label: t("report.overview"), body: () => <Overview campaign={campaign} report={read} /> },
            { code: "clicks", label: t("report.clicks"), body: () => <Stack gap="md">{!smsOf(campaign) && <ClickMap campaign={campaign} report={read} />}<Links links={read.links} /></Stack> },
            ...(may("messages:read") && may("contacts:read") ? [{ code: "people", label: t("report.people"), body: () => <Recipients id={campaign.id} sms={smsOf(campaign) !== null} /> }] : []),
            { code: "compare", label: t("report.compare"), body: () => <Compare campaign={campaign} report={read} /> },
          ]} />
        )}
      </Loaded>
      {making && <ToSegment campaign={campaign} outcome={smsOf(campaign) ? "clicked" : "opened"} close={() => setMaking(false)} />}
    </Page>
  );
}

function Overview({ campaign, report }: { campaign: Campaign; report: Report }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const { delivered, sent } = report;
  const sms = figuresOf(report);
  return (
    <Stack gap="md">
      {sms ? <SmsFiguresView figures={sms} sent={sent} failed={report.failed} track={report.track} /> : <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
        <Figure label={t("figure.delivered")} value={format.number(delivered)} note={format.share(delivered, sent)} />
        <Figure label={t("figure.opened")} value={report.track ? format.number(report.opens.unique_human) : "–"} note={report.track ? format.share(report.opens.unique_human, delivered) : t("figure.not_counted")} hint={t("figure.opened.hint")} />
        <Figure label={t("figure.clicked")} value={report.track ? format.number(report.clicks.unique_human) : "–"} note={report.track ? format.share(report.clicks.unique_human, delivered) : t("figure.not_counted")} />
        <Figure label={t("figure.bounced")} value={format.number(report.bounced + report.failed)} note={format.share(report.bounced + report.failed, sent + report.failed)} />
        <Figure label={t("figure.unsubscribed")} value={format.number(report.unsubscribed)} note={format.share(report.unsubscribed, delivered)} />
        <Figure label={t("figure.complained")} value={format.number(report.complained)} note={format.share(report.complained, delivered)} />
      </SimpleGrid>}
      <Notes report={report} />
      <Card><Title order={2} mb="sm">{t("funnel")}</Title><Funnel steps={report.funnel} /></Card>
      {report.series.length > 0 && <Card><Suspense fallback={<Waiting />}><Series points={report.series} /></Suspense></Card>}
      {sms && <SmsCountries figures={sms} />}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {!sms && <Causes title={t("causes.bounced")} causes={report.bounced_by_class} family="bounce" />}
        <Causes title={t("causes.failed")} causes={report.failed_by_class} family="bounce" />
        <Causes title={t("causes.denied")} causes={report.denied_by_reason} family="reason" />
        <Card>
          <Title order={2} mb="xs">{t("machines")}</Title>
          <Text size="sm">{t("machines.text", { opens: format.number(report.opens.machine + report.opens.probable_machine), clicks: format.number(report.clicks.machine + report.clicks.probable_machine) })}</Text>
          {!campaign.track && <Text size="sm" c="dimmed" mt="xs">{t("note.tracking_off")}</Text>}
        </Card>
      </SimpleGrid>
    </Stack>
  );
}

function Causes({ title, causes, family }: { title: string; causes: Record<string, number>; family: string }) {
  const { t } = useTranslation("app_campaigns");
  const word = useWord();
  const format = useFormat();
  const rows = Object.entries(causes).sort(([, a], [, b]) => b - a);
  return (
    <Card>
      <Title order={2} mb="xs">{title}</Title>
      {rows.length === 0 ? <Text size="sm" c="dimmed">{t("causes.none")}</Text> : (
        <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
          {rows.map(([code, people]) => <Group key={code} component="li" justify="space-between" wrap="nowrap"><Text size="sm">{word(family, code)}</Text><Text size="sm" className="tabular">{format.number(people)}</Text></Group>)}
        </Stack>
      )}
    </Card>
  );
}

/** What the figures do not say. */
function Notes({ report }: { report: Report }) {
  const { t, i18n } = useTranslation("app_campaigns");
  const said = report.notes.map(({ code }) => `note.${code}`).filter((key) => i18n.exists(key, { ns: "app_campaigns" }));
  if (said.length === 0) return null;
  return (
    <Alert color="gray" icon={<Info aria-hidden />}>
      <Stack gap={4}>{said.map((key) => <Text key={key} size="sm">{t(key as "note.machine_opens")}</Text>)}</Stack>
    </Alert>
  );
}
