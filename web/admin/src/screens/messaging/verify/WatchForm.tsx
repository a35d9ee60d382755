import { Button, Group, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { latinDigits } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { isWhole } from "../routes/way";
import { saveWatch, useWatch, type Watch } from "./server";

const NAMES = ["block_codes", "block_percent", "block_open", "country_codes", "country_percent"] as const;
type Values = Record<(typeof NAMES)[number], string>;

/** When codes that hardly anybody uses are refused: somebody is paid for them. */
export function WatchForm() {
  const { t } = useTranslation("app_verify");
  const watch = useWatch();
  return <Section title={t("watch")} about={t("watch.about")}><Loaded query={watch}>{(known) => <Form known={known} />}</Loaded></Section>;
}

function Form({ known }: { known: Watch }) {
  const { t } = useTranslation(["app_verify", "app_shell"]);
  const writes = useMay()("routes:write");
  const whole = (text: string) => (isWhole(text) ? null : t("number.wrong"));
  const form = useServerForm<Values>({
    initialValues: Object.fromEntries(NAMES.map((name) => [name, String(known[name])])) as Values,
    validate: Object.fromEntries(NAMES.map((name) => [name, whole])),
  });
  const submit = form.send(async (values) => {
    const count = (name: keyof Values) => Number(latinDigits(values[name].trim()));
    await saveWatch({ block_codes: count("block_codes"), block_percent: count("block_percent"), block_open: count("block_open"), country_codes: count("country_codes"), country_percent: count("country_percent") });
    form.resetDirty();
    told(t("app_shell:saved"));
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {form.trouble !== null && <Failed error={form.trouble} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {NAMES.map((name) => <TextInput key={name} dir="ltr" inputMode="numeric" readOnly={!writes} label={t(`watch.${name}`)} description={t(`watch.${name}.note`)} {...form.getInputProps(name)} />)}
        </SimpleGrid>
        {writes && <Group justify="flex-end"><Button type="submit" loading={form.busy} disabled={!form.isDirty()}>{t("app_shell:save")}</Button></Group>}
      </Stack>
    </form>
  );
}
