import { Avatar, Badge, Box, Group, Indicator, Text } from "@mantine/core";
import { AlarmClock, Bot, Lock, LockKeyhole, Mail, MessageCircle, MessageSquare, MessagesSquare, Phone, Send, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { When } from "@/ui/text";
import type { Row } from "./api";

const CHANNEL: Record<string, LucideIcon> = { web_chat: MessageSquare, email: Mail, sms: Phone, whatsapp: MessageCircle, messenger: MessagesSquare, telegram: Send };

/** What stands in the list when nothing was written: a file, a form, an event. */
export function usePreview() {
  const { t } = useTranslation("app_inbox");
  return ({ preview, subject }: Pick<Row, "preview" | "subject">): string => {
    if (!preview) return subject ?? t("preview.none");
    if (preview.text) return preview.text;
    const key = `preview.${preview.kind}` as const;
    return t(key as "preview.file");
  };
}

/** One conversation in the list: who, what last, what it waits for. */
export function RowCard({ row, here }: { row: Row; here: boolean }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const preview = usePreview();
  const { person, assignee, channel, state, routing, unread, tags, updated_at, queue_position } = row;
  const Channel = CHANNEL[channel] ?? MessageSquare;
  return (
    <Box px="sm" py={10} bg={here ? "var(--barid-teal-tint)" : undefined} style={{ borderBottom: "1px solid var(--mantine-color-default-border)", borderInlineStart: `3px solid ${here ? "var(--mantine-primary-color-filled)" : "transparent"}` }}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Indicator disabled={!person.online} color="teal" size={10} offset={4} position="bottom-end" withBorder><Avatar size={34} radius="xl" color="gray" name={person.name ?? undefined} aria-hidden /></Indicator>
        <Box style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" gap={6} wrap="nowrap">
            <Text size="sm" fw={unread > 0 ? 700 : 600} truncate><bdi>{person.name || person.address || t("visitor")}</bdi></Text>
            <Text size="xs" c={here ? undefined : "dimmed"} style={{ whiteSpace: "nowrap" }}><When at={updated_at} /></Text>
          </Group>
          <Group gap={6} wrap="nowrap">
            <Text size="sm" c={unread > 0 || here ? undefined : "dimmed"} truncate style={{ flex: 1, unicodeBidi: "plaintext", textAlign: "start" }}>{row.preview?.author === "agent" && <>{t(row.preview.visibility === "agents" ? "preview.note" : "preview.we")} </>}{preview(row)}</Text>
            {unread > 0 && <Badge variant="filled" size="sm" aria-label={t("unread", { count: unread, n: format.number(unread) })}>{format.number(unread)}</Badge>}
          </Group>
          <Group gap={6} mt={4} wrap="nowrap" style={{ overflow: "hidden" }}>
            {row.encrypted && <LockKeyhole size={13} aria-label={t("sealed.row")} style={{ flexShrink: 0 }} />}
            <Channel size={13} aria-label={t(`channel.${channel as "web_chat"}`, { defaultValue: channel })} style={{ flexShrink: 0 }} />
            {state === "snoozed" && <Badge size="sm" color="gray" leftSection={<AlarmClock aria-hidden size={11} />}>{t("state.snoozed")}</Badge>}
            {state === "closed" && <Badge size="sm" color="gray" leftSection={<Lock aria-hidden size={11} />}>{t("state.closed")}</Badge>}
            {state === "open" && routing === "queued" && <Badge size="sm" color="amber">{queue_position ? t("queue.place", { n: format.number(queue_position) }) : t("routing.queued")}</Badge>}
            {state === "open" && routing === "unassigned" && <Badge size="sm" color="amber">{t("routing.unassigned")}</Badge>}
            {routing === "bot" && <Badge size="sm" color="gray" leftSection={<Bot aria-hidden size={11} />}>{t("routing.bot")}</Badge>}
            {assignee && state !== "closed" && <Text size="xs" c={here ? undefined : "dimmed"} truncate><bdi>{assignee.name}</bdi></Text>}
            {tags.slice(0, 2).map((tag) => <Badge key={tag} size="sm" color="gray"><bdi>{tag}</bdi></Badge>)}
          </Group>
        </Box>
      </Group>
    </Box>
  );
}
