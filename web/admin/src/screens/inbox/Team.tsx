import { ActionIcon, Badge, Card, Group, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Settings2, UsersRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, got, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Dialog, numberOf } from "@/ui/Dialog";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Status } from "@/ui/Status";
import { agents, counts, pagesOf, statusOf, type Agent } from "./api";
import { ConversationTable } from "./ConversationTable";
import { useLiveState } from "./live";

const TONE = { accepting: "good", not_accepting: "held", offline: "off" } as const;
const STATES = ["accepting", "not_accepting", "offline"] as const;

/** A supervisor's view: who answers, how much, and what waits. */
export default function Team() {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const { queue } = useLiveState();
  const known = useQuery(counts());
  const members = useQuery(agents());
  const waiting = useInfiniteQuery(pagesOf({ view: "queued", limit: 20 }));
  const minutes = Math.round((queue?.longest_seconds ?? 0) / 60);
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Figure label={t("team.waiting")} value={format.number(queue?.waiting ?? known.data?.queued ?? 0)} note={queue && queue.waiting > 0 ? t("team.longest", { count: minutes, n: format.number(minutes) }) : undefined} />
        <Figure label={t("team.open")} value={format.number(known.data?.open ?? 0)} />
        <Figure label={t("team.unread")} value={format.number(known.data?.unread ?? 0)} />
        <Figure label={t("team.unanswered")} value={format.number(known.data?.waiting ?? 0)} />
      </SimpleGrid>
      <Stack gap="sm" component="section">
        <Title order={2}>{t("team.members")}</Title>
        <Loaded query={members}>
          {({ items }) => items.length === 0 ? <Nothing icon={UsersRound} title={t("team.none")} text={t("team.none.text")} action={{ label: t("team.none.go"), href: to("/inbox/settings/groups") }} /> : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>{items.map((one) => <Member key={one.id} agent={one} />)}</SimpleGrid>
          )}
        </Loaded>
      </Stack>
      <Stack gap="sm" component="section">
        <Title order={2}>{t("team.queue")}</Title>
        <ConversationTable label={t("team.queue")} rows={waiting.data?.pages.flatMap(({ items }) => items) ?? []} empty={<Text c="dimmed">{t("empty.queued")}</Text>} />
      </Stack>
    </Stack>
  );
}

function Member({ agent }: { agent: Agent }) {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const format = useFormat();
  const may = useMay();
  const [editing, edit] = useState(false);
  const { id, name, status, chats, limit, groups } = agent;
  return (
    <Card padding="md">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Text fw={600} truncate><bdi>{name}</bdi></Text>
          <Group gap={4} wrap="nowrap">
            <Status tone={TONE[statusOf(agent)]}>{t(`status.${statusOf(agent)}`)}</Status>
            {may("conversations:manage") && <ActionIcon aria-label={t("team.edit", { name })} onClick={() => edit(true)}><Settings2 aria-hidden size={16} /></ActionIcon>}
          </Group>
        </Group>
        <Progress value={limit > 0 ? Math.min(100, (chats / limit) * 100) : 0} color={chats >= limit ? "amber" : "teal"} aria-label={t("status.load", { n: format.number(chats), of: format.number(limit) })} />
        <Group justify="space-between">
          <Text size="sm">{t("status.load", { n: format.number(chats), of: format.number(limit) })}</Text>
          <Text size="xs" c="dimmed">{t(agent.online ? "online" : "away")}</Text>
        </Group>
        <Group gap={4}>{groups.map((group) => <Badge key={group.id} color="gray"><bdi>{group.name}</bdi></Badge>)}</Group>
      </Stack>
      {editing && (
        <Dialog title={name} close={() => edit(false)} button={t("app_shell:save")} initial={{ status, limit: String(limit) }}
          fields={[{ name: "status", label: t("status"), kind: "choice", needed: true, choices: STATES.map((value) => ({ value, label: t(`status.${value}`) })) }, { name: "limit", label: t("status.limit"), kind: "number", needed: true }]}
          send={async (values) => {
            await got(fetchClient.PUT("/v1/agents/{id}", { params: { path: { id } }, body: { status: STATES.find((one) => one === values.status), limit: numberOf(values.limit) } }));
            await stale("/v1/agents");
          }} />
      )}
    </Card>
  );
}
