import { MultiSelect, PasswordInput, Select, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useServerForm, type Form } from "@/ui/form";
import { told } from "@/ui/notify";
import { GuardedDialog } from "../../GuardedDialog";
import { useSomeNumbers } from "../../numbers/server";
import { isWhole } from "../../routes/way";
import { makeTrunk, saveTrunk, type Trunk } from "../server";
import { accessOf, CODECS, formOf, rulesOf, TRANSPORTS, type TrunkForm } from "./trunk";

/** Makes a trunk or changes one. The account is handed in as a whole: without its password it stays as it is. */
export function TrunkDialog({ trunk, close }: { trunk: Trunk | null; close: () => void }) {
  const { t } = useTranslation("app_calls");
  const [account, setAccount] = useState(trunk === null);
  const whole = (text: string) => (isWhole(text) ? null : t("number.wrong"));
  const form = useServerForm<TrunkForm>({
    initialValues: formOf(trunk),
    validate: { rules: { priority: whole, max_calls: whole, codecs: (list: string[]) => (list.length > 0 ? null : t("trunk.codecs.needed")) }, ...(account ? { access: { port: whole } } : {}) },
  });
  const { values } = form;
  const complete = values.name.trim() !== "" && (!account || values.access.host.trim() !== "");
  const submit = form.send(async (values) => {
    const body = { name: values.name.trim(), rules: rulesOf(values) };
    if (trunk) await saveTrunk(trunk.id, { ...body, ...(account ? { access: accessOf(values) } : {}) });
    else await makeTrunk({ ...body, access: accessOf(values) });
    told(t(trunk ? "trunk.saved" : "trunk.made"));
    close();
  });
  const words = { name: t("trunk.name"), nameNote: t("trunk.name.note"), account: t("trunk.account"), change: t("trunk.account.change"), note: t("trunk.account.note") };
  const known = trunk && `${trunk.access.user}@${trunk.access.host}:${trunk.access.port}`;
  return (
    <GuardedDialog
      title={trunk?.name ?? t("trunk.new")} words={words} form={form} submit={submit} complete={complete} close={close}
      account={{ known, entered: account, enter: () => setAccount(true), fields: <Account form={form} /> }}
    >
      <Rules form={form} />
    </GuardedDialog>
  );
}

const CODE = { dir: "ltr" as const, autoComplete: "off", spellCheck: false };

function Account({ form }: { form: Form<TrunkForm> }) {
  const { t } = useTranslation("app_calls");
  return (
    <Stack gap="sm" component="fieldset" style={{ border: 0, padding: 0, margin: 0 }}>
      <Title order={2} component="legend" mb={4}>{t("trunk.account")}</Title>
      <Text size="sm" c="dimmed">{t("trunk.account.about")}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput required {...CODE} label={t("trunk.host")} {...form.getInputProps("access.host")} />
        <TextInput required {...CODE} inputMode="numeric" label={t("trunk.port")} {...form.getInputProps("access.port")} />
        <TextInput {...CODE} label={t("trunk.user")} description={t("trunk.user.note")} {...form.getInputProps("access.user")} />
        <PasswordInput {...CODE} autoComplete="new-password" label={t("trunk.password")} description={t("trunk.password.note")} visibilityToggleButtonProps={{ "aria-label": t("trunk.password.show") }} {...form.getInputProps("access.password")} />
        <TextInput {...CODE} label={t("trunk.domain")} description={t("trunk.domain.note")} {...form.getInputProps("access.domain")} />
        <Select allowDeselect={false} label={t("trunk.transport")} description={t("trunk.transport.note")} data={TRANSPORTS.map((value) => ({ value, label: value.toUpperCase() }))} {...form.getInputProps("access.transport")} />
      </SimpleGrid>
      <Switch label={t("trunk.register")} description={t("trunk.register.note")} {...form.getInputProps("access.register", { type: "checkbox" })} />
    </Stack>
  );
}

function Rules({ form }: { form: Form<TrunkForm> }) {
  const { t } = useTranslation("app_calls");
  const { data } = useSomeNumbers();
  const own = (data?.items ?? []).filter(({ capabilities }) => capabilities.includes("voice")).map(({ number }) => number);
  return (
    <Stack gap="sm" component="fieldset" style={{ border: 0, padding: 0, margin: 0 }}>
      <Title order={2} component="legend" mb={4}>{t("trunk.rules")}</Title>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TagsInput {...CODE} label={t("trunk.shows")} description={t("trunk.shows.note")} data={own} splitChars={[",", "،"]} acceptValueOnBlur {...form.getInputProps("rules.caller_ids")} />
        <TagsInput {...CODE} label={t("trunk.prefixes")} description={t("trunk.prefixes.note")} splitChars={[",", " ", "،"]} acceptValueOnBlur {...form.getInputProps("rules.prefixes")} />
        <TextInput {...CODE} inputMode="numeric" label={t("trunk.priority")} description={t("trunk.priority.note")} {...form.getInputProps("rules.priority")} />
        <TextInput {...CODE} inputMode="numeric" label={t("trunk.max_calls")} description={t("trunk.max_calls.note")} {...form.getInputProps("rules.max_calls")} />
        <MultiSelect label={t("trunk.codecs")} description={t("trunk.codecs.note")} data={CODECS.map((value) => ({ value, label: value === "pcma" ? "G.711 A-law" : "G.711 µ-law" }))} {...form.getInputProps("rules.codecs")} />
      </SimpleGrid>
    </Stack>
  );
}
