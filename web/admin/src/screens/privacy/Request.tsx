import { Anchor, Button, Group, Modal, Select, Stack, Text, Textarea, Timeline } from "@mantine/core";
import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { currentWorkspace, to } from "@/app/place";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status, type Tone } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { RequestState, type RequestView } from "./Requests";

interface Detail extends RequestView {
  timeline: Array<{ at: string; kind: string; actor: string; note: string | null }>;
  recipients: Array<{ disclosure: string; state: string; made_at: string; told_at?: string | null }>;
  pack_until: string | null;
}

/** The words of a request: what was asked, and what was to be corrected. */
interface Content {
  text?: string;
  corrections?: Record<string, string>;
}

const GROUNDS = ["identity_unverified", "excessive", "manifestly_unfounded", "legal_claims", "legal_obligation", "rights_of_others", "freedom_of_expression", "public_interest", "compelling_grounds", "not_controller"] as const;

export default function Request() {
  const { id = "" } = useParams();
  const { t } = useTranslation("app_privacy");
  const request = api.useQuery("get", "/v1/privacy/requests/{id}", { params: { path: { id } } });
  return (
    <Stack gap={0}>
      <Anchor component={Link} to={to("/privacy/requests")} size="sm" mb="sm">{t("requests.title")}</Anchor>
      <Loaded query={request}>
        {(data) => {
          const detail = data as unknown as Detail;
          return <><Facts request={detail} /><Recipients request={detail} /><History request={detail} /></>;
        }}
      </Loaded>
    </Stack>
  );
}

function Facts({ request }: { request: Detail }) {
  const { t } = useTranslation("app_privacy");
  const content = (request.content ?? null) as Content | null;
  return (
    <Section title={t(`type.${request.type as "access"}`)} about={t(`type_note.${request.type as "access"}`)} actions={<RequestState request={request} />}>
      <Text size="sm">{t("requests.received")}: <Moment at={request.received_at} /> · {t(`request.channel.${request.channel as "mail"}`)}</Text>
      {!request.closed_at && <Text size="sm">{t("requests.due")}: <Moment at={request.due_at} />{request.ends_on_weekend && ` (${t("request.weekend")})`}{request.extended_at && ` · ${t("request.extended")}`}</Text>}
      {request.closed_at && <Text size="sm">{t("request.closed")}: <Moment at={request.closed_at} /></Text>}
      {request.subject && <Text size="sm">{t("request.person")}: <Anchor component={Link} to={to(`/audience/people/${request.subject}`)} size="sm"><Ltr>{request.subject}</Ltr></Anchor></Text>}
      {request.verified_at && <Text size="sm">{t("request.verified")}: <Moment at={request.verified_at} /></Text>}
      {content?.text && <Text component="blockquote" m={0} ps="md" dir="auto" style={{ borderInlineStart: "3px solid var(--mantine-color-default-border)", whiteSpace: "pre-wrap" }}>{content.text}</Text>}
      {Object.entries(content?.corrections ?? {}).map(([field, value]) => <Text key={field} size="sm"><Ltr>{field}</Ltr> → <bdi>{value}</bdi></Text>)}
      {request.ground && <Text size="sm">{t("request.ground")}: {t(`ground.${request.ground as "excessive"}`)}</Text>}
      {request.pack_until && (
        <Group><Button component="a" variant="default" leftSection={<Download aria-hidden size={16} />} href={`/v1/privacy/requests/${request.id}/pack?workspace=${currentWorkspace() ?? ""}`} download>{t("request.pack")}</Button><Text size="sm" c="dimmed">{t("request.pack_until")} <Moment at={request.pack_until} /></Text></Group>
      )}
      <Actions request={request} />
    </Section>
  );
}

type Step = "verify" | "extend" | "refuse" | "note";

function Actions({ request }: { request: Detail }) {
  const { t } = useTranslation("app_privacy");
  const may = useMay();
  const [step, setStep] = useState<Step | null>(null);
  if (!may("privacy:write") || request.closed_at) return null;
  const params = { path: { id: request.id } };
  const done = async (error: unknown, message: string) => {
    if (error) throw error;
    await stale("/v1/privacy/requests");
    told(message);
  };
  const fulfil = () =>
    confirm({
      title: t("request.fulfil"), text: t(`fulfil_text.${request.type as "access"}`), button: t("request.fulfil"), destroys: request.type === "erasure",
      act: async () => done((await fetchClient.POST("/v1/privacy/requests/{id}/fulfil", { params, body: { by_hand: null } })).error, t("request.fulfilled")),
    });
  const withdraw = () =>
    confirm({
      title: t("request.withdraw"), text: t("request.withdraw_text"), button: t("request.withdraw"),
      act: async () => done((await fetchClient.POST("/v1/privacy/requests/{id}/withdraw", { params })).error, t("request.withdrawn")),
    });
  const challenge = () =>
    confirm({
      title: t("request.challenge"), text: t("request.challenge_text"), button: t("request.challenge"),
      act: async () => done((await fetchClient.POST("/v1/privacy/requests/{id}/challenge", { params })).error, t("request.challenged")),
    });
  const verified = request.verified_at !== null && request.verified_at !== undefined;
  return (
    <Group gap="xs">
      {verified && <Button onClick={fulfil}>{t("request.fulfil")}</Button>}
      {!verified && <Button onClick={() => setStep("verify")}>{t("request.verify")}</Button>}
      {!verified && <Button variant="default" onClick={challenge}>{t("request.challenge")}</Button>}
      {!request.extended_at && <Button variant="default" onClick={() => setStep("extend")}>{t("request.extend")}</Button>}
      <Button variant="default" onClick={() => setStep("refuse")}>{t("request.refuse")}</Button>
      <Button variant="default" onClick={() => setStep("note")}>{t("request.note")}</Button>
      <Button variant="subtle" color="gray" onClick={withdraw}>{t("request.withdraw")}</Button>
      {step && <Words key={step} step={step} request={request} close={() => setStep(null)} />}
    </Group>
  );
}

/** What is decided in words: how identity was checked, why it takes longer, why it is refused, a remark. */
function Words({ step, request, close }: { step: Step; request: Detail; close: () => void }) {
  const { t } = useTranslation(["app_privacy", "app_shell"]);
  const form = useServerForm({ initialValues: { text: "", ground: "identity_unverified" } });
  const params = { path: { id: request.id } };
  const call = ({ text, ground }: { text: string; ground: string }) => {
    switch (step) {
      case "verify": return fetchClient.POST("/v1/privacy/requests/{id}/verify", { params, body: { evidence: text } });
      case "extend": return fetchClient.POST("/v1/privacy/requests/{id}/extend", { params, body: { reason: text } });
      case "refuse": return fetchClient.POST("/v1/privacy/requests/{id}/refuse", { params, body: { ground, explanation: text } });
      case "note": return fetchClient.POST("/v1/privacy/requests/{id}/note", { params, body: { text } });
    }
  };
  const send = form.send(async (values) => {
    const { error } = await call(values);
    if (error) throw error;
    await stale("/v1/privacy/requests");
    close();
  });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600}>{t(`request.${step}`)}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Text size="sm" c="dimmed">{t(`request.${step}_about`)}</Text>
          {step === "refuse" && <Select label={t("request.ground")} allowDeselect={false} data={GROUNDS.map((value) => ({ value, label: t(`ground.${value}`) }))} {...form.getInputProps("ground")} />}
          <Textarea label={t(`request.${step}_words`)} data-autofocus autosize minRows={3} dir="auto" required {...form.getInputProps("text")} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy} disabled={!form.values.text.trim()}>{t(`request.${step}`)}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

const RECIPIENT: Record<string, Tone> = { waiting: "waiting", sent: "busy", acknowledged: "good", failed: "bad", unreachable: "bad" };

function Recipients({ request }: { request: Detail }) {
  const { t } = useTranslation("app_privacy");
  if (request.recipients.length === 0) return null;
  return (
    <Section title={t("recipients.title")} about={t("recipients.about")}>
      {request.recipients.map(({ disclosure, state }) => (
        <Group key={disclosure} justify="space-between"><Ltr>{disclosure}</Ltr><Status tone={RECIPIENT[state] ?? "waiting"}>{t(`recipients.${state as "sent"}`)}</Status></Group>
      ))}
    </Section>
  );
}

function History({ request }: { request: Detail }) {
  const { t } = useTranslation("app_privacy");
  return (
    <Section title={t("history.title")}>
      <Timeline bulletSize={14} lineWidth={2} active={request.timeline.length} color="teal">
        {request.timeline.map(({ at, kind, actor, note }) => (
          <Timeline.Item key={at + kind} title={t(`history.${kind as "received"}`)}>
            <Text size="sm" c="dimmed"><Moment at={at} /> · <Ltr>{actor}</Ltr></Text>
            {note && <Text size="sm" dir="auto">{note}</Text>}
          </Timeline.Item>
        ))}
      </Timeline>
    </Section>
  );
}
