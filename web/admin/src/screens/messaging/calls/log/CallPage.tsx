import { Alert, Anchor, Badge, Button, Card, Grid, Group, List, Stack, Text, Timeline, Title } from "@mantine/core";
import { CircleHelp, CirclePlay, Footprints, MicVocal, Phone, PhoneForwarded, PhoneOff, TriangleAlert, type LucideIcon } from "lucide-react";
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
import { useCodes } from "../../codes";
import { useMoney } from "../../money";
import { PersonName } from "../../PersonName";
import { draftOf } from "../flows/flow";
import { useSentence } from "../flows/words";
import { canEnd, endCall, isMoving, useCall, useCallSteps, useRecordings, useTrunks, type Call, type CallStep, type Definition } from "../server";
import { RecordingCard } from "./Recordings";
import { clockOf, toneOf } from "./states";
import { useCallReason } from "./useCallReason";

/** One call: how it went, step by step, why it was allowed, and what was recorded. */
export default function CallPage() {
  const { t } = useTranslation("app_calls");
  const { id = "" } = useParams();
  const call = useCall(id);
  const number = call.data?.number;
  return (
    <Page title={number ? `\u2066${number}\u2069` : t("call")} above={[{ label: t("part.calls"), href: to("/messaging/calls") }]} permission="calls:read" actions={call.data && <End call={call.data} />}>
      <Loaded query={call} lines={8}>{(known) => <Whole call={known} />}</Loaded>
    </Page>
  );
}

function End({ call }: { call: Call }) {
  const { t } = useTranslation("app_calls");
  if (!useMay()("calls:write") || !canEnd(call)) return null;
  const waits = call.state === "queued";
  const ask = () => confirm({
    title: t(waits ? "end.title.back" : "end.title"), text: t(waits ? "end.text.back" : "end.text"), button: t(waits ? "end.back" : "end"), destroys: true,
    act: async () => { await endCall(call.id); told(t(waits ? "ended.back" : "ended")); },
  });
  return <Button variant="default" color="red" leftSection={<PhoneOff aria-hidden size={16} />} onClick={ask}>{t(waits ? "end.back" : "end")}</Button>;
}

const BAD = new Set(["failed", "in_doubt"]);

function Whole({ call }: { call: Call }) {
  const { t } = useTranslation("app_calls");
  const codes = useCodes("app_calls");
  const why = useCallReason();
  const { id, state, reason, sip_status, trial, flow } = call;
  return (
    <Stack gap="lg">
      <Group gap="xs" aria-live="polite"><Status tone={toneOf(state)}>{codes("state", state)}</Status>{trial && <Badge color="gray">{t("trial")}</Badge>}<Text size="sm" c="dimmed">{trial && state === "ended" ? t("why.trial") : codes("state.about", state)}</Text></Group>
      {reason && reason !== "trial" && state !== "ended" && (
        <Alert color={BAD.has(state) ? "red" : "amber"} icon={<CircleHelp aria-hidden />} title={t("why")}>
          <Text size="sm">{why(reason)}</Text>
          {sip_status && <Text size="xs" c="dimmed">{codes("sip", String(sip_status))} <Ltr>{`(SIP ${sip_status})`}</Ltr></Text>}
        </Alert>
      )}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Recorded id={id} moving={isMoving(call)} />
            <Card><Stack gap="sm"><Title order={2}>{t("timeline")}</Title><Steps id={id} moving={isMoving(call)} /></Stack></Card>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack><Facts call={call} />{flow && <FlowThen flow={flow as unknown as Definition} id={call.flow_id} />}</Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Recorded({ id, moving }: { id: string; moving: boolean }) {
  const { t } = useTranslation("app_calls");
  const { data } = useRecordings({ call: id }, moving);
  if (!data || data.items.length === 0) return null;
  return <Stack component="section" gap="sm" aria-label={t("recordings")}><Title order={2}>{t("recordings")}</Title>{data.items.map((recording) => <RecordingCard key={recording.id} recording={recording} />)}</Stack>;
}

const ICON: Record<string, LucideIcon> = { accepted: CirclePlay, dialled: Phone, ringing: Phone, answered: Phone, step: Footprints, recorded: MicVocal, not_heard: TriangleAlert, not_fetched: TriangleAlert, transfer_refused: TriangleAlert, not_answered: PhoneForwarded };
const COLOR: Record<string, string> = { good: "teal", busy: "teal", bad: "red", attention: "amber", off: "gray", waiting: "gray" };
const WORRY = new Set(["not_heard", "not_fetched", "transfer_refused", "not_answered", "longest_reached"]);

function Steps({ id, moving }: { id: string; moving: boolean }) {
  const { t } = useTranslation("app_calls");
  const { tag } = useFormat();
  const codes = useCodes("app_calls");
  const why = useCallReason();
  const format = useFormat();
  const steps = useCallSteps(id, moving);
  const exact = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "medium" });
  const title = ({ kind, detail }: CallStep) => (kind === "step" ? codes("action", detail) : codes("step", kind) !== kind ? codes("step", kind) : codes("state", kind));
  const about = ({ kind, detail }: CallStep) => (!detail || kind === "step" ? null : kind === "recorded" ? codes("recorded", detail) : why(detail));
  return (
    <Loaded query={steps} lines={4}>
      {({ items }) => (
        <Timeline active={items.length} bulletSize={28} lineWidth={2}>
          {items.map((step, place) => {
            const Icon = ICON[step.kind] ?? (step.kind === "ended" ? PhoneOff : Phone);
            return (
              <Timeline.Item key={place} color={WORRY.has(step.kind) ? "amber" : COLOR[toneOf(step.kind)]} bullet={<Icon aria-hidden size={15} />} title={<Text size="sm" fw={600} span>{step.leg > 0 ? t("leg", { what: title(step), n: format.number(step.leg) }) : title(step)}</Text>}>
                {about(step) && <Text size="sm">{about(step)}</Text>}
                <Text size="xs" c="dimmed"><time dateTime={step.at}>{exact.format(new Date(step.at))}</time></Text>
              </Timeline.Item>
            );
          })}
        </Timeline>
      )}
    </Loaded>
  );
}

function Facts({ call }: { call: Call }) {
  const { t } = useTranslation("app_calls");
  const codes = useCodes("app_calls");
  const word = useWord();
  const money = useMoney();
  const may = useMay();
  const trunks = useTrunks(may("routes:read"));
  const { number, our_number, contact, country, direction, trunk, reference, created_at, due_at, answered_at, finished_at, seconds, price_micros, cost_micros, trial, state, purpose, basis, rule, evidence } = call;
  const fact = (name: string, value: ReactNode) => (
    <Group key={name} justify="space-between" gap="sm" align="baseline" wrap="nowrap">
      <Text component="dt" size="sm" c="dimmed" style={{ flexShrink: 0 }}>{name}</Text><Text component="dd" size="sm" m={0} ta="end" style={{ overflowWrap: "anywhere" }}>{value}</Text>
    </Group>
  );
  return (
    <>
      <Card>
        <Stack gap="sm">
          <Title order={2}>{t("facts")}</Title>
          <Stack component="dl" gap={6} m={0}>
            {fact(t("direction"), codes("direction", direction))}
            {fact(t("person"), contact ? <PersonName id={contact} /> : t("hidden"))}
            {fact(t("facts.number"), number ? <Ltr>{number}</Ltr> : contact ? t("gone") : t("hidden"))}
            {country && fact(t("facts.country"), <CountryName code={country} />)}
            {fact(t("ours"), our_number ? <Ltr>{our_number}</Ltr> : t("field.from.first"))}
            {trunk && fact(t("facts.trunk"), <bdi>{trunks.data?.items.find(({ id }) => id === trunk)?.name ?? trunk}</bdi>)}
            {reference && fact(t("facts.reference"), <bdi>{reference}</bdi>)}
            {fact(t("facts.created"), <Moment at={created_at} />)}
            {due_at && fact(t("facts.due"), <Moment at={due_at} />)}
            {fact(t("facts.answered"), <Moment at={answered_at} />)}
            {fact(t("facts.finished"), <Moment at={finished_at} />)}
            {fact(t("seconds"), <Ltr>{clockOf(seconds)}</Ltr>)}
          </Stack>
        </Stack>
      </Card>
      <Card>
        <Stack gap="sm">
          <Title order={2}>{t("facts.cost")}</Title>
          <Stack component="dl" gap={6} m={0}>
            {fact(t("facts.minute"), <bdi>{money(price_micros)}</bdi>)}
            {fact(t("cost"), trial ? t("cost.trial") : <bdi>{money(cost_micros)}</bdi>)}
          </Stack>
        </Stack>
      </Card>
      {direction === "outbound" && (
        <Card>
          <Stack gap="sm">
            <Title order={2}>{t("gate")}</Title>
            <Text size="sm" c="dimmed">{t(state === "denied" ? "gate.denied" : "gate.allowed")}</Text>
            <Stack component="dl" gap={6} m={0}>{fact(t("gate.purpose"), word("purpose", purpose))}{fact(t("gate.basis"), basis ? word("basis", basis) : "–")}{fact(t("gate.rule"), <Ltr>{rule}</Ltr>)}</Stack>
            {evidence && <><Text size="sm" c="dimmed">{t("gate.evidence")} {may("privacy:read") && <Anchor component={Link} to={to("/privacy/ledger")} inherit underline="always">{t("gate.ledger")}</Anchor>}</Text><CopyText value={evidence} label={t("gate.evidence")} /></>}
          </Stack>
        </Card>
      )}
    </>
  );
}

/** The flow as it was when the call was accepted. */
function FlowThen({ flow, id }: { flow: Definition; id?: string | null }) {
  const { t } = useTranslation("app_calls");
  const sentence = useSentence();
  const { title, steps } = draftOf(flow);
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2}>{t("flow.then")}</Title>
        {id ? <Anchor component={Link} to={to(`/messaging/flows/${id}`)} size="sm"><bdi>{title || t("flow.untitled")}</bdi></Anchor> : title && <Text size="sm"><bdi>{title}</bdi></Text>}
        <List type="ordered" size="sm">{steps.map((step) => <List.Item key={step.id}><Text size="sm" span>{t(`action.${step.action}`)}: {sentence(step)}</Text></List.Item>)}</List>
      </Stack>
    </Card>
  );
}
