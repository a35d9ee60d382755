import { Button, Checkbox, Group, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";
import { LANGUAGES } from "@/i18n";
import { confirm } from "@/ui/confirm";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";

type Workspace = components["schemas"]["Workspace"];

const ROLES = ["owner", "admin", "author", "analyst", "agent"] as const;

export default function General() {
  const workspace = api.useQuery("get", "/v1/workspace", {});
  return <Loaded query={workspace}>{(known) => <><Form key={known.version} known={known} /><Closing known={known} /></>}</Loaded>;
}

function Form({ known }: { known: Workspace }) {
  const { t } = useTranslation(["app_settings", "app_shell"]);
  const readOnly = !useMay()("workspace:write");
  const form = useServerForm({
    initialValues: { name: known.name, postal_address: known.postal_address, language: known.language, second_factor: known.second_factor },
  });
  const send = form.send(async (values) => {
    const { error } = await fetchClient.PATCH("/v1/workspace", { body: { ...values, version: known.version } });
    if (error) throw error;
    await stale("/v1/workspace", "/v1/session", "/v1/setup");
    told(t("app_shell:saved"));
  });
  return (
    <Section title={t("general.title")} about={t("general.about")}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput label={t("general.name")} description={t("general.name_note")} dir="auto" readOnly={readOnly} required {...form.getInputProps("name")} />
          <Textarea label={t("general.address")} description={t("general.address_note")} autosize minRows={2} dir="auto" readOnly={readOnly} {...form.getInputProps("postal_address")} />
          <Select label={t("general.language")} description={t("general.language_note")} allowDeselect={false} readOnly={readOnly}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} {...form.getInputProps("language")} />
          <Checkbox.Group label={t("general.second_factor")} description={t("general.second_factor_note")} readOnly={readOnly} {...form.getInputProps("second_factor")}>
            <Group mt="xs">{ROLES.map((role) => <Checkbox key={role} value={role} label={t(`role.${role}`)} />)}</Group>
          </Checkbox.Group>
          {!readOnly && <Group><Button type="submit" loading={form.busy} disabled={!form.isDirty()}>{t("app_shell:save")}</Button></Group>}
        </Stack>
      </form>
    </Section>
  );
}

function Closing({ known }: { known: Workspace }) {
  const { t } = useTranslation("app_settings");
  const may = useMay();
  const navigate = useNavigate();
  if (!may("workspace:close")) return null;
  const close = () =>
    confirm({
      title: t("closing.title"), text: t("closing.text"), button: t("closing.button"), destroys: true, type: known.slug,
      act: async () => {
        const { error } = await fetchClient.DELETE("/v1/workspace");
        if (error) throw error;
        await stale("/v1/session");
        await navigate("/");
      },
    });
  return (
    <Section title={t("closing.title")} about={t("closing.about")}>
      <Group><Button variant="light" color="red" onClick={close}>{t("closing.button")}</Button><Text size="sm" c="dimmed">{t("closing.note")}</Text></Group>
    </Section>
  );
}
