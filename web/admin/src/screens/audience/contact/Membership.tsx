import { Button, Card, Group, Modal, Pill, Select, Stack, TagsInput, Text, Textarea, Title } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { refused, told, undoable } from "@/ui/notify";
import { Status, type Tone } from "@/ui/Status";
import { useWord } from "@/ui/words";
import type { Contact } from "../shapes";

const TONE: Record<string, Tone> = { subscribed: "good", pending: "waiting", unsubscribed: "off" };

/** A person joins a topic only with evidence of their wish. */
function Subscribe({ person, close }: { person: Contact; close: () => void }) {
  const { t } = useTranslation(["app_contact", "app_shell"]);
  const topics = api.useQuery("get", "/v1/topics");
  const form = useServerForm({
    initialValues: { topic: null as string | null, wording: "", source: "" },
    validate: {
      topic: (topic) => (topic ? null : t("subscribe.topic_needed")),
      wording: (wording) => (wording.trim().length < 3 ? t("subscribe.evidence_needed") : null),
    },
  });
  const open = (topics.data?.items ?? []).filter(({ name, archived_at }) => !archived_at && person.topics[name] !== "subscribed");
  const send = form.send(async ({ topic, wording, source }) => {
    const contact = { ...(person.email ? { email: person.email } : { phone: person.phone }), ...(source.trim() ? { source } : {}) };
    const { data, error } = await fetchClient.POST("/v1/subscribe", { body: { topic: topic ?? "", contact, proof: { wording } } });
    if (error) throw error;
    await stale("/v1/contacts", "/v1/topics");
    told(t(`subscribe.${data.state as "joined"}`));
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("subscribe")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form noValidate onSubmit={send}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Text size="sm">{t("subscribe.text")}</Text>
          <Select data-autofocus required label={t("subscribe.topic")} data={open.map(({ id, name }) => ({ value: id, label: name }))} {...form.getInputProps("topic")} />
          <Textarea dir="auto" required autosize minRows={2} label={t("subscribe.evidence")} description={t("subscribe.evidence_help")} {...form.getInputProps("wording")} />
          <Textarea dir="auto" autosize minRows={1} label={t("subscribe.source")} {...form.getInputProps("source")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("subscribe")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Takes a person out of a topic or of everything, on their word. */
function Unsubscribe({ person, topic, close }: { person: Contact; topic: string | null; close: () => void }) {
  const { t } = useTranslation(["app_contact", "app_shell"]);
  const form = useServerForm({ initialValues: { note: "" } });
  const send = form.send(async ({ note }) => {
    const { error } = await fetchClient.POST("/v1/contacts/{id}/unsubscribe", { params: { path: { id: person.id } }, body: { ...(topic ? { topic } : {}), ...(note.trim() ? { note } : {}) } });
    if (error) throw error;
    await stale("/v1/contacts", "/v1/topics");
    told(t("unsubscribe.done"));
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{topic ? t("unsubscribe.title", { name: topic }) : t("unsubscribe.all")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form noValidate onSubmit={send}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Text size="sm">{t("unsubscribe.text")}</Text>
          <Textarea data-autofocus dir="auto" autosize minRows={2} label={t("unsubscribe.note")} description={t("unsubscribe.note_help")} {...form.getInputProps("note")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("unsubscribe")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Topics({ person }: { person: Contact }) {
  const { t } = useTranslation("app_contact");
  const word = useWord();
  const writes = useMay()("contacts:write");
  const [joining, setJoining] = useState(false);
  const [leaving, setLeaving] = useState<{ topic: string | null } | null>(null);
  const topics = Object.entries(person.topics);
  return (
    <Card component="section" aria-label={t("topics")}>
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{t("topics")}</Title>
          {writes && (person.email || person.phone) && <Button size="xs" leftSection={<Plus aria-hidden size={14} />} onClick={() => setJoining(true)}>{t("subscribe")}</Button>}
        </Group>
        {topics.length === 0 && <Text size="sm" c="dimmed">{t("topics.none")}</Text>}
        {topics.map(([name, state]) => (
          <Group key={name} justify="space-between" gap="xs">
            <Group gap="xs"><Text size="sm" fw={600}><bdi>{name}</bdi></Text><Status tone={TONE[state] ?? "waiting"}>{word("topic_state", state)}</Status></Group>
            {writes && state !== "unsubscribed" && <Button size="compact-sm" variant="default" onClick={() => setLeaving({ topic: name })}>{t("unsubscribe")}</Button>}
          </Group>
        ))}
        {writes && topics.some(([, state]) => state !== "unsubscribed") && <Group><Button size="compact-sm" variant="subtle" color="red" onClick={() => setLeaving({ topic: null })}>{t("unsubscribe.all")}</Button></Group>}
      </Stack>
      {joining && <Subscribe person={person} close={() => setJoining(false)} />}
      {leaving && <Unsubscribe person={person} topic={leaving.topic} close={() => setLeaving(null)} />}
    </Card>
  );
}

function Tags({ person }: { person: Contact }) {
  const { t } = useTranslation("app_contact");
  const may = useMay();
  const tags = api.useQuery("get", "/v1/tags", {}, { enabled: may("tags:read") });
  const put = async (add: string[], remove: string[]) => {
    const { error } = await fetchClient.POST("/v1/contacts/{id}/tags", { params: { path: { id: person.id } }, body: { add, remove } });
    if (error) refused(error);
    await stale("/v1/contacts", "/v1/tags");
  };
  const change = (next: string[]) => {
    const add = next.filter((tag) => !person.tags.includes(tag));
    const remove = person.tags.filter((tag) => !next.includes(tag));
    void put(add, remove).then(() => remove.length > 0 && undoable(t("tags.removed", { name: remove.join(", ") }), () => void put(remove, [])));
  };
  return (
    <Card component="section" aria-label={t("tags")}>
      <Stack>
        <Title order={2}>{t("tags")}</Title>
        {may("contacts:write")
          ? <TagsInput dir="auto" aria-label={t("tags")} placeholder={t("tags.add")} data={(tags.data?.items ?? []).map(({ name }) => name)} value={person.tags} onChange={change} />
          : person.tags.length === 0 ? <Text size="sm" c="dimmed">{t("tags.none")}</Text> : <Pill.Group>{person.tags.map((tag) => <Pill key={tag}><bdi>{tag}</bdi></Pill>)}</Pill.Group>}
      </Stack>
    </Card>
  );
}

/** What a person gets, and how they are grouped. */
export function Membership({ person }: { person: Contact }) {
  return <Stack><Topics person={person} /><Tags person={person} /></Stack>;
}
