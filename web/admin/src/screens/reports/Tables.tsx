import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Status } from "@/ui/Status";
import { When } from "@/ui/text";
import type { CampaignLine, GroupLine } from "./overview";

/** Every campaign that began in the period. */
export function CampaignTable({ campaigns }: { campaigns: readonly CampaignLine[] }) {
  const { t } = useTranslation("app_reports");
  const format = useFormat();
  const navigate = useNavigate();
  const share = (value: (line: CampaignLine) => number) => (line: CampaignLine) => <>{format.number(value(line))} <Text span size="xs" c="dimmed">{format.share(value(line), line.sent)}</Text></>;
  const columns: Array<Column<CampaignLine>> = [
    { key: "name", title: t("campaign"), cell: ({ id, name }) => <Anchor component={Link} to={to(`/campaigns/${id}`)} size="sm" fw={600}><bdi>{name}</bdi></Anchor> },
    { key: "started", title: t("campaign.started"), cell: ({ started_at }) => <When at={started_at} /> },
    { key: "sent", title: t("sent"), numeric: true, cell: ({ sent }) => format.number(sent) },
    { key: "opened", title: t("campaign.opened"), numeric: true, cell: share(({ opened }) => opened) },
    { key: "clicked", title: t("campaign.clicked"), numeric: true, cell: share(({ clicked }) => clicked) },
    { key: "bounced", title: t("bounced"), numeric: true, cell: share(({ bounced }) => bounced), wideOnly: true },
    { key: "unsubscribed", title: t("left"), numeric: true, cell: share(({ unsubscribed }) => unsubscribed) },
    { key: "complained", title: t("complained"), numeric: true, cell: share(({ complained }) => complained), wideOnly: true },
  ];
  return <DataTable label={t("part.campaigns")} columns={columns} rows={campaigns} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/campaigns/${id}`))} empty={<Text size="sm" c="dimmed">{t("campaign.none")}</Text>} />;
}

const WORRYING = { hard: 0.02, complaints: 0.001 };

function Health({ group }: { group: GroupLine }) {
  const { t } = useTranslation("app_reports");
  const bad = group.sent > 0 && (group.hard / group.sent > WORRYING.hard || group.complaints / group.sent > WORRYING.complaints);
  return bad ? <Status tone="attention">{t("health.look")}</Status> : <Status tone="good">{t("health.good")}</Status>;
}

/** What the mail systems of the recipients did with the messages. */
export function DeliverabilityTable({ groups }: { groups: readonly GroupLine[] }) {
  const { t, i18n } = useTranslation("app_reports");
  const format = useFormat();
  const name = (group: string) => (i18n.exists(`group.${group}`, { ns: "app_reports" }) ? t(`group.${group}` as "group.other") : group);
  const share = (value: (line: GroupLine) => number) => (line: GroupLine) => <>{format.number(value(line))} <Text span size="xs" c="dimmed">{format.share(value(line), line.sent)}</Text></>;
  const columns: Array<Column<GroupLine>> = [
    { key: "group", title: t("group"), cell: ({ group }) => <Text size="sm" fw={600}><bdi>{name(group)}</bdi></Text> },
    { key: "health", title: t("health"), cell: (group) => <Health group={group} /> },
    { key: "sent", title: t("sent"), numeric: true, cell: ({ sent }) => format.number(sent) },
    { key: "delivered", title: t("delivered"), numeric: true, cell: share(({ delivered }) => delivered) },
    { key: "soft", title: t("soft"), numeric: true, cell: share(({ soft }) => soft) },
    { key: "hard", title: t("hard"), numeric: true, cell: share(({ hard }) => hard) },
    { key: "complaints", title: t("complained"), numeric: true, cell: share(({ complaints }) => complaints) },
  ];
  return <DataTable label={t("part.deliverability")} columns={columns} rows={groups} rowKey={({ group }) => group} empty={<Text size="sm" c="dimmed">{t("campaign.none")}</Text>} />;
}
