import { Alert, Button, Card, Group, Select, SimpleGrid, Stack, TagsInput, Text, TextInput, Title } from "@mantine/core";
import { Save } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { codeOf } from "@/api/problem";
import { useMay } from "@/app/session";
import { latinDigits } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useServerForm, type Form } from "@/ui/form";
import { told } from "@/ui/notify";
import { useUnsaved } from "@/ui/unsaved";
import { useWord } from "@/ui/words";
import type { Contact, Field } from "../shapes";
import { changesOf, valuesOf, type Values } from "./details";

const RECIPIENTS = ["individual", "sole_trader", "corporate_named", "corporate_generic", "public_body"];
const TEXTS = ["first_name", "last_name", "company"] as const;
const CODES = ["language", "country", "time_zone"] as const;

function OwnField({ field, form, readOnly }: { field: Field; form: Form<Values>; readOnly: boolean }) {
  const { t } = useTranslation();
  const props = form.getInputProps(`attributes.${field.key}`);
  const shared = { label: <bdi>{field.label}</bdi>, description: field.purpose, readOnly };
  if (field.kind === "bool") return <Select {...shared} clearable data={[{ value: "true", label: t("yes") }, { value: "false", label: t("no") }]} {...props} value={props.value || null} onChange={(value) => props.onChange(value ?? "")} />;
  if (field.kind === "date") return <TextInput {...shared} type="date" dir="ltr" {...props} />;
  if (field.kind === "number") return <TextInput {...shared} dir="ltr" inputMode="decimal" {...props} onChange={(event) => props.onChange(latinDigits(event.currentTarget.value))} />;
  return <TextInput {...shared} dir="auto" {...props} />;
}

/** A person's values, editable; each change keeps its source. */
export function Details({ person }: { person: Contact }) {
  const { t } = useTranslation(["app_contact", "app_shell"]);
  const word = useWord();
  const may = useMay();
  const readOnly = !may("contacts:write");
  const fields = api.useQuery("get", "/v1/fields", {}, { enabled: may("fields:read") });
  const form = useServerForm<Values>({ initialValues: valuesOf(person) });
  useUnsaved(!readOnly && form.isDirty());
  const path = { params: { path: { id: person.id } } };
  const save = form.send(async (values) => {
    const { error } = await fetchClient.PATCH("/v1/contacts/{id}", { ...path, body: { ...changesOf(person, values), version: person.version } });
    if (error) throw error;
    await stale("/v1/contacts");
    told(t("app_shell:saved"));
  });
  const text = (name: (typeof TEXTS)[number]) => <TextInput key={name} dir="auto" readOnly={readOnly} label={word("field", name)} {...form.getInputProps(name)} />;
  const code = (name: (typeof CODES)[number]) => <TextInput key={name} dir="ltr" readOnly={readOnly} label={word("field", name)} placeholder={t(`example.${name}`)} {...form.getInputProps(name)} />;
  return (
    <form noValidate onSubmit={save}>
      <Stack>
        {form.trouble !== null && (codeOf(form.trouble) === "version_conflict" || codeOf(form.trouble) === "changed_meanwhile"
          ? <Alert color="amber" title={t("details.conflict.title")}><Stack gap="xs"><Text size="sm">{t("details.conflict.text")}</Text><Group><Button size="xs" variant="default" onClick={() => void stale("/v1/contacts")}>{t("details.conflict.load")}</Button></Group></Stack></Alert>
          : <Failed error={form.trouble} />)}
        <Card component="section" aria-label={t("details.standard")}>
          <Stack>
            <Title order={2}>{t("details.standard")}</Title>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TagsInput dir="ltr" readOnly={readOnly} label={t("details.emails")} description={t("details.emails_help")} {...form.getInputProps("emails")} error={form.errors.emails ?? form.errors.email} />
              <TagsInput dir="ltr" readOnly={readOnly} label={t("details.phones")} description={t("details.phones_help")} {...form.getInputProps("phones")} error={form.errors.phones ?? form.errors.phone} />
              {TEXTS.map(text)}
              {CODES.map(code)}
              <Select clearable readOnly={readOnly} label={word("field", "recipient_type")} data={RECIPIENTS.map((value) => ({ value, label: word("recipient_type", value) }))} {...form.getInputProps("recipient_type")} value={form.getValues().recipient_type || null} onChange={(value) => form.setFieldValue("recipient_type", value ?? "")} />
            </SimpleGrid>
          </Stack>
        </Card>
        {(fields.data?.items.length ?? 0) > 0 && (
          <Card component="section" aria-label={t("details.own")}>
            <Stack>
              <Title order={2}>{t("details.own")}</Title>
              {typeof form.errors.attributes === "string" && <Alert color="red" role="alert"><span dir="auto">{form.errors.attributes}</span></Alert>}
              <SimpleGrid cols={{ base: 1, sm: 2 }}>{fields.data?.items.map((field) => <OwnField key={field.key} field={field} form={form} readOnly={readOnly} />)}</SimpleGrid>
            </Stack>
          </Card>
        )}
        {!readOnly && (
          <Group align="flex-end" justify="space-between">
            <TextInput dir="auto" maxLength={200} label={t("details.source")} description={t("details.source_help")} style={{ flex: "1 1 280px" }} maw={480} {...form.getInputProps("source")} />
            <Button type="submit" loading={form.busy} disabled={!form.isDirty()} leftSection={<Save aria-hidden size={16} />}>{t("app_shell:save")}</Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
