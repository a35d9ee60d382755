import { Alert, Badge, Button, Group, Modal, MultiSelect, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { MessageSquareReply, Plus, SmartphoneNfc, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { latinDigits, useFormat } from "@/i18n/format";
import { useCountries } from "@/screens/start/countries";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { named } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { told } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { Ltr } from "@/ui/text";
import { dropSender, makeSender, saveSender, useSenders, type Sender } from "../server";
import { useTexts } from "../useTexts";
import { isWhole } from "./way";

function useCountryNames(): (codes: readonly string[]) => string {
  const { i18n } = useTranslation();
  const format = useFormat();
  return (codes) => format.list(codes.map((code) => named("region", i18n.language, code)));
}

/** What people see as the sender, and where it may be used. */
export function Senders() {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const texts = useTexts();
  const names = useCountryNames();
  const writes = useMay()("routes:write");
  const senders = useSenders();
  const [editing, setEditing] = useState<Sender | "new" | null>(null);
  const columns = [
    { key: "value", title: t("sender.value"), cell: ({ value, kind, two_way }: Sender) => (
      <Stack gap={2}>
        <Text fw={600}><Ltr>{value}</Ltr></Text>
        <Group gap={4}><Badge color="gray">{texts("sender.kind", kind)}</Badge>{two_way && <Badge color="teal" leftSection={<MessageSquareReply aria-hidden size={12} />}>{t("sender.two_way")}</Badge>}</Group>
      </Stack>
    ) },
    { key: "countries", title: t("sender.countries"), cell: ({ rules }: Sender) => <Text size="sm">{(rules.countries ?? []).length === 0 ? t("sender.countries.all") : names(rules.countries ?? [])}</Text> },
    { key: "registered", title: t("sender.registered"), wideOnly: true, cell: ({ rules }: Sender) => <Text size="sm">{(rules.registered ?? []).length === 0 ? "–" : names(rules.registered ?? [])}</Text> },
    { key: "refused", title: t("sender.standing"), cell: (sender: Sender) => <Standing sender={sender} /> },
    { key: "weight", title: t("route.weight"), numeric: true, wideOnly: true, cell: ({ rules }: Sender) => ((rules.weight ?? 1) === 0 ? t("sender.on_request") : format.number(rules.weight ?? 1)) },
    ...(writes ? [{ key: "actions", title: t("actions"), cell: (sender: Sender) => <Actions sender={sender} edit={() => setEditing(sender)} /> }] : []),
  ];
  return (
    <Stack>
      {writes && <Group justify="flex-end"><Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEditing("new")}>{t("sender.new")}</Button></Group>}
      <Loaded query={senders}>
        {({ items }) => (
          <DataTable label={t("senders")} columns={columns} rows={items} rowKey={({ id }) => id} open={writes ? setEditing : undefined}
            empty={<Nothing icon={SmartphoneNfc} title={t("senders.none")} text={t("senders.none.text")} action={writes ? { label: t("sender.new"), act: () => setEditing("new") } : undefined} />} />
        )}
      </Loaded>
      {editing && <Edit sender={editing === "new" ? null : editing} close={() => setEditing(null)} />}
    </Stack>
  );
}

/** Where it may not be used among the countries that the workspace writes to. A sender that is simply meant for other
 *  countries is nothing to worry about. */
function Standing({ sender: { refused_in, rules } }: { sender: Sender }) {
  const { t, i18n } = useTranslation("app_messaging");
  const texts = useTexts();
  const meant = rules.countries ?? [];
  const refused = refused_in.filter(({ country }) => meant.length === 0 || meant.includes(country));
  if (refused.length === 0) return <Status tone="good">{t(refused_in.length === 0 ? "sender.everywhere" : "sender.where_meant")}</Status>;
  return (
    <Group gap={4} maw={320}>
      {refused.map(({ country, names, detail }) => (
        <Tooltip key={country} label={<bdi>{detail}</bdi>} multiline maw={280}>
          <Badge color="amber" tabIndex={0}>{t("sender.not_in", { country: named("region", i18n.language, country), why: texts("sender.names", names) })}</Badge>
        </Tooltip>
      ))}
    </Group>
  );
}

function Actions({ sender, edit }: { sender: Sender; edit: () => void }) {
  const { t } = useTranslation(["app_messaging", "app_shell"]);
  const remove = () => confirm({
    title: t("sender.delete.title", { name: sender.value }), text: t("sender.delete.text"), button: t("app_shell:delete"), destroys: true,
    act: async () => { await dropSender(sender.id); told(t("sender.deleted", { name: sender.value })); },
  });
  return (
    <Group gap={4} wrap="nowrap">
      <Button size="compact-sm" variant="subtle" aria-label={`${t("app_shell:edit")} ${sender.value}`} onClick={edit}>{t("app_shell:edit")}</Button>
      <Button size="compact-sm" variant="subtle" color="red" aria-label={`${t("app_shell:delete")} ${sender.value}`} onClick={remove}><Trash2 aria-hidden size={15} /></Button>
    </Group>
  );
}

const NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 ._&+-]{1,11}$/;

function Edit({ sender, close }: { sender: Sender | null; close: () => void }) {
  const { t } = useTranslation(["app_messaging", "app_shell"]);
  const countries = useCountries();
  const form = useServerForm({
    initialValues: { value: sender?.value ?? "", countries: sender?.rules.countries ?? [], registered: sender?.rules.registered ?? [], weight: String(sender?.rules.weight ?? 1) },
    validate: { weight: (text) => (isWhole(text) ? null : t("number.wrong")) },
  });
  const { value } = form.values;
  const submit = form.send(async ({ value, countries, registered, weight }) => {
    const rules = { countries, registered, weight: Number(latinDigits(weight)) };
    if (sender) await saveSender(sender.id, rules);
    else await makeSender({ value: value.trim(), rules });
    told(t("sender.saved"));
    close();
  });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span"><bdi>{sender?.value ?? t("sender.new")}</bdi></Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          {!sender && <TextInput data-autofocus required dir="ltr" label={t("sender.value")} description={t("sender.value.note")} {...form.getInputProps("value")} />}
          {(sender ? sender.kind === "name" : NAME.test(value.trim())) && <Alert color="teal">{t("sender.name.note")}</Alert>}
          <MultiSelect label={t("sender.countries")} description={t("sender.countries.note")} data={countries} searchable clearable clearButtonProps={{ "aria-label": t("filter.clear") }} {...form.getInputProps("countries")} />
          <MultiSelect label={t("sender.registered")} description={t("sender.registered.note")} data={countries} searchable clearable clearButtonProps={{ "aria-label": t("filter.clear") }} {...form.getInputProps("registered")} />
          <TextInput dir="ltr" inputMode="numeric" label={t("route.weight")} description={t("sender.weight.note")} {...form.getInputProps("weight")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button>
            <Button type="submit" loading={form.busy} disabled={!sender && value.trim() === ""}>{t("app_shell:save")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
