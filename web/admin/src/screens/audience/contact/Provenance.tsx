import { Stack, Text, Title } from "@mantine/core";
import { FileSearch } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { When } from "@/ui/text";
import { useWord } from "@/ui/words";
import type { Provenance as Origins } from "../shapes";
import { actorKind } from "./actor";

type Source = Origins["sources"][number];
interface Line { key: string; field: string; value: string; source: Source | undefined }

const linesOf = ({ values, sources }: Origins): Line[] =>
  values.map(({ field, label, value, source }, place) => ({ key: `${field} ${place}`, field: label ?? field, value, source: sources.find(({ id }) => id === source) }));

function Detail({ source }: { source: Source }) {
  const word = useWord();
  if (source.detail.length === 0) return <Text span c="dimmed">–</Text>;
  return <Stack gap={2}>{source.detail.map(({ name, value }) => <Text key={name} size="xs"><bdi>{word("evidence", name)}</bdi>: <bdi>{value}</bdi></Text>)}</Stack>;
}

/** Where each value comes from: how, from which source, when, by whom, with what evidence (GDPR Art. 14(2)(f), 15(1)(g)). */
export function Provenance({ id }: { id: string }) {
  const { t } = useTranslation("app_contact");
  const word = useWord();
  const format = useFormat();
  const query = api.useQuery("get", "/v1/contacts/{id}/provenance", { params: { path: { id } } });
  const columns: Array<Column<Line>> = [
    { key: "field", title: t("provenance.field"), cell: ({ field }) => <Text size="sm" fw={600}><bdi>{word("field", field)}</bdi></Text> },
    { key: "value", title: t("provenance.value"), cell: ({ value }) => <bdi>{value}</bdi> },
    { key: "method", title: t("provenance.method"), cell: ({ source }) => word("method", source?.method) },
    { key: "source", title: t("provenance.source"), cell: ({ source }) => (source ? <bdi>{source.source}</bdi> : t("provenance.unknown")) },
    { key: "collected", title: t("provenance.collected"), cell: ({ source }) => (source?.collected_on ? format.date(source.collected_on) : "–") },
    { key: "actor", title: t("provenance.actor"), cell: ({ source }) => word("actor", source && actorKind(source.actor)) },
    { key: "recorded", title: t("provenance.recorded"), cell: ({ source }) => <When at={source?.created_at} />, wideOnly: true },
    { key: "evidence", title: t("provenance.evidence"), cell: ({ source }) => (source ? <Detail source={source} /> : "–") },
  ];
  return (
    <Stack gap="xs">
      <Title order={2}>{t("provenance")}</Title>
      <Text size="sm" c="dimmed" maw={680}>{t("provenance.about")}</Text>
      <Loaded query={query}>
        {(origins) => <DataTable label={t("provenance")} columns={columns} rows={linesOf(origins)} rowKey={({ key }) => key} empty={<Nothing icon={FileSearch} title={t("provenance.empty.title")} text={t("provenance.empty.text")} />} />}
      </Loaded>
    </Stack>
  );
}
