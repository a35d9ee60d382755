import { Anchor, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Moment } from "@/ui/text";
import type { Import } from "../shapes";
import { ImportState } from "./ImportState";

/** The newest hundred imports. */
export function Earlier() {
  const { t } = useTranslation("app_import");
  const format = useFormat();
  const navigate = useNavigate();
  const query = api.useQuery("get", "/v1/imports");
  const topics = api.useQuery("get", "/v1/topics");
  const topicName = (id: string) => topics.data?.items.find((topic) => topic.id === id)?.name ?? "–";
  const count = (value: (one: Import) => number) => (one: Import) => format.number(value(one));
  const columns: Array<Column<Import>> = [
    { key: "when", title: t("earlier.when"), cell: (one) => <Anchor component={Link} to={to(`/audience/import/${one.id}`)} size="sm" fw={600}><Moment at={one.created_at} /></Anchor> },
    { key: "state", title: t("earlier.state"), cell: (one) => <ImportState of={one} /> },
    { key: "topic", title: t("earlier.topic"), cell: ({ topic }) => <bdi>{topic ? topicName(topic) : "–"}</bdi> },
    { key: "added", title: t("count.added"), numeric: true, cell: count(({ added }) => added) },
    { key: "updated", title: t("count.updated"), numeric: true, cell: count(({ updated }) => updated) },
    { key: "rejected", title: t("count.rejected"), numeric: true, cell: count(({ rejected }) => rejected) },
  ];
  return (
    <Stack gap="xs">
      <Title order={2}>{t("earlier")}</Title>
      <Loaded query={query}>
        {({ items }) => <DataTable label={t("earlier")} columns={columns} rows={items} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/audience/import/${id}`))} empty={<Text size="sm" c="dimmed">{t("earlier.none")}</Text>} />}
      </Loaded>
    </Stack>
  );
}
