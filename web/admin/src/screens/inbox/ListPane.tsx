import { Box, Button, Group, Text, UnstyledButton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Inbox as Tray } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useUrlState } from "@/app/place";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { Nothing } from "@/ui/Nothing";
import { Waiting } from "@/ui/Waiting";
import { agents, counts, groups, pagesOf, VIEWS, type Row, type View } from "./api";
import { Filters } from "./Filters";
import { QueueMenu } from "./QueueMenu";
import { RowCard } from "./RowCard";

const ROW = 92;
const AHEAD = 8;

const viewOf = (text: string): View => VIEWS.find((one) => one === text) ?? "open";

/** The address's filters as the server asks for them. */
export function useFilter() {
  const [view, setView] = useUrlState("view", "open");
  const [group, setGroup] = useUrlState("group");
  const [assignee, setAssignee] = useUrlState("assignee");
  const [tag, setTag] = useUrlState("tag");
  const [channel, setChannel] = useUrlState("channel");
  const [unread, setUnread] = useUrlState("unread");
  const set = { view: setView, group: setGroup, assignee: setAssignee, tag: setTag, channel: setChannel, unread: setUnread };
  const values = { view: viewOf(view), group, assignee, tag, channel, unread };
  const asked = useMemo(
    () => ({ view: viewOf(view), group: group || undefined, assignee: assignee || undefined, tag: tag || undefined, channel: channel || undefined, unread: unread === "yes" || undefined, limit: 50 }),
    [view, group, assignee, tag, channel, unread],
  );
  return { values, set, asked };
}

export type Filter = ReturnType<typeof useFilter>;

/** The conversations of one queue; only what is seen is drawn. */
export function ListPane({ open, choose }: { open: string | null; choose: (id: string) => void }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const filter = useFilter();
  const query = useInfiniteQuery(pagesOf(filter.asked));
  const known = useQuery(counts());
  useQuery(groups());
  useQuery(agents());
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const place = rows.findIndex(({ id }) => id === open);
  const step = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, place + by))];
    if (next && next.id !== open) choose(next.id);
  };
  useShortcuts({ KeyJ: () => step(1), KeyK: () => step(place < 0 ? 1 : -1) });
  return (
    <>
      <Group p="xs" gap="xs" justify="space-between" wrap="nowrap" style={{ borderBottom: "1px solid var(--mantine-color-default-border)" }}>
        <QueueMenu filter={filter} counts={known.data} />
        <Filters filter={filter} />
      </Group>
      {query.isPending ? <Box p="md"><Waiting lines={8} /></Box>
        : query.error && rows.length === 0 ? <Box p="md"><Failed error={query.error} again={() => void query.refetch()} /></Box>
        : rows.length === 0 ? <Nothing icon={Tray} title={t(`empty.${filter.values.view}`)} text={t("empty.text")} />
        : <List rows={rows} open={open} choose={choose} more={query.hasNextPage ? () => void query.fetchNextPage() : undefined} reading={query.isFetchingNextPage} label={t(`view.${filter.values.view}`)} />}
      <Text size="xs" c="dimmed" p={6} ta="center" role="status">{query.isSuccess ? t("list.count", { count: rows.length, n: format.number(rows.length) }) : ""}</Text>
    </>
  );
}

interface ListProps {
  rows: Row[];
  open: string | null;
  choose: (id: string) => void;
  more?: () => void;
  reading: boolean;
  label: string;
}

function List({ rows, open, choose, more, reading, label }: ListProps) {
  const { t } = useTranslation("app_inbox");
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: AHEAD, getItemKey: (at) => rows[at]?.id ?? at });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !reading && last >= rows.length - AHEAD) more();
  }, [last, rows.length, more, reading]);
  const place = rows.findIndex(({ id }) => id === open);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: "auto" });
  }, [place, virtual]);
  return (
    <Box ref={scroller} style={{ overflowY: "auto", flex: 1, minHeight: 0 }}>
      <Box role="list" aria-label={label} style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {shown.map(({ index, key, start }) => {
          const row = rows[index];
          return row && (
            <Box key={key} role="listitem" aria-setsize={more ? -1 : rows.length} aria-posinset={index + 1} data-index={index} ref={virtual.measureElement} style={{ position: "absolute", insetInline: 0, top: 0, transform: `translateY(${start}px)` }}>
              <UnstyledButton w="100%" aria-current={row.id === open ? "true" : undefined} onClick={() => choose(row.id)}><RowCard row={row} here={row.id === open} /></UnstyledButton>
            </Box>
          );
        })}
      </Box>
      {more && <Button fullWidth variant="subtle" size="compact-sm" loading={reading} onClick={more}>{t("list.more")}</Button>}
    </Box>
  );
}
