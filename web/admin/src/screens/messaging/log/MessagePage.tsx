import { Alert, Anchor, Badge, Button, Card, Grid, Group, Stack, Text, Title } from "@mantine/core";
import { Ban, CircleHelp } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { CountryName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { Status } from "@/ui/Status";
import { CopyText, Ltr, Moment } from "@/ui/text";
import { useWord } from "@/ui/words";
import { Bubble } from "../Bubble";
import { useMoney } from "../money";
import { PersonName } from "../PersonName";
import { cancelMessage, isMoving, useMessage, useWayNames, type Sms } from "../server";
import { toneOf } from "../states";
import { useReason, useTexts } from "../useTexts";
import { Steps } from "./Steps";

/** One message: what it says, how it stands, why it was allowed or not, and every step it made. */
export default function MessagePage() {
  const { t } = useTranslation("app_messaging");
  const { id = "" } = useParams();
  const message = useMessage(id);
  const above = [{ label: t("place.log"), href: to("/messaging") }];
  return (
    <Page title={message.data?.to ? `\u2066${message.data.to}\u2069` : t("message")} above={above} permission="messages:send" actions={message.data && <Cancel message={message.data} />}>
      <Loaded query={message} lines={8}>{(message) => <Whole message={message} />}</Loaded>
    </Page>
  );
}

function Cancel({ message }: { message: Sms }) {
  const { t } = useTranslation("app_messaging");
  if (message.state !== "queued" && message.state !== "held") return null;
  const ask = () => confirm({
    title: t("cancel.title"), text: t("cancel.text"), button: t("cancel"), destroys: true,
    act: async () => { await cancelMessage(message.id); told(t("cancel.done")); },
  });
  return <Button variant="default" color="red" leftSection={<Ban aria-hidden size={16} />} onClick={ask}>{t("cancel")}</Button>;
}

function Whole({ message }: { message: Sms }) {
  const { t } = useTranslation("app_messaging");
  const texts = useTexts();
  const reason = useReason();
  const { state, reason: why, text, trial } = message;
  return (
    <Stack gap="lg">
      <Group gap="xs"><Status tone={toneOf(state)}>{texts("state", state)}</Status>{trial && <Badge color="gray">{t("trial")}</Badge>}<Text size="sm" c="dimmed">{texts("state.about", state)}</Text></Group>
      {why && why !== "trial" && (
        <Alert color={state === "failed" || state === "expired" ? "red" : "amber"} icon={<CircleHelp aria-hidden />} title={t("why")}>
          <Text size="sm">{reason(why)}</Text>{reason(why) !== why && <Text size="xs" c="dimmed"><Ltr>{why}</Ltr></Text>}
        </Alert>
      )}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Card><Stack gap="sm"><Title order={2}>{t("words")}</Title>{text === null || text === undefined ? <Text c="dimmed">{t("gone")}</Text> : <Bubble text={text} />}</Stack></Card>
            <Card><Stack gap="sm"><Title order={2}>{t("steps")}</Title><Steps id={message.id} moving={isMoving(message)} /></Stack></Card>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}><Facts message={message} /></Grid.Col>
      </Grid>
    </Stack>
  );
}

function Facts({ message }: { message: Sms }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const texts = useTexts();
  const word = useWord();
  const money = useMoney();
  const way = useWayNames();
  const may = useMay();
  const { to: number, from, contact, country, reference, encoding, parts, price_micros, route, attempts, purpose, basis, rule, evidence, created_at, due_at, sent_at, finished_at, expires_at, trial, state } = message;
  const fact = (name: string, value: ReactNode) => (
    <Group key={name} justify="space-between" gap="sm" align="baseline" wrap="nowrap">
      <Text component="dt" size="sm" c="dimmed" style={{ flexShrink: 0 }}>{name}</Text><Text component="dd" size="sm" m={0} ta="end" style={{ overflowWrap: "anywhere" }}>{value}</Text>
    </Group>
  );
  return (
    <Stack>
      <Card>
        <Stack gap="sm">
          <Title order={2}>{t("facts.travel")}</Title>
          <Stack component="dl" gap={6} m={0}>
            {fact(t("column.person"), <PersonName id={contact} />)}
            {fact(t("facts.number"), number ? <Ltr>{number}</Ltr> : t("gone"))}
            {fact(t("facts.country"), <CountryName code={country} />)}
            {fact(t("column.from"), <Ltr>{from}</Ltr>)}
            {fact(t("facts.route"), route ? <bdi>{way(route)}</bdi> : "–")}
            {fact(t("facts.attempts"), format.number(attempts))}
            {reference && fact(t("facts.reference"), <bdi>{reference}</bdi>)}
            {fact(t("facts.created"), <Moment at={created_at} />)}
            {due_at && fact(t("facts.due"), <Moment at={due_at} />)}
            {fact(t("facts.sent"), <Moment at={sent_at} />)}
            {fact(t("facts.finished"), <Moment at={finished_at} />)}
            {fact(t("facts.expires"), <Moment at={expires_at} />)}
          </Stack>
        </Stack>
      </Card>
      <Card>
        <Stack gap="sm">
          <Title order={2}>{t("facts.cost")}</Title>
          <Stack component="dl" gap={6} m={0}>
            {fact(t("facts.encoding"), texts("encoding", encoding))}
            {fact(t("column.parts"), format.number(parts))}
            {fact(t("column.price"), trial ? t("price.trial") : state === "denied" ? t("price.none") : <bdi>{money(price_micros)}</bdi>)}
          </Stack>
        </Stack>
      </Card>
      <Card>
        <Stack gap="sm">
          <Title order={2}>{t("facts.gate")}</Title>
          <Text size="sm" c="dimmed">{t(state === "denied" ? "facts.gate.denied" : "facts.gate.allowed")}</Text>
          <Stack component="dl" gap={6} m={0}>
            {fact(t("column.purpose"), word("purpose", purpose))}
            {fact(t("facts.basis"), basis ? word("basis", basis) : "–")}
            {fact(t("facts.rule"), <Ltr>{rule}</Ltr>)}
          </Stack>
          {evidence && <><Text size="sm" c="dimmed">{t("facts.evidence")} {may("privacy:read") && <Anchor component={Link} to={to("/privacy/ledger")} inherit underline="always">{t("facts.ledger")}</Anchor>}</Text><CopyText value={evidence} label={t("facts.evidence")} /></>}
        </Stack>
      </Card>
    </Stack>
  );
}
