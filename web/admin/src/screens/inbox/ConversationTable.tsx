import { Anchor, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to } from "@/app/place";
import { DataTable, type Column } from "@/ui/DataTable";
import { Status } from "@/ui/Status";
import { When } from "@/ui/text";
import type { Row } from "./api";
import { usePreview } from "./RowCard";

interface TableProps {
  label: string;
  rows: Row[];
  empty?: ReactNode;
  footer?: ReactNode;
  /** What is said in place of the last words: where something was found. */
  excerpt?: (row: Row) => ReactNode;
}

/** Conversations as a table, where they are looked through rather than answered. */
export function ConversationTable({ label, rows, empty, footer, excerpt }: TableProps) {
  const { t } = useTranslation("app_inbox");
  const navigate = useNavigate();
  const preview = usePreview();
  const columns: Array<Column<Row>> = [
    { key: "who", title: t("person"), cell: ({ id, person }) => <Anchor component={Link} to={to(`/inbox/conversations/${id}`)} fw={600} size="sm"><bdi>{person.name || t("visitor")}</bdi></Anchor> },
    { key: "last", title: t("last"), cell: (row) => <Text size="sm" lineClamp={2} dir="auto" component="div">{excerpt?.(row) ?? preview(row)}</Text> },
    { key: "state", title: t("state"), cell: ({ state, routing, rating }) => <Group gap={4}><Status tone={state === "closed" ? "off" : routing === "assigned" ? "good" : "attention"}>{t(state === "open" ? `routing.${routing as "queued"}` : `state.${state as "closed"}`)}</Status>{rating && <Status tone={rating.score > 0 ? "good" : "bad"}>{t(rating.score > 0 ? "rated.good" : "rated.bad")}</Status>}</Group> },
    { key: "assignee", title: t("assignee"), wideOnly: true, cell: ({ assignee }) => <bdi>{assignee?.name ?? "–"}</bdi> },
    { key: "at", title: t("updated"), cell: ({ updated_at }) => <When at={updated_at} /> },
  ];
  return <DataTable label={label} columns={columns} rows={rows} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/inbox/conversations/${id}`))} empty={empty} footer={footer} />;
}
