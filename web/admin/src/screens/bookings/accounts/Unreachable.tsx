import { Button, Group, Radio, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { latinDigits } from "@/i18n/format";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { saveUnreachable, useUnreachable } from "../server";
import type { Unreachable as Settings } from "../shapes";

/** What is offered while a calendar cannot be reached. */
export function Unreachable() {
  const { t } = useTranslation("app_bookings");
  const settings = useUnreachable();
  return (
    <Section title={t("unreachable")} about={t("unreachable.about")}>
      <Loaded query={settings} lines={2}>{(data) => <Form key={JSON.stringify(data)} settings={data} />}</Loaded>
    </Section>
  );
}

function Form({ settings }: { settings: Settings }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const [when, setWhen] = useState(settings.when_unreachable);
  const [minutes, setMinutes] = useState(String(settings.stale_after_minutes));
  const stale_after_minutes = Number(latinDigits(minutes));
  const save = () => saveUnreachable({ when_unreachable: when, stale_after_minutes }).then(() => told(t("app_shell:saved")), refused);
  return (
    <Stack>
      <Radio.Group label={t("unreachable.when")} value={when} onChange={(value) => setWhen(value === "open" ? "open" : "closed")}>
        <Stack gap="xs" mt={6}>{(["closed", "open"] as const).map((one) => <Radio key={one} value={one} label={t(`unreachable.${one}`)} description={t(`unreachable.${one}.text`)} />)}</Stack>
      </Radio.Group>
      <TextInput label={t("unreachable.stale")} inputMode="numeric" dir="ltr" maw={220} value={minutes} onChange={(event) => setMinutes(event.currentTarget.value)} />
      <Group><Button variant="default" disabled={!(stale_after_minutes > 0)} onClick={() => void save()}>{t("app_shell:save")}</Button></Group>
    </Stack>
  );
}
