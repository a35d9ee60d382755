import { Alert, Button, Group, MultiSelect, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { latinDigits } from "@/i18n/format";
import { useCountries } from "@/screens/start/countries";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { isWhole } from "../routes/way";
import { CallsPage } from "./CallsPage";
import { saveCallSettings, useCallSettings, type CallSettings } from "./server";

/** Which countries may be called, for how long and how many at once. */
export default function Limits() {
  const { t } = useTranslation("app_calls");
  const settings = useCallSettings();
  return <CallsPage part="limits"><Section title={t("part.limits")} about={t("limits.about")}><Loaded query={settings}>{(known) => <Form known={known} />}</Loaded></Section></CallsPage>;
}

function Form({ known }: { known: CallSettings }) {
  const { t } = useTranslation(["app_calls", "app_shell"]);
  const writes = useMay()("routes:write");
  const countries = useCountries();
  const whole = (text: string) => (isWhole(text) ? null : t("number.wrong"));
  const form = useServerForm({ initialValues: { countries: known.countries, max_seconds: String(known.max_seconds), max_calls: String(known.max_calls) }, validate: { max_seconds: whole, max_calls: whole } });
  const submit = form.send(async ({ countries, max_seconds, max_calls }) => {
    await saveCallSettings({ countries, max_seconds: Number(latinDigits(max_seconds)), max_calls: Number(latinDigits(max_calls)) });
    form.resetDirty();
    told(t("app_shell:saved"));
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {form.trouble !== null && <Failed error={form.trouble} />}
        {form.values.countries.length === 0 && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("limits.nowhere")}</Alert>}
        <MultiSelect label={t("limits.countries")} description={t("limits.countries.note")} data={countries} searchable clearable={writes} readOnly={!writes} clearButtonProps={{ "aria-label": t("clear") }} {...form.getInputProps("countries")} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput dir="ltr" inputMode="numeric" readOnly={!writes} label={t("limits.max_seconds")} description={t("limits.max_seconds.note")} {...form.getInputProps("max_seconds")} />
          <TextInput dir="ltr" inputMode="numeric" readOnly={!writes} label={t("limits.max_calls")} description={t("limits.max_calls.note")} {...form.getInputProps("max_calls")} />
        </SimpleGrid>
        {writes && <Group justify="flex-end"><Button type="submit" loading={form.busy} disabled={!form.isDirty()}>{t("app_shell:save")}</Button></Group>}
      </Stack>
    </form>
  );
}
