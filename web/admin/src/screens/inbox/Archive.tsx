import { Alert, Button, Group, Menu, Stack, Text, TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Archive as Box, ChevronDown, Download, Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, got } from "@/api/client";
import { useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { download } from "@/ui/download";
import { Failed } from "@/ui/Failed";
import { Nothing } from "@/ui/Nothing";
import { refused } from "@/ui/notify";
import { Waiting } from "@/ui/Waiting";
import { pagesOf } from "./api";
import { ConversationTable } from "./ConversationTable";

/** Every conversation there was, and a search through what was said. */
export default function Archive() {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const [asked, setAsked] = useUrlState("q");
  const [text, setText] = useState(asked);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <form role="search" onSubmit={(event) => { event.preventDefault(); setAsked(text.trim()); }} style={{ flex: "1 1 18rem", maxWidth: 520 }}>
          <Group gap="xs" align="flex-end" wrap="nowrap"><TextInput type="search" dir="auto" label={t("archive.q")} value={text} onChange={(event) => setText(event.currentTarget.value)} style={{ flex: 1 }} /><Button type="submit" leftSection={<Search aria-hidden size={16} />}>{t("app_shell:search")}</Button></Group>
        </form>
        <Export />
      </Group>
      {asked ? <Results asked={asked} /> : <All />}
    </Stack>
  );
}

function All() {
  const { t } = useTranslation("app_inbox");
  const query = useInfiniteQuery(pagesOf({ view: "closed", limit: 50 }));
  if (query.isPending) return <Waiting lines={8} />;
  if (query.error && !query.data) return <Failed error={query.error} again={() => void query.refetch()} />;
  return (
    <ConversationTable label={t("section.archive")} rows={query.data?.pages.flatMap(({ items }) => items) ?? []} empty={<Nothing icon={Box} title={t("empty.closed")} text={t("archive.none")} />}
      footer={query.hasNextPage && <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("list.more")}</Button>} />
  );
}

function Results({ asked }: { asked: string }) {
  const { t } = useTranslation("app_inbox");
  const path = "/v1/conversations/search";
  const query = useInfiniteQuery({
    queryKey: ["get", path, asked],
    queryFn: ({ pageParam }: { pageParam: string | undefined }) => got(fetchClient.GET(path, { params: { query: { q: asked, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  if (query.isPending) return <Waiting lines={8} />;
  if (query.error && !query.data) return <Failed error={query.error} again={() => void query.refetch()} />;
  const pages = query.data?.pages ?? [];
  const found = pages.flatMap(({ items }) => items);
  const hits = new Map(found.map(({ conversation, hits: [first] }) => [conversation.id, first?.snippet]));
  return (
    <>
      {pages.at(-1)?.complete === false && query.hasNextPage && (
        <Alert color="amber"><Group justify="space-between" gap="xs"><Text size="sm">{t("archive.partial")}</Text><Button size="compact-sm" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("archive.deep")}</Button></Group></Alert>
      )}
      <ConversationTable label={t("archive.found")} rows={found.map(({ conversation }) => conversation)} excerpt={({ id }) => hits.get(id)} empty={<Nothing icon={Search} title={t("archive.nothing")} text={t("archive.nothing.text")} />}
        footer={query.hasNextPage && <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("list.more")}</Button>} />
    </>
  );
}

/** All transcripts as a file. */
function Export() {
  const { t } = useTranslation("app_inbox");
  const may = useMay();
  if (!may("conversations:manage")) return null;
  const save = async (format: "csv" | "json") => {
    await got<Blob>(fetchClient.GET("/v1/conversations/export", { params: { query: { format } }, parseAs: "blob" })).then((data) => download(`conversations.${format}`, data), refused);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button variant="default" leftSection={<Download aria-hidden size={16} />} rightSection={<ChevronDown aria-hidden size={14} />}>{t("archive.export")}</Button></Menu.Target>
      <Menu.Dropdown>{(["csv", "json"] as const).map((format) => <Menu.Item key={format} onClick={() => void save(format)}>{t(`archive.export.${format}`)}</Menu.Item>)}</Menu.Dropdown>
    </Menu>
  );
}
