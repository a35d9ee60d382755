import { Autocomplete, Button, Checkbox, Group, Modal, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { told } from "@/ui/notify";
import { useCodes } from "../codes";
import { useWays } from "../server";
import { useTrunks } from "../calls/server";
import { ForwardFields } from "./ForwardFields";
import { plainNumber } from "./list";
import { addNumber, CAPABILITIES, changeNumber, type OwnNumber, type Settings } from "./server";

interface Values extends Record<string, unknown> {
  number: string;
  originator: boolean;
  settings: { capabilities: string[]; forward: { sms: string; voice: string }; route: string; tags: string[] };
}

const settingsOf = ({ capabilities, forward: { sms, voice }, route, tags }: Values["settings"]): Settings => ({
  capabilities, tags, route: route.trim() || null, forward: { sms, voice: capabilities.includes("voice") ? voice || null : null },
});

/** Adds a number, or changes what is set about one. */
export function NumberDialog({ number, close }: { number: OwnNumber | null; close: () => void }) {
  const { t } = useTranslation(["app_numbers", "app_shell"]);
  const codes = useCodes("app_numbers");
  const ways = useWays();
  const trunks = useTrunks();
  const names = [...new Set([...(ways.data?.items ?? []), ...(trunks.data?.items ?? [])].map(({ name }) => name))];
  const form = useServerForm<Values>({
    initialValues: {
      number: number?.number ?? "", originator: true,
      settings: { capabilities: number?.capabilities ?? ["sms"], forward: { sms: number?.forward.sms ?? "conversation", voice: number?.forward.voice ?? "" }, route: number?.route ?? "", tags: number?.tags ?? [] },
    },
    validate: { settings: { capabilities: (list: string[]) => (list.length > 0 ? null : t("can.needed")) } },
  });
  const { settings } = form.values;
  const submit = form.send(async (values) => {
    const settings = settingsOf(values.settings);
    if (number) await changeNumber(number.id, { settings });
    else await addNumber({ number: plainNumber(values.number), originator: values.originator && settings.capabilities?.some((one) => one !== "voice"), settings });
    told(t(number ? "app_shell:saved" : "added"));
    close();
  });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span"><bdi dir="ltr">{number?.number ?? t("add")}</bdi></Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          {!number && <TextInput data-autofocus required type="tel" dir="ltr" label={t("number")} description={t("number.note")} {...form.getInputProps("number")} />}
          <Checkbox.Group label={t("can")} {...form.getInputProps("settings.capabilities")}>
            <Group mt="xs">{CAPABILITIES.map((code) => <Checkbox key={code} value={code} label={codes("can", code)} />)}</Group>
          </Checkbox.Group>
          <ForwardFields {...settings.forward} takes={settings.capabilities} errors={{ sms: form.errors["settings.forward.sms"], voice: form.errors["settings.forward.voice"] }}
            change={(part) => form.setFieldValue("settings.forward", { ...settings.forward, ...part })} />
          {!number && settings.capabilities.some((one) => one !== "voice") && <Switch label={t("originator")} description={t("originator.note")} {...form.getInputProps("originator", { type: "checkbox" })} />}
          <Autocomplete dir="auto" label={t("route")} description={t("route.note")} data={names} {...form.getInputProps("settings.route")} />
          <TagsInput dir="auto" label={t("tags")} description={t("tags.note")} maxTags={20} acceptValueOnBlur splitChars={[",", "،"]} {...form.getInputProps("settings.tags")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button>
            <Button type="submit" loading={form.busy} disabled={!number && form.values.number.trim() === ""}>{t(number ? "app_shell:save" : "add")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
