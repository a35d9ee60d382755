import { Button, PasswordInput, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, fetchClient, queryClient } from "@/api/client";
import { isLanguage, LANGUAGES } from "@/i18n";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Outside } from "./Outside";
import { useCountries } from "./countries";

const token = () => new URLSearchParams(window.location.hash.slice(1)).get("token") ?? "";

/** The very first visit, through the one-time link of the console: an owner and an organisation. */
export default function FirstRun() {
  const { t, i18n } = useTranslation("app_start");
  const navigate = useNavigate();
  const setup = api.useQuery("get", "/v1/setup", {});
  const [step, setStep] = useState<"owner" | "organisation">("owner");
  const countries = useCountries();
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const form = useServerForm({
    initialValues: {
      owner: { name: "", email: "", password: "" },
      workspace: { name: "", postal_address: "", country: "" as string | null, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone as string | null, language: i18n.language },
    },
  });
  const send = form.send(async ({ owner, workspace }) => {
    const { error } = await fetchClient.POST("/v1/setup", {
      body: {
        token: token(),
        owner: { name: owner.name, email: owner.email.trim(), password: owner.password, language: i18n.language },
        workspace: {
          name: workspace.name, language: workspace.language, time_zone: workspace.time_zone || undefined,
          postal_address: workspace.postal_address || undefined, country: workspace.country || undefined,
        },
      },
    });
    if (error) {
      if ((error.fields ?? []).some(({ field }) => field.startsWith("owner"))) setStep("owner");
      throw error;
    }
    await queryClient.invalidateQueries();
    await navigate("/", { replace: true });
  });
  if (setup.data && !setup.data.needed) {
    return <Outside title={t("first.over_title")} about={t("first.over")}><Button onClick={() => void navigate("/sign-in")}>{t("sign_in.button")}</Button></Outside>;
  }
  if (!token()) return <Outside title={t("first.no_token_title")} about={t("first.no_token")}>{null}</Outside>;
  const owner = step === "owner";
  const enough = form.values.owner.email.includes("@") && form.values.owner.password.length >= 12;
  return (
    <Outside wide title={owner ? t("first.owner_title") : t("first.organisation_title")} about={owner ? t("first.owner_about") : t("first.organisation_about")}>
      <Text size="sm" c="dimmed">{t("first.step", { n: owner ? 1 : 2, of: 2 })}</Text>
      <form noValidate onSubmit={owner ? (event) => { event.preventDefault(); if (enough) setStep("organisation"); } : send}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          {owner ? (
            <>
              <TextInput label={t("first.name")} autoComplete="name" autoFocus dir="auto" {...form.getInputProps("owner.name")} />
              <TextInput label={t("email")} type="email" autoComplete="username" dir="ltr" required {...form.getInputProps("owner.email")} />
              <PasswordInput label={t("password")} description={t("first.password_note")} autoComplete="new-password" dir="ltr" required {...form.getInputProps("owner.password")}
                visibilityToggleButtonProps={{ "aria-label": t("show_password") }} />
              <Button type="submit" disabled={!enough}>{t("first.next")}</Button>
            </>
          ) : (
            <>
              <TextInput label={t("first.organisation")} description={t("first.organisation_note")} autoComplete="organization" autoFocus dir="auto" required {...form.getInputProps("workspace.name")} />
              <Textarea label={t("first.postal_address")} description={t("first.postal_address_note")} autosize minRows={2} dir="auto" {...form.getInputProps("workspace.postal_address")} />
              <Select label={t("first.country")} data={countries} searchable clearable {...form.getInputProps("workspace.country")} />
              <Select label={t("first.time_zone")} data={zones} searchable {...form.getInputProps("workspace.time_zone")} />
              <div>
                <Text size="sm" fw={500} id="first-language">{t("first.language")}</Text>
                <SegmentedControl aria-labelledby="first-language" data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
                  value={form.values.workspace.language} onChange={(value) => isLanguage(value) && form.setFieldValue("workspace.language", value)} />
              </div>
              <Button type="submit" loading={form.busy} disabled={!form.values.workspace.name.trim()}>{t("first.finish")}</Button>
              <Button variant="subtle" color="gray" onClick={() => setStep("owner")}>{t("first.back")}</Button>
            </>
          )}
        </Stack>
      </form>
    </Outside>
  );
}
