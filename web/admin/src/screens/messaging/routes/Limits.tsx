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
import { saveAllowed, useAllowed, type Allowed } from "../server";
import { isWhole } from "./way";

/** Where messages may go, and how many at most: what ends the damage of a stolen key. */
export function Limits() {
  const { t } = useTranslation("app_messaging");
  const allowed = useAllowed();
  return <Section title={t("limits")} about={t("limits.about")}><Loaded query={allowed}>{(known) => <Form known={known} />}</Loaded></Section>;
}

const CAPS = ["parts_a_day", "parts_a_day_by_country", "parts_a_day_by_block"] as const;
const shown = (cap: number | null | undefined) => (cap === null || cap === undefined ? "" : String(cap));
const cap = (text: string) => (text.trim() === "" ? null : Number(latinDigits(text)));

function Form({ known }: { known: Allowed }) {
  const { t } = useTranslation(["app_messaging", "app_shell"]);
  const writes = useMay()("routes:write");
  const countries = useCountries();
  const number = (text: string) => (text.trim() === "" || isWhole(text) ? null : t("number.wrong"));
  const form = useServerForm({
    initialValues: { countries: known.countries, parts: String(known.parts), parts_a_day: shown(known.parts_a_day), parts_a_day_by_country: shown(known.parts_a_day_by_country), parts_a_day_by_block: shown(known.parts_a_day_by_block) },
    validate: { parts: (text) => (isWhole(text) ? null : t("number.wrong")), parts_a_day: number, parts_a_day_by_country: number, parts_a_day_by_block: number },
  });
  const submit = form.send(async (values) => {
    await saveAllowed({
      countries: values.countries, parts: Number(latinDigits(values.parts)), parts_a_day: cap(values.parts_a_day), parts_a_day_by_country: cap(values.parts_a_day_by_country), parts_a_day_by_block: cap(values.parts_a_day_by_block),
    });
    form.resetDirty();
    told(t("app_shell:saved"));
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {form.trouble !== null && <Failed error={form.trouble} />}
        {form.values.countries.length === 0 && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("limits.nowhere")}</Alert>}
        <MultiSelect label={t("limits.countries")} description={t("limits.countries.note")} data={countries} searchable clearable={writes} readOnly={!writes} clearButtonProps={{ "aria-label": t("filter.clear") }} {...form.getInputProps("countries")} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput dir="ltr" inputMode="numeric" readOnly={!writes} label={t("limits.parts")} description={t("limits.parts.note")} {...form.getInputProps("parts")} />
          {CAPS.map((name) => <TextInput key={name} dir="ltr" inputMode="numeric" readOnly={!writes} label={t(`limits.${name}`)} description={t(`limits.${name}.note`)} placeholder={t("limits.none")} {...form.getInputProps(name)} />)}
        </SimpleGrid>
        {writes && <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("app_shell:save")}</Button></Group>}
      </Stack>
    </form>
  );
}
