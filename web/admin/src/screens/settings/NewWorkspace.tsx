import { Button, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { fetchClient, stale } from "@/api/client";
import { LANGUAGES } from "@/i18n";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Page } from "@/ui/Page";

/** A further workspace: people, keys and evidence of its own. */
export default function NewWorkspace() {
  const { t, i18n } = useTranslation("app_settings");
  const navigate = useNavigate();
  const form = useServerForm({ initialValues: { name: "", language: i18n.language, postal_address: "" } });
  const send = form.send(async (body) => {
    const { data, error } = await fetchClient.POST("/v1/workspaces", { body });
    if (error) throw error;
    await stale("/v1/session");
    await navigate(`/app/${data.id}/setup`);
  });
  return (
    <Page title={t("workspace.new")} about={t("workspace.about")}>
      <form onSubmit={send} noValidate>
        <Stack maw={520}>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput label={t("general.name")} dir="auto" autoFocus required {...form.getInputProps("name")} />
          <Textarea label={t("general.address")} description={t("general.address_note")} autosize minRows={2} dir="auto" {...form.getInputProps("postal_address")} />
          <Select label={t("general.language")} allowDeselect={false} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} {...form.getInputProps("language")} />
          <Group><Button type="submit" loading={form.busy} disabled={!form.values.name.trim()}>{t("workspace.make")}</Button></Group>
        </Stack>
      </form>
    </Page>
  );
}
