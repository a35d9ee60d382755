import { Anchor, Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { LogOut, Send } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Ltr, Moment } from "@/ui/text";
import type { Inbox } from "./Replies";

interface Letter extends Inbox {
  message: { from?: string; subject?: string; text?: string } | null;
  answer: { subject: string; text: string } | null;
}

const DECISIONS = ["optout", "object", "legal", "not_optout", "answered"] as const;

/** One message: its words, the answer prepared from today's records, and what to decide. */
export default function Reply() {
  const { id = "" } = useParams();
  const { t } = useTranslation("app_privacy");
  const reply = api.useQuery("get", "/v1/replies/{id}", { params: { path: { id } } });
  return (
    <Stack gap={0}>
      <Anchor component={Link} to={to("/privacy/replies")} size="sm" mb="sm">{t("replies.title")}</Anchor>
      <Loaded query={reply}>{(data) => <Shown letter={data as Letter} />}</Loaded>
    </Stack>
  );
}

function Shown({ letter }: { letter: Letter }) {
  const { t } = useTranslation("app_privacy");
  const may = useMay();
  const settle = async (decision: string) => {
    const { error } = await fetchClient.POST("/v1/replies/{id}/settle", { params: { path: { id: letter.id } }, body: { decision } });
    if (error) return refused(error);
    await stale("/v1/replies", "/v1/contacts");
    told(t("reply.decided"));
  };
  const endSessions = () => confirm({
    title: t("reply.end_sessions"), text: t("reply.end_sessions_text"), button: t("reply.end_sessions"), destroys: true,
    act: async () => {
      const { error } = await fetchClient.POST("/v1/replies/{id}/end-sessions", { params: { path: { id: letter.id } } });
      if (error) throw error;
      told(t("reply.sessions_ended"));
    },
  });
  return (
    <>
      <Section title={letter.message?.subject || t(`intent.${(letter.intent ?? "unknown") as "optout"}`)} about={<><Moment at={letter.created_at} />{letter.contact && <> · <Anchor component={Link} to={to(`/audience/people/${letter.contact}`)} size="sm"><Ltr>{letter.message?.from ?? letter.contact}</Ltr></Anchor></>}</>}>
        <Text dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{letter.message?.text ?? t("reply.erased")}</Text>
      </Section>
      {letter.triage === "credential_theft" && may("members:write") && (
        <Section title={t("reply.stolen")} about={t("reply.stolen_about")}>
          <Group><Button color="red" variant="light" leftSection={<LogOut aria-hidden size={16} className="dir-icon" />} onClick={endSessions}>{t("reply.end_sessions")}</Button></Group>
        </Section>
      )}
      {letter.waiting && may("contacts:write") && (
        <>
          <Section title={t("reply.decide")} about={t("reply.decide_about")}>
            <Group gap="xs">{DECISIONS.map((decision) => <Button key={decision} variant="default" onClick={() => void settle(decision)}>{t(`decision.${decision}`)}</Button>)}</Group>
          </Section>
          <Answer letter={letter} />
        </>
      )}
      {letter.decision && <Text size="sm" c="dimmed">{t(`decision.${letter.decision as "optout"}`)}</Text>}
    </>
  );
}

function Answer({ letter }: { letter: Letter }) {
  const { t } = useTranslation("app_privacy");
  const form = useServerForm({ initialValues: { subject: letter.answer?.subject ?? "", text: letter.answer?.text ?? "" } });
  const send = form.send(async (body) => {
    const { error } = await fetchClient.POST("/v1/replies/{id}/answer", { params: { path: { id: letter.id } }, body });
    if (error) throw error;
    await stale("/v1/replies");
    told(t("reply.answered"));
  });
  return (
    <Section title={t("reply.answer")} about={letter.answer ? t("reply.prepared") : t("reply.own")}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput label={t("reply.subject")} dir="auto" required {...form.getInputProps("subject")} />
          <Textarea label={t("reply.text")} autosize minRows={6} maxRows={20} dir="auto" required {...form.getInputProps("text")} />
          <Group><Button type="submit" loading={form.busy} leftSection={<Send aria-hidden size={16} className="dir-icon" />}>{t("reply.send")}</Button></Group>
        </Stack>
      </form>
    </Section>
  );
}
