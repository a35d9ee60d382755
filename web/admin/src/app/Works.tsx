import { Anchor, Box, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { fetchClient, stale } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { refused } from "@/ui/notify";
import { Status, type Tone } from "@/ui/Status";
import { useWord } from "@/ui/words";
import type { Activity } from "./live";
import { to } from "./place";

const TONE: Record<string, Tone> = { waiting: "waiting", running: "busy", paused: "held", done: "good", failed: "bad", cancelled: "off" };
const PLACE: Record<string, (object: string) => string> = {
  campaign: (id) => `/campaigns/${id}`,
  import: (id) => `/audience/import/${id}`,
  retention: () => "/privacy/retention",
  bulk: () => "/audience",
  erasure: () => "/privacy/erasures",
};

const CANCEL: Record<string, "/v1/imports/{id}/cancel" | "/v1/campaigns/{id}/cancel" | "/v1/contacts/bulk/{id}/cancel"> = {
  campaign: "/v1/campaigns/{id}/cancel",
  import: "/v1/imports/{id}/cancel",
  bulk: "/v1/contacts/bulk/{id}/cancel",
};

/** Each piece of background work: how far it is, and where it can be looked at. */
export default function Works({ items }: { items: Activity[] }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Text fw={600}>{t("activity.heading")}</Text>
      {items.length === 0 && <Text size="sm" c="dimmed">{t("activity.none")}</Text>}
      {items.map((item) => <Work key={item.id} work={item} />)}
    </Stack>
  );
}

function Work({ work }: { work: Activity }) {
  const { t } = useTranslation();
  const word = useWord();
  const format = useFormat();
  const share = work.total ? Math.min(100, (work.done / work.total) * 100) : undefined;
  const kind = t(`activity.kind.${work.kind as "import"}`);
  const about = work.kind === "bulk" ? word("bulk_action", work.title) : work.title;
  const name = about ? `${kind}: ${about}` : kind;
  const place = work.object ? PLACE[work.kind]?.(work.object) : undefined;
  const cancel = async () => {
    if (!work.object) return;
    const path = CANCEL[work.kind];
    if (!path) return;
    const { error } = await fetchClient.POST(path, { params: { path: { id: work.object } } });
    if (error) refused(error);
    await stale("/v1/activity", "/v1/contacts/bulk");
  };
  return (
    <Box>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        {place ? <Anchor component={Link} to={to(place)} size="sm" dir="auto">{name}</Anchor> : <Text size="sm" dir="auto">{name}</Text>}
        <Status tone={TONE[work.state] ?? "waiting"}>{t(`activity.state.${work.state as "done"}`)}</Status>
      </Group>
      {work.state === "running" && <Progress value={share ?? 100} animated={share === undefined} my={6} aria-label={name} />}
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {t("activity.done", { n: format.number(work.done), of: work.total ? format.number(work.total) : "…" })}
          {work.errors > 0 && ` · ${t("activity.errors", { count: work.errors, n: format.number(work.errors) })}`}
          {work.rate && work.state === "running" ? ` · ${t("activity.rate", { n: format.compact(work.rate) })}` : ""}
          {work.eta_seconds && work.state === "running" ? ` · ${t("activity.left", { when: format.relative(Date.now() + work.eta_seconds * 1000) })}` : ""}
        </Text>
        {work.can_cancel && CANCEL[work.kind] && <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void cancel()}>{t("cancel")}</Button>}
      </Group>
    </Box>
  );
}
