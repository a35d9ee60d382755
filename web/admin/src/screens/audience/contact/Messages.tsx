import { Anchor, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { Mail } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { Nothing } from "@/ui/Nothing";
import { Status, type Tone } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { useWord } from "@/ui/words";
import type { Message } from "../shapes";

const TONE: Record<string, Tone> = { queued: "waiting", sending: "busy", sent: "good", failed: "bad", bounced: "attention", denied: "off", cancelled: "off", in_doubt: "attention" };

function Name({ message }: { message: Message }) {
  const { t } = useTranslation("app_contact");
  const name = message.name ?? t(`source.${message.source_kind as "campaign"}`);
  return message.source_kind === "campaign" && message.source
    ? <Anchor component={Link} to={to(`/campaigns/${message.source}`)} size="sm" fw={600}><bdi>{name}</bdi></Anchor>
    : <Text size="sm" fw={600}><bdi>{name}</bdi></Text>;
}

/** What the message rested on, or why it was not sent. */
function Ground({ message }: { message: Message }) {
  const { t } = useTranslation("app_contact");
  const word = useWord();
  return (
    <Stack gap={2}>
      {message.reason && message.state !== "sent" && <Text size="sm">{word("reason", message.reason)}</Text>}
      {message.basis && <Text size="sm">{word("basis", message.basis)}</Text>}
      <Text size="xs" c="dimmed">{t("fact.rule", { rule: message.rule })} · <Ltr>{message.pack}</Ltr></Text>
    </Stack>
  );
}

function useColumns(): Array<Column<Message>> {
  const { t } = useTranslation("app_contact");
  const word = useWord();
  const format = useFormat();
  const times = (count: number, at: string | null | undefined) => (count > 0 ? <Group gap={4} justify="flex-end" wrap="nowrap">{format.number(count)}<Text size="xs" c="dimmed" component="span"><When at={at} /></Text></Group> : "–");
  return [
    { key: "name", title: t("messages.message"), cell: (message) => <Name message={message} /> },
    { key: "purpose", title: t("messages.purpose"), cell: ({ purpose, topic_name }) => <Group gap={4}><Text size="sm">{word("purpose", purpose)}</Text>{topic_name && <Badge color="gray"><bdi>{topic_name}</bdi></Badge>}</Group>, wideOnly: true },
    { key: "state", title: t("messages.state"), cell: ({ state, status }) => <Stack gap={2}><Status tone={TONE[state] ?? "waiting"}>{word("message_state", state)}</Status>{status && <Text size="xs" c="dimmed"><Ltr>{status}</Ltr></Text>}</Stack> },
    { key: "ground", title: t("messages.ground"), cell: (message) => <Ground message={message} /> },
    { key: "opens", title: t("messages.opens"), numeric: true, cell: ({ opens, opened_at }) => times(opens, opened_at) },
    { key: "clicks", title: t("messages.clicks"), numeric: true, cell: ({ clicks, clicked_at }) => times(clicks, clicked_at) },
    { key: "at", title: t("messages.at"), cell: ({ sent_at, created_at }) => <When at={sent_at ?? created_at} /> },
  ];
}

/** Every message to a person, sent or not, with what it rested on. */
export function Messages({ id }: { id: string }) {
  const { t } = useTranslation("app_contact");
  const columns = useColumns();
  const query = api.useInfiniteQuery("get", "/v1/contacts/{id}/messages", { params: { path: { id }, query: { limit: 50 } } },
    { pageParamName: "cursor", initialPageParam: null as string | null, getNextPageParam: (page) => page.next ?? undefined });
  if (query.isPending) return <Waiting lines={6} />;
  if (query.error && !query.data) return <Failed error={query.error} again={() => void query.refetch()} />;
  return (
    <DataTable label={t("tab.messages")} columns={columns} rows={query.data?.pages.flatMap(({ items }) => items) ?? []} rowKey={(message) => message.id}
      empty={<Nothing icon={Mail} title={t("messages.empty.title")} text={t("messages.empty.text")} />}
      footer={query.hasNextPage ? <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("earlier")}</Button> : undefined} />
  );
}
