import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { When } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { pagesOf } from "./api";

/** The conversations that wait for somebody, for the first screen of the day. */
export default function WaitingChats() {
  const { t } = useTranslation("app_inbox");
  const query = useInfiniteQuery(pagesOf({ view: "open", unread: true, limit: 5 }));
  if (query.isPending) return <Waiting lines={2} />;
  const rows = query.data?.pages[0]?.items ?? [];
  if (rows.length === 0) return <Text size="sm" c="dimmed">{t("empty.queued")}</Text>;
  return (
    <Stack gap="xs">
      {rows.map(({ id, person, waiting_since, updated_at }) => (
        <Group key={id} justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap"><MessagesSquare aria-hidden size={16} /><Anchor component={Link} to={to(`/inbox/conversations/${id}`)} size="sm"><bdi>{person.name || t("visitor")}</bdi></Anchor></Group>
          <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}><When at={waiting_since ?? updated_at} /></Text>
        </Group>
      ))}
    </Stack>
  );
}
