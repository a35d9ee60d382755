import { Alert, Anchor, Button, Card, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { Info, MailCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Status } from "@/ui/Status";
import { Ltr } from "@/ui/text";
import { DomainRecords } from "@/screens/settings/DomainRecords";
import type { components } from "@/api/schema";

type SendingAnswer = components["schemas"]["SendingAnswer"];

/** How mail leaves, who it is from, whether the world will believe it; and a test. */
export function Sending({ done }: { done: () => void }) {
  const sending = api.useQuery("get", "/v1/sending", {});
  return <Loaded query={sending}>{(known) => <Steps known={known} done={done} />}</Loaded>;
}

function Steps({ known, done }: { known: SendingAnswer; done: () => void }) {
  const { t } = useTranslation("app_start");
  return (
    <Stack gap="lg">
      <Alert color={known.mode === "none" ? "amber" : "teal"} icon={<Info aria-hidden />} title={t(`sending.mode.${known.mode}`)}>
        {t(`sending.mode_note.${known.mode}`)}
        {known.catcher_url && <> <Anchor href={known.catcher_url} target="_blank" rel="noopener" inherit underline="always">{t("sending.open_catcher")}</Anchor></>}
      </Alert>
      <Sender known={known} />
      {known.sender_domain && <Authentication domain={known.sender_domain.domain} verified={known.sender_domain.verified} needed={known.mode !== "catcher"} />}
      <Test enabled={known.default_sender !== null && known.mode !== "none"} />
      <Group><Button onClick={done}>{t("setup.next")}</Button></Group>
    </Stack>
  );
}

function Sender({ known }: { known: SendingAnswer }) {
  const { t } = useTranslation("app_start");
  const form = useServerForm({
    initialValues: { name: known.default_sender?.name ?? "", email: known.default_sender?.email ?? "", reply_to: known.default_sender?.reply_to ?? "" },
  });
  const send = form.send(async ({ name, email, reply_to }) => {
    const { error } = await fetchClient.PUT("/v1/sending/sender", { body: { name, email: email.trim(), reply_to: reply_to.trim() || null } });
    if (error) throw error;
    await stale("/v1/sending", "/v1/setup");
  });
  return (
    <Card component="section">
      <form onSubmit={send} noValidate>
        <Stack>
          <Title order={2}>{t("sending.sender")}</Title>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput label={t("sending.name")} description={t("sending.name_note")} dir="auto" required {...form.getInputProps("name")} />
          <TextInput label={t("sending.email")} type="email" dir="ltr" required {...form.getInputProps("email")} />
          <TextInput label={t("sending.reply_to")} type="email" dir="ltr" {...form.getInputProps("reply_to")} />
          <Group><Button type="submit" variant="default" loading={form.busy}>{t("setup.save")}</Button></Group>
        </Stack>
      </form>
    </Card>
  );
}

function Authentication({ domain, verified, needed }: { domain: string; verified: boolean; needed: boolean }) {
  const { t } = useTranslation("app_start");
  const [shown, setShown] = useState(needed && !verified);
  const known = api.useQuery("get", "/v1/domains", {});
  const found = known.data?.items.find((one) => one.domain === domain);
  const add = async () => {
    await fetchClient.POST("/v1/domains", { body: { domain } });
    await stale("/v1/domains");
  };
  return (
    <Card component="section">
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{t("sending.domain")} <Ltr>{domain}</Ltr></Title>
          <Status tone={verified ? "good" : needed ? "attention" : "waiting"}>{verified ? t("sending.verified") : t("sending.unverified")}</Status>
        </Group>
        <Text size="sm" c="dimmed">{needed ? t("sending.domain_note") : t("sending.domain_later")}</Text>
        {!shown && <Group><Button variant="default" onClick={() => setShown(true)}>{t("sending.show_records")}</Button></Group>}
        {shown && known.data && !found && <Group><Button variant="default" onClick={() => void add()}>{t("sending.add_domain")}</Button></Group>}
        {shown && found && <DomainRecords domain={found} />}
      </Stack>
    </Card>
  );
}

function Test({ enabled }: { enabled: boolean }) {
  const { t } = useTranslation("app_start");
  const [id, setId] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const test = api.useQuery("get", "/v1/sending/test/{id}", { params: { path: { id: id ?? "" } } }, {
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && !["queued", "sending"].includes(state.data.state) ? false : 700),
  });
  const send = async () => {
    setError(null);
    const answer = await fetchClient.POST("/v1/sending/test", { body: {} });
    if (answer.error) return setError(answer.error);
    setId(answer.data.id);
    await stale("/v1/setup");
  };
  const state = test.data?.state;
  return (
    <Card component="section">
      <Stack>
        <Title order={2}>{t("sending.test")}</Title>
        <Text size="sm" c="dimmed">{t("sending.test_note")}</Text>
        {error !== null && <Failed error={error} />}
        <Group>
          <Button variant="default" leftSection={<MailCheck aria-hidden size={16} />} disabled={!enabled} onClick={() => void send()}>{t("sending.test_button")}</Button>
          <div role="status">
            {state && <Status tone={state === "sent" ? "good" : state === "queued" || state === "sending" ? "busy" : "bad"}>{test.data?.caught ? t("sending.caught") : t(`sending.test.${state as "sent"}`)}</Status>}
          </div>
        </Group>
        {test.data?.reason && <Text size="sm" dir="auto">{test.data.reason}</Text>}
      </Stack>
    </Card>
  );
}
