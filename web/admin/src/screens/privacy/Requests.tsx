import { Anchor, Button, Checkbox, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { MessageCircleQuestionMark, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { DataTable } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Status, type Tone } from "@/ui/Status";
import { When } from "@/ui/text";

export type RequestView = components["schemas"]["RequestView"];

export const TYPES = ["access", "portability", "rectification", "erasure", "restriction", "objection"] as const;

const TONE: Record<string, Tone> = {
  received: "waiting", challenged: "waiting", verified: "attention", in_progress: "busy", fulfilled: "good", refused: "off", withdrawn: "off", expired: "off",
};

export function RequestState({ request }: { request: RequestView }) {
  const { t } = useTranslation("app_privacy");
  return <Status tone={request.late ? "bad" : (TONE[request.state] ?? "waiting")}>{request.late ? t("request.late") : t(`request.state.${request.state as "received"}`)}</Status>;
}

/** Who asked for what about their own data, and by when they must have an answer. */
export default function Requests() {
  const { t } = useTranslation("app_privacy");
  const may = useMay();
  const navigate = useNavigate();
  const [shown, setShown] = useUrlState("show", "open");
  const [adding, { open, close }] = useDisclosure(false);
  const requests = api.useQuery("get", "/v1/privacy/requests", { params: { query: { limit: 200 } } });
  return (
    <Section title={t("requests.title")} about={t("requests.about")}
      actions={may("privacy:write") && <Button leftSection={<Plus aria-hidden size={16} />} onClick={open}>{t("requests.add")}</Button>}>
      <SegmentedControl aria-label={t("requests.show")} value={shown} onChange={setShown} data={[{ value: "open", label: t("requests.open") }, { value: "closed", label: t("requests.closed") }]} />
      <Loaded query={requests}>
        {({ items }) => (
          <DataTable label={t("requests.title")} rows={items.filter(({ closed_at }) => (shown === "open") === !closed_at)} rowKey={({ id }) => id}
            open={({ id }) => void navigate(to(`/privacy/requests/${id}`))}
            empty={<Nothing icon={MessageCircleQuestionMark} title={t("requests.none")} text={t("requests.none_text")} />} columns={[
              { key: "type", title: t("requests.type"), cell: ({ id, type }) => <Anchor component={Link} to={to(`/privacy/requests/${id}`)} size="sm">{t(`type.${type as "access"}`)}</Anchor> },
              { key: "state", title: t("requests.state"), cell: (request) => <Group gap={6}><RequestState request={request} />{request.child && <Status tone="attention">{t("request.child")}</Status>}</Group> },
              { key: "due", title: t("requests.due"), cell: ({ due_at, closed_at }) => (closed_at ? "–" : <When at={due_at} />) },
              { key: "received", title: t("requests.received"), cell: ({ received_at }) => <When at={received_at} /> },
              { key: "channel", title: t("requests.channel"), cell: ({ channel }) => t(`request.channel.${channel as "mail"}`), wideOnly: true },
            ]} />
        )}
      </Loaded>
      {adding && <Add close={close} />}
    </Section>
  );
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation(["app_privacy", "app_shell"]);
  const navigate = useNavigate();
  const form = useServerForm({ initialValues: { type: "access", email: "", text: "", evidence: "", child: false } });
  const send = form.send(async ({ type, email, text, evidence, child }) => {
    const { data, error } = await fetchClient.POST("/v1/privacy/requests", { body: { type, email: email.trim(), text, evidence: evidence.trim() || null, child, channel: "dashboard" } });
    if (error) throw error;
    await stale("/v1/privacy/requests");
    await navigate(to(`/privacy/requests/${data.id}`));
  });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600}>{t("requests.add")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Select label={t("requests.type")} allowDeselect={false} data={TYPES.map((value) => ({ value, label: t(`type.${value}`) }))} description={t(`type_note.${form.values.type as "access"}`)} {...form.getInputProps("type")} />
          <TextInput label={t("requests.email")} dir="ltr" required {...form.getInputProps("email")} />
          <Textarea label={t("requests.words")} autosize minRows={3} dir="auto" {...form.getInputProps("text")} />
          <Textarea label={t("requests.evidence")} description={t("requests.evidence_note")} autosize minRows={2} dir="auto" {...form.getInputProps("evidence")} />
          <Checkbox label={t("requests.child")} description={t("requests.child_note")} {...form.getInputProps("child", { type: "checkbox" })} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy}>{t("requests.write_down")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
