import { Button, Checkbox, Group, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { Failed } from "@/ui/Failed";
import { useServerForm, type Form } from "@/ui/form";
import { told } from "@/ui/notify";
import { useWord } from "@/ui/words";
import { detailOf, missing, TERMS, type Stated, type Term } from "./basis";
import { Dialogue } from "./Dialogue";

const CHANNELS = ["email", "sms", "voice", "whatsapp", "messenger", "chat", "push", "post"];
const PURPOSES = ["marketing", "engagement_tracking", "profiling", "service"];

function TermField({ term, form }: { term: Term; form: Form<Stated> }) {
  const { t } = useTranslation("app_contact");
  const props = form.getInputProps(`terms.${term.name}`);
  const label = t(`term.${term.name}` as "term.source");
  switch (term.kind) {
    case "yes": return <Checkbox label={label} checked={props.value === "yes"} onChange={(event) => form.setFieldValue(`terms.${term.name}`, event.currentTarget.checked ? "yes" : "")} />;
    case "day": return <TextInput type="date" dir="ltr" required={term.needed} label={label} {...props} />;
    case "choice": return <Select required={term.needed} label={label} data={(term.choices ?? []).map((value) => ({ value, label: t(`term.${term.name}.${value}` as "term.kind.purchase") }))} {...props} value={props.value || null} onChange={(value) => props.onChange(value ?? "")} />;
    default: return <Textarea dir="auto" autosize minRows={1} required={term.needed} label={label} {...props} />;
  }
}

/** States a lawful basis with its evidence; it goes into the ledger under the member's name. */
export function Basis({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation("app_contact");
  const word = useWord();
  const may = useMay();
  const topics = api.useQuery("get", "/v1/topics", {}, { enabled: may("topics:read") });
  const form = useServerForm<Stated>({
    initialValues: { basis: "consent", purpose: "marketing", channel: "email", topic: null, at: "", expires_at: "", detail: "", terms: {} },
    validate: (values) => {
      const term = missing(values);
      return term ? { [`terms.${term.name}`]: t("basis.needed") } : {};
    },
  });
  const values = form.getValues();
  const send = form.send(async ({ basis, purpose, channel, topic, at, expires_at, terms }) => {
    const instant = (day: string) => (day ? new Date(`${day}T00:00:00`).toISOString() : null);
    const { error } = await fetchClient.POST("/v1/contacts/{id}/bases", { params: { path: { id } }, body: { basis, purpose, channel, topic, at: instant(at), expires_at: instant(expires_at), detail: detailOf({ basis, terms }) } });
    if (error) throw error;
    await stale("/v1/contacts");
    told(t("basis.done"));
    close();
  });
  const select = (name: "basis" | "purpose" | "channel", family: string, codes: readonly string[]) => <Select allowDeselect={false} required label={t(`basis.${name}`)} data={codes.map((value) => ({ value, label: word(family, value) }))} {...form.getInputProps(name)} />;
  return (
    <Dialogue title={t("basis")} close={close} size="lg">
      <form noValidate onSubmit={send}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Text size="sm">{t("basis.text")}</Text>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {select("basis", "basis", Object.keys(TERMS))}
            {select("purpose", "purpose", PURPOSES)}
            {select("channel", "channel", CHANNELS)}
            <Select clearable label={t("basis.topic")} placeholder={t("basis.topic_any")} data={(topics.data?.items ?? []).map(({ id: value, name }) => ({ value, label: name }))} {...form.getInputProps("topic")} />
            <TextInput type="date" dir="ltr" label={t("basis.at")} description={t("basis.at_help")} {...form.getInputProps("at")} />
            <TextInput type="date" dir="ltr" label={t("basis.expires")} description={t("basis.expires_help")} {...form.getInputProps("expires_at")} />
          </SimpleGrid>
          <Text size="sm" c="dimmed">{t(`needs.${values.basis}` as "needs.consent")}</Text>
          {(TERMS[values.basis] ?? []).map((term) => <TermField key={term.name} term={term} form={form} />)}
          {form.errors.detail && <Text size="sm" role="alert" dir="auto">{form.errors.detail}</Text>}
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("basis.go")}</Button></Group>
        </Stack>
      </form>
    </Dialogue>
  );
}
