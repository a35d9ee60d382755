import { Badge, Group, Stack, Text } from "@mantine/core";
import { Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Ltr, When } from "@/ui/text";
import { PersonName } from "../PersonName";
import { useReceived, useWayNames, type Received } from "../server";
import { usePages } from "../usePages";
import { useTexts } from "../useTexts";

/** What people wrote to the workspace's numbers, newest first. */
export function ReceivedList() {
  const { t } = useTranslation("app_messaging");
  const pages = usePages();
  const list = useReceived(pages.cursor);
  const texts = useTexts();
  const way = useWayNames();
  const columns = [
    { key: "text", title: t("received.text"), cell: ({ text, keyword }: Received) => (
      <Stack gap={4} maw={460}>
        {text === null || text === undefined ? <Text size="sm" c="dimmed">{t("gone")}</Text> : <Text size="sm" dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", unicodeBidi: "plaintext" }}>{text}</Text>}
        {keyword && <Group><Badge color={keyword === "stop" ? "amber" : "teal"}>{texts("keyword", keyword)}</Badge></Group>}
      </Stack>
    ) },
    { key: "person", title: t("column.from"), cell: ({ contact, from }: Received) => <Stack gap={0}><PersonName id={contact} />{from && <Text size="xs" c="dimmed"><Ltr>{from}</Ltr></Text>}</Stack> },
    { key: "to", title: t("received.to"), cell: ({ to, route }: Received) => <Stack gap={0}><Ltr>{to}</Ltr><Text size="xs" c="dimmed"><bdi>{way(route)}</bdi></Text></Stack>, wideOnly: true },
    { key: "at", title: t("column.at"), cell: ({ received_at }: Received) => <When at={received_at} /> },
  ];
  return (
    <Loaded query={list}>
      {({ items, next }) => (
        <DataTable label={t("log.received")} columns={columns} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={Inbox} title={t("received.none")} text={t("received.none.text")} />}
          footer={(next || pages.back) ? <Pager back={pages.back} on={next ? () => pages.on(next) : undefined} /> : undefined} />
      )}
    </Loaded>
  );
}
