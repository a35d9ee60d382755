import { ActionIcon, Anchor, Button, Menu, Stack, Text } from "@mantine/core";
import { ChartNoAxesCombined, Copy, Ellipsis, Mail, SearchX, Trash2, Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { refused, undoable } from "@/ui/notify";
import { DirIcon, Moment, When } from "@/ui/text";
import { StateBadge } from "./StateBadge";
import { ChannelBadge } from "./sms/ChannelBadge";
import { smsOf } from "./sms/shapes";
import { asRow, bin, duplicate, restore, type CampaignRow } from "./server";

const PAGE = 50;

/** Where a campaign is worked on in its state. */
export function placeOf({ id, state }: Pick<CampaignRow, "id" | "state">): string {
  if (state === "sent" || state === "cancelled") return to(`/campaigns/${id}/report`);
  return state === "sending" || state === "paused" || state === "preparing" ? to(`/campaigns/${id}/live`) : to(`/campaigns/${id}`);
}

/** Pages forwards and backwards through a list whose filters may change. */
function usePages(filters: string) {
  const [cursors, setCursors] = useState<string[]>([]);
  useEffect(() => setCursors([]), [filters]);
  return { cursor: cursors.at(-1), on: (next: string) => setCursors([...cursors, next]), back: cursors.length > 0 ? () => setCursors(cursors.slice(0, -1)) : undefined };
}

export function CampaignTable() {
  const { t } = useTranslation("app_campaigns");
  const may = useMay();
  const navigate = useNavigate();
  const [q] = useUrlState("q");
  const [state] = useUrlState("state");
  const [sort, setSort] = useUrlState("sort", "-updated");
  const [inBin] = useUrlState("bin");
  const [channel] = useUrlState("channel");
  const pages = usePages(`${q} ${state} ${sort} ${inBin} ${channel}`);
  const list = api.useQuery("get", "/v1/campaigns", {
    params: { query: { ...(channel ? { channel } : {}), q: q || undefined, state: state || undefined, sort, bin: inBin === "yes" || undefined, limit: PAGE, cursor: pages.cursor } },
  }, { placeholderData: (before) => before });
  const columns = useColumns(inBin === "yes");
  const filtered = q !== "" || state !== "" || channel !== "";
  const empty = inBin === "yes" ? <Nothing icon={Trash2} title={t("bin.empty")} text={t("bin.about")} />
    : filtered ? <Nothing icon={SearchX} title={t("none_found")} text={t("none_found.text")} action={{ label: t("none_found.all"), href: to("/campaigns") }} />
    : <Nothing icon={Mail} title={t("none")} text={t("none.text")} action={may("campaigns:write") ? { label: t("new"), href: to("/campaigns/new") } : undefined} example={{ label: t("none.example"), href: to("/campaigns/templates") }} />;
  return (
    <Loaded query={list}>
      {({ items, next }) => (
        <DataTable label={t("title")} columns={columns} rows={items.map(asRow)} rowKey={({ id }) => id} sort={sort} onSort={setSort} empty={empty}
          open={inBin === "yes" ? undefined : (row) => void navigate(placeOf(row))}
          footer={(next || pages.back) ? <Pager back={pages.back} on={next ? () => pages.on(next) : undefined} /> : undefined} />
      )}
    </Loaded>
  );
}

function useColumns(inBin: boolean): Array<Column<CampaignRow>> {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const name: Column<CampaignRow> = {
    key: "name", title: t("column.name"), sort: "name",
    cell: (row) => (
      <Stack gap={0}>
        {inBin ? <Text fw={600}><bdi>{row.name}</bdi></Text> : <Anchor component={Link} to={placeOf(row)} fw={600}><bdi>{row.name}</bdi></Anchor>}
        {(row.subject || smsOf(row)?.text) && <Text size="sm" c="dimmed" lineClamp={1}><bdi>{row.subject || smsOf(row)?.text}</bdi></Text>}
      </Stack>
    ),
  };
  if (inBin) {
    return [name,
      { key: "deleted", title: t("column.deleted"), cell: ({ deleted_at }) => <When at={deleted_at} /> },
      { key: "ends", title: t("column.ends"), cell: ({ ends_at }) => <When at={ends_at} /> },
      { key: "restore", title: "", cell: (row) => <Restore row={row} /> }];
  }
  return [name,
    { key: "channel", title: t("column.channel"), cell: (row) => <ChannelBadge channel={smsOf(row) ? "sms" : "email"} /> },
    { key: "state", title: t("column.state"), cell: ({ state }) => <StateBadge state={state} /> },
    { key: "when", title: t("column.when"), sort: "when", cell: (row) => <Moment at={row.started_at ?? row.scheduled_at} /> },
    { key: "sent", title: t("column.sent"), numeric: true, cell: ({ counts }) => (counts.sent > 0 ? format.number(counts.sent) : "–") },
    { key: "updated", title: t("column.updated"), sort: "updated", wideOnly: true, cell: ({ updated_at }) => <When at={updated_at} /> },
    { key: "actions", title: t("column.actions"), width: 56, cell: (row) => <RowMenu row={row} /> }];
}

function Restore({ row }: { row: CampaignRow }) {
  const { t } = useTranslation("app_campaigns");
  if (!useMay()("campaigns:write")) return null;
  return <Button size="xs" variant="default" leftSection={<DirIcon icon={Undo2} size={14} />} onClick={() => void restore(row.id).catch(refused)}>{t("restore")}</Button>;
}

function RowMenu({ row }: { row: CampaignRow }) {
  const { t } = useTranslation("app_campaigns");
  const may = useMay();
  const navigate = useNavigate();
  const copy = () => duplicate(row.id, t("copy_of", { name: row.name })).then((id) => navigate(to(`/campaigns/${id}`)), refused);
  const remove = () => bin(row.id).then(() => undoable(t("binned", { name: row.name }), () => void restore(row.id).catch(refused)), refused);
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("more", { name: row.name })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {row.counts.sent > 0 && <Menu.Item component={Link} to={to(`/campaigns/${row.id}/report`)} leftSection={<ChartNoAxesCombined aria-hidden size={16} />}>{t("report")}</Menu.Item>}
        {may("campaigns:write") && <Menu.Item leftSection={<Copy aria-hidden size={16} />} onClick={() => void copy()}>{t("duplicate")}</Menu.Item>}
        {may("campaigns:write") && row.state === "draft" && <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={() => void remove()}>{t("bin")}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
