import { Box, Card, Group, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { LanguageSwitch, useLanguageHere } from "@/screens/content/LanguageSwitch";
import { PreviewFrame } from "@/screens/content/PreviewFrame";
import { Loaded } from "@/ui/Loaded";
import { CLICK_STYLE, withClicks } from "../clickmap";
import type { Report } from "../CampaignReport";
import { languagesOf } from "../fields";
import { fieldsOf, type Campaign } from "../server";

/** The message as it was sent, with the clicks on each of its links. */
export function ClickMap({ campaign, report }: { campaign: Campaign; report: Report }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const languages = languagesOf(fieldsOf(campaign));
  const [language, setLanguage] = useLanguageHere(languages);
  const content = api.useQuery("get", "/v1/campaigns/{id}/content", { params: { path: { id: campaign.id }, query: { language } } }, { staleTime: Infinity });
  const clicks = useMemo(() => new Map(report.links.map(({ number, clicks: hits }) => [number, format.number(hits.human)])), [report.links, format]);
  return (
    <Card padding={0}>
      <Group justify="space-between" p="sm"><Title order={2}>{t("clicks.map")}</Title><LanguageSwitch languages={languages} language={language} choose={setLanguage} /></Group>
      <Text size="sm" c="dimmed" px="sm" pb="sm">{t("clicks.about")}</Text>
      <Loaded query={content}>
        {({ html }) => <Box style={{ display: "flex", justifyContent: "center", background: "var(--barid-ground)", overflowX: "auto" }}><PreviewFrame html={withClicks(html, clicks)} style={CLICK_STYLE} title={t("clicks.map")} width={640} height={640} /></Box>}
      </Loaded>
    </Card>
  );
}
