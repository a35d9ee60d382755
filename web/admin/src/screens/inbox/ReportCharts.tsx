import { Card, SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Chart } from "@/ui/Chart";
import type { Report } from "./report";

/** The same numbers day by day, and by the hour of the day. */
export default function ReportCharts({ report }: { report: Report }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const hour = (at: string) => format.time(new Date(2026, 0, 1, Number(at)));
  const days = report.by_day.map(({ day, ...rest }) => ({ at: day, started: rest.started, missed: rest.missed, first: Math.round(rest.first_response_seconds ?? 0), good: rest.rated_good, bad: rest.rated_bad }));
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Card><Chart title={t("report.by_day")} data={days} axis={format.date} series={[{ key: "started", label: t("report.started"), color: "teal.6" }, { key: "missed", label: t("report.missed"), color: "red.6" }]} /></Card>
      <Card><Chart title={t("report.by_hour")} kind="bar" axis={hour} data={report.by_hour.map(({ hour, started, messages_in }) => ({ at: String(hour), started, messages: messages_in }))} series={[{ key: "started", label: t("report.started"), color: "teal.6" }, { key: "messages", label: t("report.messages"), color: "gray.5" }]} /></Card>
      <Card><Chart title={t("report.response_by_day")} data={days} axis={format.date} series={[{ key: "first", label: t("report.first_response_seconds"), color: "teal.6" }]} /></Card>
      <Card><Chart title={t("report.ratings_by_day")} kind="bar" stacked data={days} axis={format.date} series={[{ key: "good", label: t("rated.good"), color: "teal.6" }, { key: "bad", label: t("rated.bad"), color: "red.6" }]} /></Card>
    </SimpleGrid>
  );
}
