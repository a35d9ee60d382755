import { Button, Fieldset, Group, Modal, Select, SimpleGrid, Stack, TagsInput, Text, TextInput, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { LANGUAGES } from "@/i18n";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { told } from "@/ui/notify";
import { useWord } from "@/ui/words";

const BLANK = { email: "", phone: "", first_name: "", last_name: "", company: "", language: null as string | null, tags: [] as string[], source: "", topic: null as string | null, wording: "" };
type Values = typeof BLANK;

/** Adds the person, or subscribes them with the evidence of their wish. Answers the id. */
async function make({ topic, wording, tags, ...values }: Values): Promise<string> {
  const said = Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === "string" && value.trim() !== ""));
  const contact = { ...said, tags };
  if (!topic) {
    const { data, error } = await fetchClient.POST("/v1/contacts", { body: contact });
    if (error) throw error;
    return data.id;
  }
  const { data, error } = await fetchClient.POST("/v1/subscribe", { body: { topic, contact, proof: { wording } } });
  if (error) throw error;
  return data.contact;
}

/** A person entered by hand. Joining a topic asks for the evidence: consent is nothing one can tick for somebody else. */
export function AddPerson({ close }: { close: () => void }) {
  const { t } = useTranslation("app_audience");
  const { t: shell } = useTranslation();
  const word = useWord();
  const navigate = useNavigate();
  const topics = api.useQuery("get", "/v1/topics");
  const tags = api.useQuery("get", "/v1/tags");
  const form = useServerForm<Values>({
    initialValues: BLANK,
    validate: {
      email: (email, { phone }) => (!email.trim() && !phone.trim() ? t("add.address_needed") : null),
      wording: (wording, { topic }) => (topic && wording.trim().length < 3 ? t("add.evidence_needed") : null),
    },
  });
  const { topic } = form.getValues();
  const save = form.send(async (values) => {
    const id = await make(values);
    await stale("/v1/contacts", "/v1/topics", "/v1/tags");
    told(t("add.done"));
    close();
    void navigate(to(`/audience/people/${id}`));
  });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600}>{t("add")}</Text>} closeButtonProps={{ "aria-label": shell("close") }}>
      <form noValidate onSubmit={save}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput data-autofocus type="email" dir="ltr" label={word("field", "email")} {...form.getInputProps("email")} />
            <TextInput type="tel" dir="ltr" label={word("field", "phone")} placeholder="+966501234567" {...form.getInputProps("phone")} />
            <TextInput dir="auto" label={word("field", "first_name")} {...form.getInputProps("first_name")} />
            <TextInput dir="auto" label={word("field", "last_name")} {...form.getInputProps("last_name")} />
            <TextInput dir="auto" label={word("field", "company")} {...form.getInputProps("company")} />
            <Select clearable label={word("field", "language")} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} {...form.getInputProps("language")} />
          </SimpleGrid>
          <TagsInput dir="auto" label={word("field", "tags")} data={(tags.data?.items ?? []).map(({ name }) => name)} {...form.getInputProps("tags")} />
          <TextInput dir="auto" label={t("add.source")} description={t("add.source_help")} {...form.getInputProps("source")} />
          <Fieldset legend={t("add.consent")}>
            <Stack gap="sm">
              <Text size="sm" c="dimmed">{t("add.consent_help")}</Text>
              <Select clearable label={t("add.topic")} placeholder={t("add.topic_none")} data={(topics.data?.items ?? []).filter(({ archived_at }) => !archived_at).map(({ id, name }) => ({ value: id, label: name }))} {...form.getInputProps("topic")} />
              {topic && <Textarea dir="auto" required autosize minRows={2} label={t("add.evidence")} description={t("add.evidence_help")} {...form.getInputProps("wording")} />}
            </Stack>
          </Fieldset>
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{shell("save")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
