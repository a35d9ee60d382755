import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/Dialog";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Ltr, Moment } from "@/ui/text";
import { ForwardFields } from "./ForwardFields";
import { connectProvider, forgetProvider, saveElsewhere, useElsewhere, useProvider, type Forward } from "./server";

const BOTH = ["sms", "voice"];

/** Where things go that come to a number nothing is set about, and who is asked about numbers. */
export function Elsewhere() {
  const { t } = useTranslation("app_numbers");
  const rest = useElsewhere();
  return (
    <Stack>
      <Section title={t("rest")} about={t("rest.about")}><Loaded query={rest}>{(forward) => <Rest forward={forward} />}</Loaded></Section>
      <Provider />
    </Stack>
  );
}

function Rest({ forward }: { forward: Forward }) {
  const { t } = useTranslation(["app_numbers", "app_shell"]);
  const writes = useMay()("routes:write");
  const form = useServerForm({ initialValues: { sms: forward.sms ?? "conversation", voice: forward.voice ?? "" } });
  const submit = form.send(async ({ sms, voice }) => {
    await saveElsewhere({ sms, voice: voice || null });
    form.resetDirty();
    told(t("app_shell:saved"));
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {form.trouble !== null && <Failed error={form.trouble} />}
        <ForwardFields {...form.values} takes={BOTH} readOnly={!writes} errors={form.errors} change={(part) => form.setValues(part)} />
        {writes && <Group justify="flex-end"><Button type="submit" loading={form.busy} disabled={!form.isDirty()}>{t("app_shell:save")}</Button></Group>}
      </Stack>
    </form>
  );
}

function Provider() {
  const { t } = useTranslation("app_numbers");
  const writes = useMay()("routes:write");
  const provider = useProvider();
  const [open, setOpen] = useState(false);
  const forget = () => confirm({
    title: t("provider.forget.title"), text: t("provider.forget.text"), button: t("provider.forget"), destroys: true,
    act: async () => { await forgetProvider(); told(t("provider.forgotten")); },
  });
  return (
    <Section title={t("provider")} about={t("provider.about")}>
      <Loaded query={provider} lines={2}>
        {({ url, connected_at }) => (
          <Stack>
            {url ? <Text size="sm"><Ltr>{url}</Ltr> · {t("provider.since")} <Moment at={connected_at} /></Text> : <Alert color="gray">{t("provider.none")}</Alert>}
            {writes && (
              <Group>
                <Button variant="default" onClick={() => setOpen(true)}>{t(url ? "provider.change" : "provider.connect")}</Button>
                {url && <Button variant="subtle" color="red" onClick={forget}>{t("provider.forget")}</Button>}
              </Group>
            )}
            {open && (
              <Dialog title={t("provider.connect")} about={t("provider.what")} button={t("provider.connect")} close={() => setOpen(false)} initial={{ url: url ?? "", key: "" }}
                fields={[{ name: "url", label: t("provider.url"), note: t("provider.url.note"), needed: true, code: true }, { name: "key", label: t("provider.key"), note: t("provider.key.note"), needed: true, code: true }]}
                send={async ({ url, key }) => { await connectProvider({ url: url.trim(), key: key.trim() }); told(t("provider.connected")); }} />
            )}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
