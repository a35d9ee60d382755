import { Button, Card, Group, SimpleGrid, Stack, TagsInput, Text, Title } from "@mantine/core";
import { MessageSquareShare } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { latinDigits, useFormat } from "@/i18n/format";
import { LanguageSwitch, useLanguageHere } from "@/screens/content/LanguageSwitch";
import { Bubble } from "@/screens/messaging/Bubble";
import { Counter } from "@/screens/messaging/Counter";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import { Ltr, When } from "@/ui/text";
import { Reasons } from "../AudienceCount";
import { ChecklistRows } from "../ChecklistRows";
import { languagesOf, pieceOf } from "../fields";
import { Go } from "../Go";
import type { Campaign, Checklist } from "../server";
import { CostCard } from "./Estimate";
import { sampleOf, smsFieldsOf } from "./shapes";

/** The last look at a campaign by SMS: what it costs, what stands in its way, a test, and off it goes. */
export default function SmsReview({ campaign, list, again, busy }: { campaign: Campaign; list: Checklist; again: () => void; busy: boolean }) {
  const { t } = useTranslation(["app_messaging", "app_campaigns"]);
  const may = useMay();
  const left = Object.keys(list.denied).length + Object.keys(list.deferred).length > 0;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Stack gap="md">
        <Card><Title order={2} mb="sm">{t("sms.cost")}</Title><CostCard id={campaign.id} changes={`${campaign.revision}`} saved /></Card>
        {left && <Card padding="sm"><Reasons denied={list.denied} deferred={list.deferred} /></Card>}
        <Card>
          <Group justify="space-between" mb="sm"><Title order={2}>{t("app_campaigns:checklist")}</Title><Button size="xs" variant="default" loading={busy} onClick={again}>{t("app_campaigns:checklist.again")}</Button></Group>
          <ChecklistRows id={campaign.id} items={list.items} sms />
        </Card>
        {may("campaigns:test") && may("messages:send") && <Card><Title order={2} mb="sm">{t("app_campaigns:test")}</Title><TestNumbers campaign={campaign} /></Card>}
        <Card><Title order={2} mb="sm">{t("app_campaigns:go")}</Title>{may("campaigns:send") ? <Go campaign={campaign} list={list} /> : <Text size="sm" c="dimmed">{t("app_campaigns:go.no_permission")}</Text>}</Card>
      </Stack>
      <Message campaign={campaign} />
    </SimpleGrid>
  );
}

function Message({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation(["app_messaging", "app_campaigns"]);
  const fields = smsFieldsOf(campaign);
  const languages = languagesOf(fields);
  const [language, setLanguage] = useLanguageHere(languages);
  const sample = sampleOf(pieceOf(fields, language).text ?? "", fields.shorten, window.location.host);
  return (
    <Card style={{ alignSelf: "start" }}>
      <Stack>
        <Group justify="space-between"><Title order={2}>{t("app_campaigns:review.preview")}</Title><LanguageSwitch languages={languages} language={language} choose={setLanguage} /></Group>
        <Text size="sm">{t("column.from")}: {fields.originator ? <Ltr>{fields.originator}</Ltr> : t("sms.from.any")}</Text>
        <Bubble text={sample} />
        <Counter text={sample} />
      </Stack>
    </Card>
  );
}

const KEPT = "barid.test_numbers";
const MOST = 5;

function kept(): string[] {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "[]") as unknown;
    return Array.isArray(found) ? found.filter((one): one is string => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** The campaign as it stands, to telephones of one's own, outside all counting. */
function TestNumbers({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation(["app_messaging", "app_campaigns"]);
  const format = useFormat();
  const [numbers, setNumbers] = useState(kept);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const change = (typed: string[]) => {
    const next = typed.map((one) => latinDigits(one).replace(/[\s()\-.]/g, "").replace(/^00/, "+"));
    setNumbers(next);
    localStorage.setItem(KEPT, JSON.stringify(next));
  };
  const send = async () => {
    setBusy(true);
    setTrouble(null);
    const { error } = await fetchClient.POST("/v1/campaigns/{id}/test", { params: { path: { id: campaign.id } }, body: { to: numbers } }).catch((lost: unknown) => ({ error: lost }));
    setBusy(false);
    if (error) return setTrouble(error);
    told(t("sms.tested", { count: numbers.length, n: format.number(numbers.length) }));
    void stale("/v1/campaigns");
  };
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">{t("sms.test.about")} {campaign.tested_at && <>{t("app_campaigns:test.last")} <When at={campaign.tested_at} /></>}</Text>
      {trouble !== null && <Failed error={trouble} />}
      <TagsInput dir="ltr" label={t("sms.test.to")} description={t("new.to.note")} splitChars={[",", "،", ";"]} maxTags={MOST} acceptValueOnBlur value={numbers} onChange={change} />
      <Group><Button variant="default" loading={busy} disabled={numbers.length === 0} leftSection={<MessageSquareShare aria-hidden size={16} />} onClick={() => void send()}>{t("app_campaigns:test.send")}</Button></Group>
    </Stack>
  );
}
