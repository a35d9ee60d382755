import { Card, Select, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useUrlState } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { Loaded } from "@/ui/Loaded";
import type { Report } from "../CampaignReport";
import type { Campaign } from "../server";

const ROWS = ["delivered", "opened", "clicked", "bounced", "unsubscribed", "complained"] as const;

function figure(report: Report, row: (typeof ROWS)[number]): [part: number, whole: number] {
  switch (row) {
    case "delivered": return [report.delivered, report.sent];
    case "opened": return [report.opens.unique_human, report.delivered];
    case "clicked": return [report.clicks.unique_human, report.delivered];
    case "bounced": return [report.bounced + report.failed, report.sent + report.failed];
    default: return [report[row], report.delivered];
  }
}

/** Two campaigns side by side, in shares, because they went to different numbers of people. */
export function Compare({ campaign, report }: { campaign: Campaign; report: Report }) {
  const { t } = useTranslation("app_campaigns");
  const [other, setOther] = useUrlState("with");
  const list = api.useQuery("get", "/v1/campaigns", { params: { query: { state: "sent", sort: "-when", limit: 100 } } });
  const choices = (list.data?.items ?? []).filter(({ id }) => id !== campaign.id).map(({ id, name }) => ({ value: id, label: name }));
  const name = choices.find(({ value }) => value === other)?.label ?? "";
  return (
    <Stack gap="md">
      <Select maw={420} searchable clearable clearButtonProps={{ "aria-label": t("compare.none") }} label={t("compare.with")} placeholder={t("compare.choose")} nothingFoundMessage={t("compare.nothing")} data={choices} value={other || null} onChange={(value) => setOther(value ?? "")} />
      {other ? <Beside id={other} report={report} names={[campaign.name, name]} /> : <Text size="sm" c="dimmed">{t("compare.about")}</Text>}
    </Stack>
  );
}

function Beside({ id, report, names }: { id: string; report: Report; names: [string, string] }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const second = api.useQuery("get", "/v1/campaigns/{id}/report", { params: { path: { id } } });
  const cell = (of: Report, row: (typeof ROWS)[number]) => {
    const [part, whole] = figure(of, row);
    return <>{format.share(part, whole)} <Text span size="xs" c="dimmed">({format.number(part)})</Text></>;
  };
  const points = (row: (typeof ROWS)[number], theirs: Report) => {
    const [[a, b], [c, d]] = [figure(report, row), figure(theirs, row)];
    if (b === 0 || d === 0) return "–";
    return new Intl.NumberFormat(format.tag, { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(a / b - c / d);
  };
  return (
    <Loaded query={second}>
      {(theirs) => (
        <Card padding={0} style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label={t("report.compare")}>
          <Table>
            <Table.Thead><Table.Tr><Table.Th>{t("compare.figure")}</Table.Th>{names.map((name, at) => <Table.Th key={at} ta="end"><bdi>{name}</bdi></Table.Th>)}<Table.Th ta="end">{t("compare.difference")}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {ROWS.map((row) => <Table.Tr key={row}><Table.Th scope="row" fw={400}>{t(`figure.${row}`)}</Table.Th><Table.Td ta="end">{cell(report, row)}</Table.Td><Table.Td ta="end">{cell(theirs, row)}</Table.Td><Table.Td ta="end"><bdi dir="ltr">{points(row, theirs)}</bdi></Table.Td></Table.Tr>)}
            </Table.Tbody>
          </Table>
        </Card>
      )}
    </Loaded>
  );
}
