import { Text } from "@mantine/core";
import { MousePointerClick } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Nothing } from "@/ui/Nothing";
import { Ltr } from "@/ui/text";
import type { Report } from "../CampaignReport";

/** Every link with its clicks, most clicked first. */
export function Links({ links }: { links: Report["links"] }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const whole = links.reduce((sum, { clicks }) => sum + clicks.human, 0);
  return (
    <DataTable label={t("links")} rowKey={({ number }) => String(number)} rows={[...links].sort((a, b) => b.clicks.human - a.clicks.human)} empty={<Nothing icon={MousePointerClick} title={t("links.none")} text={t("links.none.text")} />}
      columns={[
        { key: "url", title: t("links.url"), cell: ({ url }) => <Text size="sm" style={{ overflowWrap: "anywhere" }}><Ltr>{url}</Ltr></Text> },
        { key: "number", title: t("links.number"), numeric: true, wideOnly: true, cell: ({ number }) => format.number(number) },
        { key: "clicks", title: t("links.clicks"), numeric: true, cell: ({ clicks }) => format.number(clicks.human) },
        { key: "share", title: t("links.share"), numeric: true, cell: ({ clicks }) => format.share(clicks.human, whole) },
      ]} />
  );
}
