import { Accordion, Card, Group, Stack, Table, Text, Title } from "@mantine/core";
import { Scale } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Status, type Tone } from "@/ui/Status";
import { Ltr, Moment, When } from "@/ui/text";
import { useWord } from "@/ui/words";
import type { Consent as Record, LedgerEvent } from "../shapes";
import { actorKind } from "./actor";

const TONE: { [state: string]: Tone } = { given: "good", renewed: "good", requested: "waiting", refused: "bad", withdrawn: "bad", objected: "bad", expired: "attention", revoked: "off", invalidated: "off" };
type Claim = Record["claims"][number];
type Suppression = Record["suppressions"][number];

function Claims({ claims }: { claims: Claim[] }) {
  const { t } = useTranslation("app_contact");
  const word = useWord();
  const columns: Array<Column<Claim>> = [
    { key: "purpose", title: t("consent.purpose"), cell: ({ purpose, topic_name }) => <Text size="sm" fw={600}>{word("purpose", purpose)}{topic_name && <> · <bdi>{topic_name}</bdi></>}</Text> },
    { key: "channel", title: t("consent.channel"), cell: ({ channel }) => word("channel", channel) },
    { key: "basis", title: t("consent.basis"), cell: ({ basis }) => word("basis", basis) },
    { key: "state", title: t("consent.state"), cell: ({ state }) => <Status tone={TONE[state] ?? "waiting"}>{word("consent_state", state)}</Status> },
    { key: "at", title: t("consent.since"), cell: ({ at }) => <When at={at} /> },
    { key: "confirmed", title: t("consent.confirmed"), cell: ({ confirmed_at }) => <When at={confirmed_at} />, wideOnly: true },
    { key: "expires", title: t("consent.until"), cell: ({ expires_at }) => <When at={expires_at} />, wideOnly: true },
  ];
  return <DataTable label={t("consent.now")} columns={columns} rows={claims} rowKey={(claim) => claim.event + claim.purpose + claim.channel + (claim.topic ?? "")} empty={<Nothing icon={Scale} title={t("consent.none.title")} text={t("consent.none.text")} />} />;
}

function Suppressions({ suppressions }: { suppressions: Suppression[] }) {
  const { t } = useTranslation("app_contact");
  const word = useWord();
  if (suppressions.length === 0) return <Text size="sm" c="dimmed">{t("suppressions.none")}</Text>;
  const scope = (text: string) => {
    const [code = "", ...rest] = text.split(":");
    const value = rest.join(":");
    return value ? `${word("scope", code)}: ${word(code, value)}` : word("scope", code);
  };
  const columns: Array<Column<Suppression>> = [
    { key: "reason", title: t("suppressions.reason"), cell: ({ reason }) => <Status tone="bad">{word("suppression", reason)}</Status> },
    { key: "scope", title: t("suppressions.scope"), cell: (one) => <bdi>{scope(one.scope)}</bdi> },
    { key: "of", title: t("suppressions.of"), cell: (one) => word("suppression_of", one.of) },
    { key: "at", title: t("suppressions.since"), cell: ({ at }) => <When at={at} /> },
  ];
  return <DataTable label={t("suppressions")} columns={columns} rows={suppressions} rowKey={(one) => one.of + one.scope + one.reason} />;
}

function Evidence({ event }: { event: LedgerEvent }) {
  const { t } = useTranslation("app_contact");
  const format = useFormat();
  const word = useWord();
  const facts: Array<[string, React.ReactNode]> = [
    [t("ledger.seq"), format.number(event.seq)],
    [t("ledger.hash"), <Ltr key="hash">{event.hash}</Ltr>],
    [t("ledger.actor"), word("actor", actorKind(event.actor))],
    ...(event.notice ? [[t("ledger.notice"), <Ltr key="notice">{event.notice}</Ltr>] as [string, React.ReactNode]] : []),
    ...(event.expires ? [[t("consent.until"), <Moment key="expires" at={event.expires} />] as [string, React.ReactNode]] : []),
    ...(event.evidence ?? []).map(({ name, value }): [string, React.ReactNode] => [word("evidence", name), <bdi key={name}>{value}</bdi>]),
  ];
  return (
    <>
      <Table variant="vertical" layout="fixed"><Table.Tbody>{facts.map(([name, value]) => <Table.Tr key={name}><Table.Th w="35%"><bdi>{name}</bdi></Table.Th><Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td></Table.Tr>)}</Table.Tbody></Table>
      {event.shredded && <Text size="sm" mt="xs">{t("ledger.shredded")}</Text>}
    </>
  );
}

function Ledger({ events }: { events: LedgerEvent[] }) {
  const { t } = useTranslation("app_contact");
  const word = useWord();
  if (events.length === 0) return <Text size="sm" c="dimmed">{t("ledger.none")}</Text>;
  return (
    <Accordion variant="contained" multiple order={3}>
      {events.map((event) => (
        <Accordion.Item key={event.id} value={event.id}>
          <Accordion.Control>
            <Group gap="xs">
              <Text size="sm" fw={600}>{word("ledger_kind", event.kind)}</Text>
              {event.state && <Status tone={TONE[event.state] ?? "waiting"}>{word("consent_state", event.state)}</Status>}
              {event.basis && <Text size="sm">{word("basis", event.basis)}</Text>}
              {event.purpose && <Text size="sm" c="dimmed">{word("purpose", event.purpose)}{event.channel && ` · ${word("channel", event.channel)}`}</Text>}
              {event.topic_name && <Text size="sm" c="dimmed"><bdi>{event.topic_name}</bdi></Text>}
              <Text size="xs" c="dimmed"><Moment at={event.at} /></Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel><Evidence event={event} /></Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

/** What writing to a person rests on, what stands against it, and the ledger's records that prove both. */
export function Consent({ id }: { id: string }) {
  const { t } = useTranslation("app_contact");
  const query = api.useQuery("get", "/v1/contacts/{id}/consent", { params: { path: { id } } });
  return (
    <Loaded query={query}>
      {({ claims, suppressions, events }) => (
        <Stack gap="lg">
          <Stack gap="xs"><Title order={2}>{t("consent.now")}</Title><Claims claims={claims} /></Stack>
          <Stack gap="xs"><Title order={2}>{t("suppressions")}</Title><Suppressions suppressions={suppressions} /></Stack>
          <Card component="section" aria-label={t("ledger")}><Stack gap="xs"><Title order={2}>{t("ledger")}</Title><Text size="sm" c="dimmed">{t("ledger.about")}</Text><Ledger events={events} /></Stack></Card>
        </Stack>
      )}
    </Loaded>
  );
}
