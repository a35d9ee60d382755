import { Card, SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Chart } from "@/ui/Chart";
import type { Overview } from "./overview";
import { byWeek } from "./weeks";

const MANY_DAYS = 92;
const GROWTH = ["joined", "left", "created", "bounced", "erased"] as const;

/** Growth, campaigns and deliverability as drawings; each can be read as a table and taken as a file. */
export default function Charts({ overview }: { overview: Overview }) {
  const { t } = useTranslation("app_reports");
  const format = useFormat();
  const { series } = overview.audience;
  // The tooltip of an empty place asks for the name of nothing. Isolated, because a drawing runs left to right.
  const dayOf = (at: string) => (Number.isNaN(Date.parse(at)) ? "" : `\u2068${format.date(at)}\u2069`);
  const growth = series.length > MANY_DAYS ? byWeek(series, GROWTH) : series.map(({ day, ...counts }) => ({ at: day, ...counts }));
  const campaigns = [...overview.campaigns].reverse().map(({ id, started_at, sent, opened, clicked }) => ({ at: `${started_at} ${id}`, sent, opened, clicked }));
  const groups = overview.deliverability.map(({ group, soft, hard, complaints }) => ({ at: group, soft, hard, complaints }));
  const names: Record<string, string> = { other: t("group.other"), gmail: t("group.gmail"), outlook: t("group.outlook"), yahoo: t("group.yahoo"), icloud: t("group.icloud"), gmx: t("group.gmx"), proton: t("group.proton"), yandex: t("group.yandex"), mail_ru: t("group.mail_ru"), t_online: t("group.t_online") };
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Card style={{ gridColumn: "1 / -1" }}>
        <Chart title={t("chart.growth")} data={growth} axis={dayOf} series={[
          { key: "joined", label: t("joined"), color: "teal.6" }, { key: "left", label: t("left"), color: "amber.6" }, { key: "bounced", label: t("bounced"), color: "red.6" },
        ]} />
      </Card>
      {campaigns.length > 0 && (
        <Card>
          <Chart title={t("chart.campaigns")} kind="bar" data={campaigns} axis={(at) => dayOf(at.split(" ")[0] ?? "")} series={[
            { key: "sent", label: t("sent"), color: "gray.5" }, { key: "opened", label: t("campaign.opened"), color: "teal.6" }, { key: "clicked", label: t("campaign.clicked"), color: "amber.6" },
          ]} />
        </Card>
      )}
      {groups.length > 0 && (
        <Card>
          <Chart title={t("chart.deliverability")} kind="bar" stacked data={groups} axis={(group) => names[group] ?? group} series={[
            { key: "soft", label: t("soft"), color: "gray.5" }, { key: "hard", label: t("hard"), color: "amber.6" }, { key: "complaints", label: t("complained"), color: "red.6" },
          ]} />
        </Card>
      )}
    </SimpleGrid>
  );
}
