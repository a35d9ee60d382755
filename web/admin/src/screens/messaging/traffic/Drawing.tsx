import { useTranslation } from "react-i18next";
import { Chart } from "@/ui/Chart";
import { useFormat } from "@/i18n/format";
import { drawn, type Group, type GroupBy } from "./insights";

const MOST = 12;

/** What became of messages, drawn. The same numbers stand in its table and its file. */
export default function Drawing({ groups, group_by, nameOf }: { groups: readonly Group[]; group_by: string; nameOf: (key: string) => string }) {
  const { t } = useTranslation("app_money");
  const { tag } = useFormat();
  const days = group_by === "day";
  const short = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" });
  const data = drawn(groups, group_by, MOST);
  return (
    <Chart kind="bar" stacked title={t(days ? "chart.days" : "chart.groups")} head={t(`by.${group_by as GroupBy}`)} data={data} axis={(at) => (days ? short.format(new Date(`${at}T12:00:00`)) : nameOf(at))}
      series={[{ key: "delivered", label: t("delivered"), color: "teal.6" }, { key: "under_way", label: t("under_way.all"), color: "gray.5" }, { key: "failed", label: t("lost"), color: "red.6" }, { key: "refused", label: t("refused"), color: "amber.6" }]} />
  );
}
