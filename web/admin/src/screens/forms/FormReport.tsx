import { Card, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useUrlState } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { Chart, type Series } from "@/ui/Chart";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { conversion } from "./definition";

const SPANS = ["7", "30", "90", "365"] as const;
type Span = (typeof SPANS)[number];
const isSpan = (value: string): value is Span => (SPANS as readonly string[]).includes(value);
const DAY = 86_400_000;

/** The first and the last day of a span that ends today (UTC, as the server counts). */
function between(days: number, now: number) {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(now - (days - 1) * DAY), to: day(now) };
}

/** How often a form was seen, sent and confirmed, by day. */
export default function FormReport({ id }: { id: string }) {
  const { t } = useTranslation("app_forms");
  const format = useFormat();
  const [wanted, setSpan] = useUrlState("days", "30");
  const span: Span = isSpan(wanted) ? wanted : "30";
  const query = useMemo(() => between(Number(span), Date.now()), [span]);
  const report = api.useQuery("get", "/v1/forms/{id}/report", { params: { path: { id }, query } });
  const series: Series[] = [
    { key: "views", label: t("views"), color: "gray.5" },
    { key: "submissions", label: t("submissions"), color: "amber.6" },
    { key: "confirmed", label: t("confirmed"), color: "teal.6" },
  ];
  return (
    <Stack gap="lg">
      <Select maw={260} label={t("report.span")} allowDeselect={false} value={span} onChange={(value) => value && setSpan(value)} data={SPANS.map((value) => ({ value, label: t("report.days", { count: Number(value), n: format.number(Number(value)) }) }))} />
      <Loaded query={report}>
        {({ total, days }) => {
          const share = conversion(total);
          return (
            <>
              <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
                <Figure label={t("views")} value={format.number(total.views)} note={t("views.about")} />
                <Figure label={t("submissions")} value={format.number(total.submissions)} note={t("submissions.about")} />
                <Figure label={t("confirmed")} value={format.number(total.confirmed)} note={t("confirmed.about")} />
                <Figure label={t("conversion")} value={share === null ? "–" : format.percent(share)} note={t("conversion.about")} />
              </SimpleGrid>
              <Card>
                <Chart title={t("report.by_day")} axis={(day) => format.date(`${day}T12:00:00`)} data={days.map(({ day, views, submissions, confirmed }) => ({ at: day, views, submissions, confirmed }))} series={series} />
              </Card>
              <Text size="xs" c="dimmed">{t("report.note")}</Text>
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}
