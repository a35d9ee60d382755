import { Anchor, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { MessageSquarePlus, Radio } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, fetchClient, got } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { DataTable, type Column } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { CountryName, LanguageName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { told } from "@/ui/notify";
import { Status, type Tone } from "@/ui/Status";
import { When } from "@/ui/text";
import type { Visit } from "./api";

const TONE: Record<string, Tone> = { browsing: "waiting", queued: "attention", chatting: "good" };
const STATES = ["all", "browsing", "queued", "chatting"] as const;
const EVERY = 20_000;

/** Who is on the site now. Pages, origin and country of those alone who allowed it. */
export default function Visitors() {
  const { t } = useTranslation("app_inbox");
  const query = api.useQuery("get", "/v1/visitors", {}, { refetchInterval: EVERY });
  const [state, setState] = useUrlState("state", "all");
  const [invited, invite] = useState<Visit | null>(null);
  const columns = useColumns(invite);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text c="dimmed" size="sm" maw={640}>{t("visitors.about")}</Text>
        <SegmentedControl size="xs" aria-label={t("visitors.state")} value={state} onChange={setState} data={STATES.map((value) => ({ value, label: t(`visitors.${value}`) }))} />
      </Group>
      <Loaded query={query}>
        {({ items }) => (
          <DataTable label={t("section.visitors")} columns={columns} rows={items.filter((one) => state === "all" || one.state === state)} rowKey={({ id }) => id}
            empty={<Nothing icon={Radio} title={t("visitors.none")} text={t("visitors.none.text")} />} />
        )}
      </Loaded>
      {invited && (
        <Dialog title={t("invite")} about={t("invite.about")} close={() => invite(null)} button={t("invite")} initial={{ text: "" }} fields={[{ name: "text", label: t("invite.text"), kind: "text", needed: true }]}
          send={async ({ text }) => {
            await got(fetchClient.POST("/v1/visitors/{id}/invite", { params: { path: { id: invited.id } }, body: { text } }));
            told(t("invite.done"));
          }} />
      )}
    </Stack>
  );
}

function useColumns(invite: (visit: Visit) => void): Array<Column<Visit>> {
  const { t } = useTranslation("app_inbox");
  const writes = useMay()("conversations:write");
  return [
    {
      key: "who", title: t("visitor"),
      cell: ({ name, contact, language }) => <Stack gap={0}>{contact ? <Anchor component={Link} to={to(`/audience/people/${contact}`)} size="sm" fw={600}><bdi>{name ?? t("visitor")}</bdi></Anchor> : <Text size="sm" fw={600}><bdi>{name ?? t("visitor")}</bdi></Text>}{language && <Text size="xs" c="dimmed"><LanguageName code={language} /></Text>}</Stack>,
    },
    { key: "state", title: t("visitors.state"), cell: ({ state }) => <Status tone={TONE[state] ?? "waiting"}>{t(`visitors.${state as "browsing"}`)}</Status> },
    {
      key: "page", title: t("visit.page"),
      cell: ({ page, consented }) => (page ? <Anchor href={page.url} target="_blank" rel="noopener noreferrer nofollow" size="sm"><bdi>{page.title || page.url}</bdi></Anchor> : <Text size="sm" c="dimmed">{consented ? "–" : t("visitors.no_consent")}</Text>),
    },
    { key: "country", title: t("visit.country"), wideOnly: true, cell: ({ country }) => (country ? <CountryName code={country} /> : "–") },
    { key: "since", title: t("visit.since"), cell: ({ since }) => <When at={since} /> },
    {
      key: "act", title: t("visitors.act"),
      cell: (visit) => visit.conversation ? (
        <Group gap={4}>
          <Button component={Link} to={to(`/inbox/conversations/${visit.conversation}`)} size="compact-sm" variant="default">{t("visitors.open")}</Button>
          {writes && visit.state === "browsing" && <Button size="compact-sm" variant="light" leftSection={<MessageSquarePlus aria-hidden size={14} />} onClick={() => invite(visit)}>{t("invite")}</Button>}
        </Group>
      ) : <Text size="sm" c="dimmed">{t("visitors.silent")}</Text>,
    },
  ];
}
