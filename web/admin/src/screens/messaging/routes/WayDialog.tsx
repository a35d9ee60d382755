import { Button, Collapse, Group, PasswordInput, Select, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput, Title } from "@mantine/core";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useServerForm, type Form } from "@/ui/form";
import { told } from "@/ui/notify";
import { GuardedDialog } from "../GuardedDialog";
import { microsOf } from "../money";
import { makeWay, saveWay, type Way } from "../server";
import { useTexts } from "../useTexts";
import { accessOf, ALPHABETS, formOf, IDS, isWhole, RECEIPTS, rulesOf, type WayForm } from "./way";

/** Makes a route or changes one. The account is handed in as a whole: without its password it stays as it is. */
export function WayDialog({ way, close }: { way: Way | null; close: () => void }) {
  const { t } = useTranslation("app_messaging");
  const [account, setAccount] = useState(way === null);
  const number = (text: string) => (isWhole(text) ? null : t("number.wrong"));
  const form = useServerForm<WayForm>({
    initialValues: formOf(way),
    validate: {
      rules: { priority: number, weight: number, cost: (text: string) => (text.trim() === "" || microsOf(text) !== null ? null : t("amount.wrong")) },
      ...(account ? { access: { port: number, binds: number, per_second: number, window: number } } : {}),
    },
  });
  const { values } = form;
  const complete = values.name.trim() !== "" && (!account || (values.access.host.trim() !== "" && values.access.system_id.trim() !== "" && values.access.password !== ""));
  const submit = form.send(async (values) => {
    const body = { name: values.name.trim(), rules: rulesOf(values) };
    if (way) await saveWay(way.id, { ...body, ...(account ? { access: accessOf(values) } : {}) });
    else await makeWay({ ...body, access: accessOf(values) });
    told(t(way ? "route.saved" : "route.made"));
    close();
  });
  const words = { name: t("route.name"), nameNote: t("route.name.note"), account: t("route.account"), change: t("route.account.change"), note: t("route.account.note") };
  const known = way && `${way.access.system_id}@${way.access.host}:${way.access.port}`;
  return (
    <GuardedDialog
      title={way?.name ?? t("route.new")} words={words} form={form} submit={submit} complete={complete} close={close}
      account={{ known, entered: account, enter: () => setAccount(true), fields: <Account form={form} /> }}
    >
      <Rules form={form} />
    </GuardedDialog>
  );
}

function Folded({ label, children, wrong }: { label: string; children: ReactNode; wrong: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Group><Button variant="subtle" size="compact-sm" color="gray" aria-expanded={open || wrong} onClick={() => setOpen(!open)} rightSection={open ? <ChevronUp aria-hidden size={14} /> : <ChevronDown aria-hidden size={14} />}>{label}</Button></Group>
      <Collapse expanded={open || wrong}>{children}</Collapse>
    </>
  );
}

const wrongIn = (form: Form<WayForm>, ...names: string[]) => names.some((name) => form.errors[name]);

function Account({ form }: { form: Form<WayForm> }) {
  const { t } = useTranslation("app_messaging");
  const code = { dir: "ltr" as const, autoComplete: "off", spellCheck: false };
  return (
    <Stack gap="sm" component="fieldset" style={{ border: 0, padding: 0, margin: 0 }}>
      <Title order={2} component="legend" mb={4}>{t("route.account")}</Title>
      <Text size="sm" c="dimmed">{t("route.account.about")}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput required {...code} label={t("route.host")} {...form.getInputProps("access.host")} />
        <TextInput required {...code} inputMode="numeric" label={t("route.port")} {...form.getInputProps("access.port")} />
        <TextInput required {...code} label={t("route.system_id")} {...form.getInputProps("access.system_id")} />
        <PasswordInput required {...code} autoComplete="new-password" label={t("route.password")} visibilityToggleButtonProps={{ "aria-label": t("route.password.show") }} {...form.getInputProps("access.password")} />
      </SimpleGrid>
      <Switch label={t("route.tls")} description={t("route.tls.note")} {...form.getInputProps("access.tls", { type: "checkbox" })} />
      <Folded label={t("route.sessions")} wrong={wrongIn(form, "access.binds", "access.per_second", "access.window", "access.system_type")}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput {...code} inputMode="numeric" label={t("route.binds")} description={t("route.binds.note")} {...form.getInputProps("access.binds")} />
            <TextInput {...code} inputMode="numeric" label={t("route.per_second")} description={t("route.per_second.note")} {...form.getInputProps("access.per_second")} />
            <TextInput {...code} inputMode="numeric" label={t("route.window")} description={t("route.window.note")} {...form.getInputProps("access.window")} />
            <TextInput {...code} label={t("route.system_type")} description={t("route.system_type.note")} {...form.getInputProps("access.system_type")} />
          </SimpleGrid>
          <Switch label={t("route.separate")} description={t("route.separate.note")} {...form.getInputProps("access.separate", { type: "checkbox" })} />
        </Stack>
      </Folded>
    </Stack>
  );
}

function Rules({ form }: { form: Form<WayForm> }) {
  const { t } = useTranslation("app_messaging");
  const texts = useTexts();
  const choices = (family: string, codes: readonly string[]) => codes.map((value) => ({ value, label: texts(family, value) }));
  const number = { dir: "ltr" as const, inputMode: "numeric" as const };
  return (
    <Stack gap="sm" component="fieldset" style={{ border: 0, padding: 0, margin: 0 }}>
      <Title order={2} component="legend" mb={4}>{t("route.rules")}</Title>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TagsInput dir="ltr" label={t("route.prefixes")} description={t("route.prefixes.note")} splitChars={[",", " ", "،"]} acceptValueOnBlur {...form.getInputProps("rules.prefixes")} />
        <TagsInput dir="ltr" label={t("route.networks")} description={t("route.networks.note")} splitChars={[",", " ", "،"]} acceptValueOnBlur {...form.getInputProps("rules.networks")} />
        <TextInput {...number} label={t("route.priority")} description={t("route.priority.note")} {...form.getInputProps("rules.priority")} />
        <TextInput {...number} label={t("route.weight")} description={t("route.weight.note")} {...form.getInputProps("rules.weight")} />
        <TextInput dir="ltr" inputMode="decimal" label={t("route.cost")} description={t("route.cost.note")} {...form.getInputProps("rules.cost")} />
      </SimpleGrid>
      <Folded label={t("route.habits")} wrong={wrongIn(form, "rules.ids", "rules.receipts", "rules.alphabet")}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select allowDeselect={false} label={t("route.ids")} description={t("route.ids.note")} data={choices("ids", IDS)} {...form.getInputProps("rules.ids")} />
            <Select allowDeselect={false} label={t("route.receipts")} data={choices("receipts", RECEIPTS)} {...form.getInputProps("rules.receipts")} />
            <Select allowDeselect={false} label={t("route.alphabet")} description={t("route.alphabet.note")} data={choices("alphabet", ALPHABETS)} {...form.getInputProps("rules.alphabet")} />
          </SimpleGrid>
          <Switch label={t("route.long")} description={t("route.long.note")} {...form.getInputProps("rules.long_references", { type: "checkbox" })} />
        </Stack>
      </Folded>
    </Stack>
  );
}
