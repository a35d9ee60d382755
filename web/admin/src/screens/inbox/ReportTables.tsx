import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { useDuration } from "./Reports";
import type { AgentLine, Report } from "./report";

function None() {
  const { t } = useTranslation("app_inbox");
  return <Text c="dimmed">{t("report.nothing")}</Text>;
}

/** What each member did, how soon, and how long they were there for it. */
export function AgentTable({ rows }: { rows: AgentLine[] }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const duration = useDuration();
  const columns: Array<Column<AgentLine>> = [
    { key: "name", title: t("agent"), cell: ({ name }) => <Text fw={600} size="sm"><bdi>{name}</bdi></Text> },
    { key: "chats", title: t("report.chats"), numeric: true, cell: ({ chats }) => format.number(chats) },
    { key: "messages", title: t("report.messages"), numeric: true, cell: ({ messages }) => format.number(messages) },
    { key: "first", title: t("report.first_response"), numeric: true, cell: ({ first_response_seconds }) => duration(first_response_seconds) },
    { key: "response", title: t("report.response.short"), numeric: true, cell: ({ response_seconds }) => duration(response_seconds) },
    { key: "rated", title: t("report.satisfaction"), numeric: true, cell: ({ rated_good, rated_bad }) => format.share(rated_good, rated_good + rated_bad) },
    { key: "there", title: t("report.accepting"), numeric: true, cell: ({ accepting_seconds }) => duration(accepting_seconds) },
    { key: "not", title: t("report.not_accepting"), numeric: true, wideOnly: true, cell: ({ not_accepting_seconds }) => duration(not_accepting_seconds) },
  ];
  return <DataTable label={t("report.agents")} columns={columns} rows={rows} rowKey={({ id }) => id} empty={<None />} />;
}

export function TagTable({ rows }: { rows: Report["tags"] }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const columns: Array<Column<Report["tags"][number]>> = [
    { key: "tag", title: t("tag"), cell: ({ tag }) => <bdi>{tag}</bdi> },
    { key: "count", title: t("report.chats"), numeric: true, cell: ({ count }) => format.number(count) },
  ];
  return <DataTable label={t("report.tags")} columns={columns} rows={rows} rowKey={({ tag }) => tag} empty={<None />} />;
}

export function GroupTable({ rows }: { rows: Report["groups"] }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const columns: Array<Column<Report["groups"][number]>> = [
    { key: "name", title: t("group"), cell: ({ name }) => <bdi>{name}</bdi> },
    { key: "started", title: t("report.started"), numeric: true, cell: ({ started }) => format.number(started) },
    { key: "closed", title: t("state.closed"), numeric: true, cell: ({ closed }) => format.number(closed) },
  ];
  return <DataTable label={t("report.groups")} columns={columns} rows={rows} rowKey={({ id }) => id} empty={<None />} />;
}
