import { Button } from "@mantine/core";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Report } from "../CampaignReport";
import type { Campaign } from "../server";
import { reportCsv } from "./csv";

/** The report as a file. */
export function CsvButton({ campaign, report }: { campaign: Campaign; report: Report }) {
  const { t } = useTranslation("app_campaigns");
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", reportCsv(report)], { type: "text/csv" }));
    link.download = `${campaign.name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return <Button variant="default" leftSection={<Download aria-hidden size={16} />} onClick={save}>{t("csv")}</Button>;
}
