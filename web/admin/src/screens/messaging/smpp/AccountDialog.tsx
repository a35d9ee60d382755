import { Button, Collapse, Group, Modal, MultiSelect, PasswordInput, Select, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { told } from "@/ui/notify";
import { useWord } from "@/ui/words";
import { useCodes } from "../codes";
import { isWhole } from "../routes/way";
import { useSenders } from "../server";
import { useSomeNumbers } from "../numbers/server";
import { ALPHABETS, BASES, formOf, PURPOSES, settingsOf, type AccountForm } from "./account";
import { makeAccount, saveAccount, type Account, type Made } from "./server";

const FOLDED = ["settings.binds", "settings.per_second", "settings.originators", "settings.numbers", "settings.alphabet"];

/** Makes an account for a customer, or changes what it may do. */
export function AccountDialog({ account, close, made }: { account: Account | null; close: () => void; made: (made: Made) => void }) {
  const { t } = useTranslation(["app_numbers", "app_shell"]);
  const codes = useCodes("app_numbers");
  const word = useWord();
  const senders = useSenders();
  const numbers = useSomeNumbers();
  const [open, setOpen] = useState(false);
  const whole = (text: string) => (isWhole(text) ? null : t("number.wrong"));
  const form = useServerForm<AccountForm>({ initialValues: formOf(account), validate: { settings: { binds: whole, per_second: whole } } });
  const { values: { system_id, settings } } = form;
  const submit = form.send(async (values) => {
    const settings = settingsOf(values);
    if (account) {
      await saveAccount(account.id, { settings });
      told(t("app_shell:saved"));
    } else {
      made(await makeAccount({ system_id: values.system_id.trim(), secret: values.secret || null, settings }));
    }
    close();
  });
  const shown = open || FOLDED.some((name) => form.errors[name]);
  const code = { dir: "ltr" as const, autoComplete: "off", spellCheck: false };
  const choices = (all: string[], chosen: string[]) => [...new Set([...all, ...chosen])];
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={600} component="span"><bdi>{account ? account.settings.name || account.system_id : t("smpp.new")}</bdi></Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput data-autofocus required dir="auto" maxLength={60} label={t("smpp.name")} description={t("smpp.name.note")} {...form.getInputProps("settings.name")} />
            <TextInput required={!account} {...code} readOnly={account !== null} maxLength={15} label={t("smpp.system_id")} description={account ? undefined : t("smpp.system_id.note")} {...form.getInputProps("system_id")} />
          </SimpleGrid>
          {!account && <PasswordInput {...code} autoComplete="new-password" maxLength={64} label={t("smpp.secret")} description={t("smpp.secret.note")} visibilityToggleButtonProps={{ "aria-label": t("smpp.secret") }} {...form.getInputProps("secret")} />}
          <TagsInput {...code} label={t("smpp.networks")} description={t("smpp.networks.note")} splitChars={[",", " ", "،"]} acceptValueOnBlur {...form.getInputProps("settings.networks")} />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select allowDeselect={false} label={t("smpp.purpose")} description={t("smpp.purpose.note")} data={choices([...PURPOSES], [settings.purpose]).map((value) => ({ value, label: word("purpose", value) }))} {...form.getInputProps("settings.purpose")} />
            {settings.purpose !== "marketing" && <Select allowDeselect={false} label={t("smpp.basis")} description={t("smpp.basis.note")} data={[{ value: "", label: t("smpp.basis.none") }, ...BASES.map((value) => ({ value, label: word("basis", value) }))]} {...form.getInputProps("settings.basis")} />}
          </SimpleGrid>
          <Switch label={t("smpp.test.label")} description={t("smpp.test.note")} {...form.getInputProps("settings.test", { type: "checkbox" })} />
          <Group><Button variant="subtle" size="compact-sm" color="gray" aria-expanded={shown} onClick={() => setOpen(!open)} rightSection={shown ? <ChevronUp aria-hidden size={14} /> : <ChevronDown aria-hidden size={14} />}>{t("smpp.more")}</Button></Group>
          <Collapse expanded={shown}>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput {...code} inputMode="numeric" label={t("smpp.binds")} description={t("smpp.binds.note")} {...form.getInputProps("settings.binds")} />
              <TextInput {...code} inputMode="numeric" label={t("smpp.per_second")} description={t("smpp.per_second.note")} {...form.getInputProps("settings.per_second")} />
              <MultiSelect searchable label={t("smpp.originators")} description={t("smpp.originators.note")} data={choices((senders.data?.items ?? []).map(({ value }) => value), settings.originators)} {...form.getInputProps("settings.originators")} />
              <TagsInput {...code} label={t("smpp.numbers")} description={t("smpp.numbers.note")} data={(numbers.data?.items ?? []).map(({ number }) => number.replace("+", ""))} splitChars={[",", " ", "،"]} acceptValueOnBlur {...form.getInputProps("settings.numbers")} />
              <Select allowDeselect={false} label={t("smpp.alphabet")} description={t("smpp.alphabet.note")} data={ALPHABETS.map((value) => ({ value, label: codes("alphabet", value) }))} {...form.getInputProps("settings.alphabet")} />
            </SimpleGrid>
          </Collapse>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button>
            <Button type="submit" loading={form.busy} disabled={settings.name.trim() === "" || system_id.trim() === ""}>{t(account ? "app_shell:save" : "smpp.new")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
