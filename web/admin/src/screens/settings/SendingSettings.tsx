import { Accordion, Alert, Anchor, Button, Group, Text, TextInput } from "@mantine/core";
import { Info, KeyRound, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { Ltr } from "@/ui/text";
import { DomainRecords } from "./DomainRecords";
import { Section } from "@/ui/Section";

/** How mail leaves, and the domains it leaves under. */
export default function SendingSettings() {
  const { t } = useTranslation(["app_settings", "app_start"]);
  const sending = api.useQuery("get", "/v1/sending", {});
  return (
    <>
      <Section title={t("sending.title")} about={t("sending.about")}>
        <Loaded query={sending} lines={2}>
          {(known) => (
            <>
              <Alert color={known.mode === "none" ? "amber" : "teal"} icon={<Info aria-hidden />} title={t(`app_start:sending.mode.${known.mode}`)}>
                {t(`app_start:sending.mode_note.${known.mode}`)}
                {known.relay && <> <Ltr>{`${known.relay.host}:${known.relay.port}`}</Ltr></>}
                {known.catcher_url && <> <Anchor href={known.catcher_url} target="_blank" rel="noopener" inherit underline="always">{t("app_start:sending.open_catcher")}</Anchor></>}
              </Alert>
              {known.warnings.map(({ code }) => <Text key={code} size="sm">{t(`app_start:warning.${code as "no_inbound"}`)}</Text>)}
              <Text size="sm">{known.default_sender ? t("sending.from") : t("sending.no_sender")} {known.default_sender && <><bdi>{known.default_sender.name}</bdi> <Ltr>{`<${known.default_sender.email}>`}</Ltr></>}</Text>
              <Group><Button component={Link} to={to("/setup?step=sending")} variant="default">{t("sending.change")}</Button></Group>
            </>
          )}
        </Loaded>
      </Section>
      <Domains />
    </>
  );
}

function Domains() {
  const { t } = useTranslation("app_settings");
  const may = useMay();
  const domains = api.useQuery("get", "/v1/domains", {});
  const act = async (call: Promise<{ error?: unknown }>, done: string) => {
    const { error } = await call;
    if (error) throw error;
    await stale("/v1/domains", "/v1/sending");
    told(done);
  };
  const remove = (domain: string) =>
    confirm({
      title: t("domain.remove"), text: t("domain.remove_text", { domain }), button: t("domain.remove"), destroys: true,
      act: () => act(fetchClient.DELETE("/v1/domains/{domain}", { params: { path: { domain } } }), t("domain.removed")),
    });
  const rotate = (domain: string) =>
    confirm({
      title: t("domain.rotate"), text: t("domain.rotate_text"), button: t("domain.rotate"),
      act: () => act(fetchClient.POST("/v1/domains/{domain}/rotate", { params: { path: { domain } } }), t("domain.rotated")),
    });
  return (
    <Section title={t("domain.title")} about={t("domain.about")}>
      <Loaded query={domains}>
        {({ items }) => (
          <Accordion variant="separated" chevronPosition="left">
            {items.map((domain) => (
              <Accordion.Item key={domain.id} value={domain.id}>
                <Accordion.Control>
                  <Group justify="space-between"><Ltr>{domain.domain}</Ltr><Status tone={domain.verified ? "good" : "attention"}>{domain.verified ? t("domain.verified") : t("domain.unverified")}</Status></Group>
                </Accordion.Control>
                <Accordion.Panel>
                  <DomainRecords domain={domain} />
                  {may("domains:write") && (
                    <Group mt="md">
                      <Button variant="default" leftSection={<KeyRound aria-hidden size={16} />} onClick={() => rotate(domain.domain)}>{t("domain.rotate")}</Button>
                      <Button variant="light" color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={() => remove(domain.domain)}>{t("domain.remove")}</Button>
                    </Group>
                  )}
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        )}
      </Loaded>
      {may("domains:write") && <Add />}
    </Section>
  );
}

function Add() {
  const { t } = useTranslation("app_settings");
  const form = useServerForm({ initialValues: { domain: "" } });
  const send = form.send(async ({ domain }) => {
    const { error } = await fetchClient.POST("/v1/domains", { body: { domain: domain.trim() } });
    if (error) throw error;
    form.reset();
    await stale("/v1/domains");
  });
  return (
    <form onSubmit={send} noValidate>
      <Group align="flex-end">
        <TextInput label={t("domain.add_label")} dir="ltr" style={{ flex: "1 1 14rem" }} {...form.getInputProps("domain")} error={form.errors.domain ?? (form.trouble ? String((form.trouble as { detail?: string }).detail ?? "") : undefined)} />
        <Button type="submit" variant="default" loading={form.busy} disabled={!form.values.domain.includes(".")}>{t("domain.add")}</Button>
      </Group>
    </form>
  );
}
