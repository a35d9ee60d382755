import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Chart } from "@/ui/Chart";
import type { Report } from "../CampaignReport";

/** What happened when. */
export default function Series({ points }: { points: Report["series"] }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const short = new Intl.DateTimeFormat(format.tag, { day: "numeric", month: "short", hour: "numeric" });
  return (
    <Chart title={t("series")} axis={(at) => short.format(new Date(at))} data={points.map(({ at, opens, clicks, sent }) => ({ at, opens: opens.human, clicks: clicks.human, sent: sent ?? 0 }))}
      series={[{ key: "sent", label: t("series.sent"), color: "gray.5" }, { key: "opens", label: t("series.opens"), color: "teal.6" }, { key: "clicks", label: t("series.clicks"), color: "amber.6" }]} />
  );
}
