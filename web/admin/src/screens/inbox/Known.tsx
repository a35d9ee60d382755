import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { Loaded } from "@/ui/Loaded";
import { Status, type Tone } from "@/ui/Status";
import { When } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { useWord } from "@/ui/words";
import { pagesOf } from "./api";
import { usePreview } from "./RowCard";

const CONSENT: Record<string, Tone> = { given: "good", renewed: "good", requested: "waiting", refused: "bad", withdrawn: "bad", objected: "bad", expired: "attention" };
const SENT: Record<string, Tone> = { sent: "good", failed: "bad", bounced: "attention", denied: "off" };
const LAST = 5;

/** What the person allowed and refused, in short. */
export function ConsentNow({ id }: { id: string }) {
  const { t } = useTranslation("app_inbox");
  const word = useWord();
  const query = api.useQuery("get", "/v1/contacts/{id}/consent", { params: { path: { id } } });
  return (
    <Loaded query={query} lines={2}>
      {({ claims, suppressions }) => (
        <Stack gap={6}>
          {claims.length === 0 && suppressions.length === 0 && <Text size="sm" c="dimmed">{t("consent.none")}</Text>}
          {suppressions.map((one) => <Status key={one.reason + one.scope} tone="bad">{word("suppression", one.reason)}</Status>)}
          {claims.map((one) => (
            <Group key={one.event + one.purpose + one.channel} justify="space-between" gap={6}>
              <Text size="sm">{word("purpose", one.purpose)} · {word("channel", one.channel)}{one.topic_name && <> · <bdi>{one.topic_name}</bdi></>}</Text>
              <Status tone={CONSENT[one.state] ?? "waiting"}>{word("consent_state", one.state)}</Status>
            </Group>
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

/** What was sent to the person last. */
export function MessagesNow({ id }: { id: string }) {
  const { t } = useTranslation("app_inbox");
  const word = useWord();
  const query = api.useQuery("get", "/v1/contacts/{id}/messages", { params: { path: { id }, query: { limit: LAST } } });
  return (
    <Loaded query={query} lines={2}>
      {({ items }) => (
        <Stack gap={6}>
          {items.length === 0 && <Text size="sm" c="dimmed">{t("messages.none")}</Text>}
          {items.map((one) => (
            <Group key={one.id} justify="space-between" gap={6}>
              <Text size="sm"><bdi>{one.name ?? word("purpose", one.purpose)}</bdi> <Text span size="xs" c="dimmed"><When at={one.sent_at ?? one.created_at} /></Text></Text>
              <Status tone={SENT[one.state] ?? "waiting"}>{word("message_state", one.state)}</Status>
            </Group>
          ))}
          {items.length > 0 && <Anchor component={Link} size="sm" to={to(`/audience/people/${id}?tab=messages`)}>{t("messages.all")}</Anchor>}
        </Stack>
      )}
    </Loaded>
  );
}

/** The person's other conversations, whatever the channel. */
export function ConversationsNow({ id, here }: { id: string; here: string }) {
  const { t } = useTranslation("app_inbox");
  const preview = usePreview();
  const query = useInfiniteQuery(pagesOf({ view: "all", contact: id, limit: LAST + 1 }));
  if (query.isPending) return <Waiting lines={2} />;
  const others = (query.data?.pages[0]?.items ?? []).filter((row) => row.id !== here).slice(0, LAST);
  if (others.length === 0) return <Text size="sm" c="dimmed">{t("earlier.none")}</Text>;
  return (
    <Stack gap={6}>
      {others.map((row) => (
        <Group key={row.id} justify="space-between" gap={6} wrap="nowrap">
          <Anchor component={Link} size="sm" truncate to={to(`/inbox/conversations/${row.id}`)}><bdi>{preview(row)}</bdi></Anchor>
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}><When at={row.updated_at} /></Text>
        </Group>
      ))}
    </Stack>
  );
}
