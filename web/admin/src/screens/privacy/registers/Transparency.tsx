import { Button } from "@mantine/core";
import { Download, Landmark } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { download } from "@/ui/download";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";

const COUNTS = ["received", "answered", "refused", "barred", "people"] as const;
type Year = Record<(typeof COUNTS)[number], number> & { year: string };

/** Requests of public authorities by year, for everybody to see. */
export default function Transparency() {
  const { t } = useTranslation("app_registers");
  const format = useFormat();
  const report = api.useQuery("get", "/v1/privacy/transparency", {}, { select: yearsOf });
  const rows = report.data ?? [];
  return (
    <Section title={t("transparency.title")} about={t("transparency.about")}
      actions={rows.length > 0 && <Button variant="default" leftSection={<Download aria-hidden size={16} />} onClick={() => save(rows)}>{t("transparency.csv")}</Button>}>
      <Loaded query={report}>
        {(years) => (
          <DataTable label={t("transparency.title")} rows={years} rowKey={({ year }) => year} empty={<Nothing icon={Landmark} title={t("transparency.none")} text={t("transparency.none_text")} />} columns={[
            { key: "year", title: t("transparency.year"), cell: ({ year }) => format.year(Number(year)) },
            ...COUNTS.map((name) => ({ key: name, title: t(`transparency.${name}`), numeric: true, cell: (one: Year) => format.number(one[name]) })),
          ]} />
        )}
      </Loaded>
    </Section>
  );
}

/** The newest year first. */
export function yearsOf(report: Record<string, Omit<Year, "year">>): Year[] {
  return Object.entries(report).map(([year, counts]) => ({ year, ...counts })).sort((a, b) => Number(b.year) - Number(a.year));
}

function save(rows: readonly Year[]) {
  const lines = [["year", ...COUNTS].join(","), ...rows.map((one) => [one.year, ...COUNTS.map((name) => one[name])].join(","))];
  download("transparency.csv", `${lines.join("\r\n")}\r\n`, "text/csv");
}
