import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { Send, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { CopyText, Ltr, Moment } from "@/ui/text";
import { Section } from "@/ui/Section";

interface Attempt {
  event: string;
  at: string;
  millis: number;
  status: number | null;
  error: string | null;
}

interface Message {
  id: string;
  type: string;
  at: string;
  state: string;
  attempts: number;
  due_at: string | null;
}

/** One endpoint: what was sent, how it went, and sending it again. */
export default function WebhookPage() {
  const { id = "" } = useParams();
  const { t } = useTranslation("app_settings");
  const params = { path: { id } };
  const webhook = api.useQuery("get", "/v1/webhooks/{id}", { params });
  return (
    <Stack gap={0}>
      <Anchor component={Link} to={to("/settings/webhooks")} size="sm" mb="sm">{t("webhooks.title")}</Anchor>
      <Loaded query={webhook}>
        {(known) => (
          <Section title={t("webhooks.endpoint")} about={<Ltr>{known.url}</Ltr>}>
            {known.reason && <Text size="sm" dir="auto">{known.reason}</Text>}
            <Text size="sm"><Ltr>{known.kinds.join(", ")}</Ltr></Text>
            <Actions id={id} active={known.state === "active"} />
          </Section>
        )}
      </Loaded>
      <Messages id={id} />
      <Attempts id={id} />
    </Stack>
  );
}

function Actions({ id, active }: { id: string; active: boolean }) {
  const { t } = useTranslation("app_settings");
  const navigate = useNavigate();
  const may = useMay();
  const [secret, setSecret] = useState<string | null>(null);
  const params = { path: { id } };
  if (!may("webhooks:write")) return null;
  const test = async () => {
    const { error } = await fetchClient.POST("/v1/webhooks/{id}/test", { params });
    if (error) return refused(error);
    told(t("webhooks.tested"));
    await stale("/v1/webhooks");
  };
  const turn = async () => {
    const { error } = await fetchClient.PATCH("/v1/webhooks/{id}", { params, body: { state: active ? "paused" : "active" } });
    if (error) return refused(error);
    await stale("/v1/webhooks");
  };
  const rotate = () =>
    confirm({
      title: t("webhooks.rotate"), text: t("webhooks.rotate_text"), button: t("webhooks.rotate"),
      act: async () => {
        const { data, error } = await fetchClient.POST("/v1/webhooks/{id}/rotate", { params, body: {} });
        if (error) throw error;
        setSecret(data.secret);
      },
    });
  const remove = () =>
    confirm({
      title: t("webhooks.delete"), text: t("webhooks.delete_text"), button: t("webhooks.delete"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.DELETE("/v1/webhooks/{id}", { params });
        if (error) throw error;
        await stale("/v1/webhooks");
        await navigate(to("/settings/webhooks"));
      },
    });
  return (
    <>
      {secret !== null && <CopyText label={t("webhooks.secret")} value={secret} />}
      <Group>
        <Button variant="default" leftSection={<Send aria-hidden size={16} className="dir-icon" />} onClick={() => void test()}>{t("webhooks.test")}</Button>
        <Button variant="default" onClick={() => void turn()}>{t(active ? "webhooks.turn_off" : "webhooks.turn_on")}</Button>
        <Button variant="default" onClick={rotate}>{t("webhooks.rotate")}</Button>
        <Button variant="light" color="red" onClick={remove}>{t("webhooks.delete")}</Button>
      </Group>
    </>
  );
}

function Messages({ id }: { id: string }) {
  const { t } = useTranslation("app_settings");
  const format = useFormat();
  const may = useMay();
  const messages = api.useQuery("get", "/v1/webhooks/{id}/messages", { params: { path: { id }, query: { limit: 50 } } });
  const replay = async (event?: string) => {
    const { error } = await fetchClient.POST("/v1/webhooks/{id}/replay", { params: { path: { id } }, body: { event: event ?? null, from: null, to: null, undelivered_only: event === undefined } });
    if (error) return refused(error);
    told(t("webhooks.replayed"));
    await stale("/v1/webhooks");
  };
  return (
    <Section title={t("webhooks.messages")} about={t("webhooks.messages_about")}
      actions={may("webhooks:write") && <Button variant="default" leftSection={<RotateCcw aria-hidden size={16} className="dir-icon" />} onClick={() => void replay()}>{t("webhooks.replay_failed")}</Button>}>
      <Loaded query={messages}>
        {({ items }) => (
          <DataTable label={t("webhooks.messages")} rows={items as Message[]} rowKey={(message) => message.id} empty={<Text size="sm" c="dimmed">{t("webhooks.no_messages")}</Text>} columns={[
            { key: "type", title: t("webhooks.event"), cell: ({ type }) => <Ltr>{type}</Ltr> },
            { key: "at", title: t("webhooks.at"), cell: ({ at }) => <Moment at={at} /> },
            { key: "state", title: t("webhooks.state"), cell: ({ state }) => <Status tone={state === "delivered" ? "good" : state === "failed" ? "bad" : "waiting"}>{t(`webhooks.message.${state as "delivered"}`)}</Status> },
            { key: "attempts", title: t("webhooks.attempts"), numeric: true, cell: ({ attempts }) => format.number(attempts) },
            { key: "again", title: "", cell: (message) => may("webhooks:write") && <Button size="compact-sm" variant="subtle" onClick={() => void replay(message.id)}>{t("webhooks.replay")}</Button> },
          ]} />
        )}
      </Loaded>
    </Section>
  );
}

function Attempts({ id }: { id: string }) {
  const { t } = useTranslation("app_settings");
  const format = useFormat();
  const attempts = api.useQuery("get", "/v1/webhooks/{id}/attempts", { params: { path: { id }, query: { limit: 50 } } });
  return (
    <Section title={t("webhooks.attempts")} about={t("webhooks.attempts_about")}>
      <Loaded query={attempts}>
        {({ items }) => (
          <DataTable label={t("webhooks.attempts")} rows={items as Attempt[]} rowKey={({ event, at }) => event + at} empty={<Text size="sm" c="dimmed">{t("webhooks.no_attempts")}</Text>} columns={[
            { key: "at", title: t("webhooks.at"), cell: ({ at }) => <Moment at={at} /> },
            { key: "status", title: t("webhooks.answer"), cell: ({ status, error }) => <Status tone={error ? "bad" : "good"}>{error ?? String(status ?? "")}</Status> },
            { key: "millis", title: t("webhooks.took"), numeric: true, cell: ({ millis }) => t("webhooks.millis", { n: format.number(millis) }) },
            { key: "event", title: t("webhooks.event"), cell: ({ event }) => <Ltr>{event}</Ltr>, wideOnly: true },
          ]} />
        )}
      </Loaded>
    </Section>
  );
}
