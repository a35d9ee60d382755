import "@mantine/charts/styles.css";
import { ActionIcon, Box, Group, ScrollArea, Table, Text, Tooltip, useDirection } from "@mantine/core";
import { AreaChart, BarChart } from "@mantine/charts";
import { ChartSpline, Download, Table2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";

export interface Series {
  key: string;
  label: string;
  color: "teal.6" | "amber.6" | "red.6" | "gray.5";
}

interface ChartProps {
  title: string;
  /** One object per place on the axis: `at`, and a number for each series. */
  data: ReadonlyArray<Record<string, string | number>>;
  series: readonly Series[];
  /** What stands on the axis for an `at`. */
  axis: (at: string) => string;
  /** What the places on the axis are, as the head of the table; moments when it is absent. */
  head?: string;
  kind?: "area" | "bar";
  stacked?: boolean;
  height?: number;
}

/** The drawing is for the eye; the table beside it is for everybody, so the keyboard has nothing to do in it. */
const SILENT = { accessibilityLayer: false };

const quoted = (value: string | number) => (/^[=+\-@\t]/.test(String(value)) ? `"'${value}"` : `"${String(value).replaceAll('"', '""')}"`);

function asCsv({ data, series }: Pick<ChartProps, "data" | "series">): string {
  const head = ["at", ...series.map(({ label }) => label)].map(quoted).join(",");
  const rows = data.map((row) => [row.at ?? "", ...series.map(({ key }) => row[key] ?? 0)].map(quoted).join(","));
  return [head, ...rows].join("\r\n");
}

function save(name: string, text: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** A chart with the same numbers as a table and as a file. It is drawn left to right and turned as a whole: the
 *  axes of the library do not turn by themselves. */
export function Chart(props: ChartProps) {
  const { title, data, series, axis, head, kind = "area", stacked = false, height = 240 } = props;
  const { t } = useTranslation();
  const { dir } = useDirection();
  const format = useFormat();
  const [asTable, setAsTable] = useState(false);
  const rtl = dir === "rtl";
  // Inside the drawing, which runs left to right, a date of the other direction is kept together by isolates.
  const marked = (value: string) => (rtl ? `\u2067${axis(value)}\u2069` : axis(value));
  const drawn = {
    h: height, data: [...data], dataKey: "at", withLegend: series.length > 1, ...(stacked ? { type: "stacked" as const } : {}),
    series: series.map(({ key, label, color }) => ({ name: key, label, color })), valueFormatter: format.number,
    xAxisProps: { reversed: rtl, tickFormatter: marked, minTickGap: 24 },
    yAxisProps: { orientation: rtl ? ("right" as const) : ("left" as const), width: 56, allowDecimals: false, tickFormatter: (value: number) => format.compact(value), tick: { transform: `translate(${rtl ? 10 : -10}, 0)`, fontSize: 12, fill: "currentColor" } },
    tooltipProps: { labelFormatter: (value: ReactNode) => (value === undefined ? "" : axis(String(value))) }, gridAxis: "x" as const,
  };
  return (
    <Box component="figure" m={0}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Text component="figcaption" fw={600}>{title}</Text>
        <Group gap={2} wrap="nowrap">
          <Tooltip label={asTable ? t("chart.as_chart") : t("chart.as_table")}>
            <ActionIcon aria-label={asTable ? t("chart.as_chart") : t("chart.as_table")} onClick={() => setAsTable(!asTable)}>{asTable ? <ChartSpline aria-hidden size={18} /> : <Table2 aria-hidden size={18} />}</ActionIcon>
          </Tooltip>
          <Tooltip label={t("chart.csv")}>
            <ActionIcon aria-label={t("chart.csv")} onClick={() => save(title, asCsv({ data, series }))}><Download aria-hidden size={18} /></ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {asTable ? (
        <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, role: "region", "aria-label": title }}>
          <Table>
            <Table.Thead><Table.Tr><Table.Th>{head ?? t("chart.when")}</Table.Th>{series.map(({ key, label }) => <Table.Th key={key} ta="end">{label}</Table.Th>)}</Table.Tr></Table.Thead>
            <Table.Tbody>
              {data.map((row) => (
                <Table.Tr key={String(row.at)}><Table.Td>{axis(String(row.at))}</Table.Td>{series.map(({ key }) => <Table.Td key={key} ta="end">{format.number(Number(row[key] ?? 0))}</Table.Td>)}</Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      ) : (
        <Box dir="ltr" aria-hidden>
          {kind === "area" ? <AreaChart {...drawn} areaChartProps={SILENT} /> : <BarChart {...drawn} barChartProps={SILENT} />}
        </Box>
      )}
    </Box>
  );
}
