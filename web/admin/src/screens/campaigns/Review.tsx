import { Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useParams } from "react-router";
import { Presence } from "@/app/Presence";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Preview } from "@/screens/content/Preview";
import { LanguageSwitch, useLanguageHere } from "@/screens/content/LanguageSwitch";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { Ltr } from "@/ui/text";
import { Reasons, useChecklist } from "./AudienceCount";
import { placeOf } from "./CampaignTable";
import { ChecklistRows } from "./ChecklistRows";
import { contentOf, languagesOf, pieceOf } from "./fields";
import { Go } from "./Go";
import { smsOf } from "./sms/shapes";
import { TestSend } from "./TestSend";
import { fieldsOf, isWritable, useCampaign, type Campaign, type Checklist } from "./server";

const SmsReview = lazy(() => import("./sms/SmsReview"));

/** The last look before a campaign leaves. */
export default function Review() {
  const { id = "" } = useParams();
  const campaign = useCampaign(id);
  return <Loaded query={campaign} lines={10}>{(read) => (isWritable(read.state) ? <Look key={read.id} campaign={read} /> : <Navigate replace to={placeOf(read)} />)}</Loaded>;
}

function Look({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("app_campaigns");
  const checklist = useChecklist(campaign.id, `${campaign.revision} ${campaign.tested_at}`);
  const above = [{ label: t("title"), href: to("/campaigns") }, { label: campaign.name, href: to(`/campaigns/${campaign.id}`) }];
  return (
    <Page title={t("review.title")} about={t("review.about")} above={above} permission="campaigns:read">
      <Presence object={`campaign:${campaign.id}`} mode="viewing" />
      <Loaded query={checklist} lines={8}>{(list) => (list ? <Whole campaign={campaign} list={list} again={() => void checklist.refetch()} busy={checklist.isFetching} /> : null)}</Loaded>
    </Page>
  );
}

interface Shown { campaign: Campaign; list: Checklist; again: () => void; busy: boolean }

const Whole = (shown: Shown) => (smsOf(shown.campaign) ? <SmsReview {...shown} /> : <Parts {...shown} />);

function Parts({ campaign, list, again, busy }: Shown) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const may = useMay();
  const denied = Object.values(list.denied).reduce((sum, people) => sum + people, 0);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
          <Figure label={t("review.allowed")} value={format.number(list.allowed)} />
          <Figure label={t("review.denied")} value={format.number(denied)} />
          <Figure label={t("review.takes")} value={list.minutes_estimate === null || list.minutes_estimate === undefined ? "–" : minutes(format.tag, list.minutes_estimate)} />
        </SimpleGrid>
        {(denied > 0 || Object.keys(list.deferred).length > 0) && <Card padding="sm"><Reasons denied={list.denied} deferred={list.deferred} /></Card>}
        <Card>
          <Group justify="space-between" mb="sm"><Title order={2}>{t("checklist")}</Title><Button size="xs" variant="default" loading={busy} onClick={again}>{t("checklist.again")}</Button></Group>
          <ChecklistRows id={campaign.id} items={list.items} />
        </Card>
        {may("campaigns:test") && <Card><Title order={2} mb="sm">{t("test")}</Title><TestSend campaign={campaign} /></Card>}
        <Card><Title order={2} mb="sm">{t("go")}</Title>{may("campaigns:send") ? <Go campaign={campaign} list={list} /> : <Text size="sm" c="dimmed">{t("go.no_permission")}</Text>}</Card>
      </Stack>
      <Message campaign={campaign} />
    </SimpleGrid>
  );
}

const minutes = (tag: string, value: number) => new Intl.NumberFormat(tag, { style: "unit", unit: "minute", unitDisplay: "long" }).format(Math.max(1, Math.ceil(value)));

function Message({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("app_campaigns");
  const fields = fieldsOf(campaign);
  const languages = languagesOf(fields);
  const [language, setLanguage] = useLanguageHere(languages);
  return (
    <Card style={{ alignSelf: "start" }}>
      <Group justify="space-between" mb="sm"><Title order={2}>{t("review.preview")}</Title><LanguageSwitch languages={languages} language={language} choose={setLanguage} /></Group>
      <Text size="sm" mb="xs">{t("review.from")} <bdi>{fields.from_name}</bdi> <Ltr>{`<${fields.from_email}>`}</Ltr></Text>
      <Preview content={contentOf(pieceOf(fields, language))} language={language} height={520} />
    </Card>
  );
}
