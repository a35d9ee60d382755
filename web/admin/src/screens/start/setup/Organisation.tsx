import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import type { components } from "@/api/schema";

type Workspace = components["schemas"]["Workspace"];

/** Who writes: the name and the postal address that every mail carries. */
export function Organisation({ done }: { done: () => void }) {
  const workspace = api.useQuery("get", "/v1/workspace", {});
  return <Loaded query={workspace}>{(known) => <Form known={known} done={done} />}</Loaded>;
}

function Form({ known, done }: { known: Workspace; done: () => void }) {
  const { t } = useTranslation("app_start");
  const form = useServerForm({ initialValues: { name: known.name, postal_address: known.postal_address } });
  const send = form.send(async (values) => {
    const { error } = await fetchClient.PATCH("/v1/workspace", { body: { ...values, version: known.version } });
    if (error) throw error;
    await stale("/v1/workspace", "/v1/setup", "/v1/session");
    done();
  });
  return (
    <form onSubmit={send} noValidate>
      <Stack>
        {form.trouble !== null && <Failed error={form.trouble} />}
        <TextInput label={t("first.organisation")} description={t("first.organisation_note")} dir="auto" required {...form.getInputProps("name")} />
        <Textarea label={t("first.postal_address")} description={t("first.postal_address_note")} autosize minRows={2} dir="auto" required {...form.getInputProps("postal_address")} />
        <Group><Button type="submit" loading={form.busy}>{t("setup.save")}</Button></Group>
      </Stack>
    </form>
  );
}
