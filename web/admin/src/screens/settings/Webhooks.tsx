import { Alert, Anchor, Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { TriangleAlert, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { DataTable } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Status } from "@/ui/Status";
import { CopyText, Ltr, When } from "@/ui/text";
import { Section } from "@/ui/Section";

/** Where events are told to other programs. */
export default function Webhooks() {
  const { t } = useTranslation("app_settings");
  const may = useMay();
  const [adding, { open, close }] = useDisclosure(false);
  const webhooks = api.useQuery("get", "/v1/webhooks", {});
  return (
    <Section title={t("webhooks.title")} about={t("webhooks.about")} actions={may("webhooks:write") && <Button leftSection={<WebhookIcon aria-hidden size={16} />} onClick={open}>{t("webhooks.add")}</Button>}>
      <Loaded query={webhooks}>
        {({ items }) => (
          <DataTable label={t("webhooks.title")} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={WebhookIcon} title={t("webhooks.none")} text={t("webhooks.none_text")} />} columns={[
            { key: "url", title: t("webhooks.url"), cell: ({ id, url }) => <Anchor component={Link} to={to(`/settings/webhooks/${id}`)} size="sm" style={{ overflowWrap: "anywhere" }}><Ltr>{url}</Ltr></Anchor> },
            { key: "kinds", title: t("webhooks.kinds"), cell: ({ kinds }) => t("webhooks.kind_count", { count: kinds.length, n: kinds.length }) },
            { key: "state", title: t("webhooks.state"), cell: ({ state, failing_since }) => <Status tone={failing_since ? "attention" : state === "active" ? "good" : "off"}>{failing_since ? t("webhooks.failing") : state === "active" ? t("webhooks.active") : t("webhooks.off")}</Status> },
            { key: "since", title: t("webhooks.since"), cell: ({ created_at }) => <When at={created_at} />, wideOnly: true },
          ]} />
        )}
      </Loaded>
      {adding && <Add close={close} />}
    </Section>
  );
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation(["app_settings", "app_shell"]);
  const events = api.useQuery("get", "/v1/webhooks/events", {});
  const [secret, setSecret] = useState<string | null>(null);
  const form = useServerForm({ initialValues: { url: "", shape: "barid", kinds: [] as string[] } });
  const send = form.send(async ({ url, shape, kinds }) => {
    const { data, error } = await fetchClient.POST("/v1/webhooks", { body: { url: url.trim(), shape, kinds } });
    if (error) throw error;
    setSecret(data.secret ?? "");
    await stale("/v1/webhooks");
  });
  // Appointlet has words for appointments only.
  const told = (events.data?.items ?? []).filter((kind) => form.values.shape === "barid" || kind.startsWith("booking."));
  const shape = (next: string | null) => form.setValues((known) => ({
    shape: next ?? "barid",
    kinds: (known.kinds ?? []).filter((kind) => next !== "appointlet" || kind.startsWith("booking.")),
  }));
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600}>{t("webhooks.add")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }} closeOnClickOutside={secret === null}>
      {secret !== null ? (
        <Stack>
          <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("webhooks.once")}</Alert>
          <CopyText label={t("webhooks.secret")} value={secret} />
          <Group justify="flex-end"><Button onClick={close}>{t("keys.kept")}</Button></Group>
        </Stack>
      ) : (
        <form onSubmit={send} noValidate>
          <Stack>
            {form.trouble !== null && <Failed error={form.trouble} />}
            <TextInput label={t("webhooks.url")} description={t("webhooks.url_note")} dir="ltr" data-autofocus required {...form.getInputProps("url")} />
            <Select label={t("webhooks.shape")} description={t("webhooks.shape_note")} allowDeselect={false} data={(["barid", "appointlet"] as const).map((value) => ({ value, label: t(`webhooks.shape.${value}`) }))} value={form.values.shape} onChange={shape} error={form.errors.shape} />
            <Checkbox.Group label={t("webhooks.kinds")} {...form.getInputProps("kinds")}>
              <Stack gap={6} mt="xs" mah={260} style={{ overflowY: "auto" }} tabIndex={0} role="group" aria-label={t("webhooks.kinds")}>
                {told.map((kind) => <Checkbox key={kind} size="xs" value={kind} label={<Ltr>{kind}</Ltr>} />)}
              </Stack>
            </Checkbox.Group>
            <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy} disabled={form.values.kinds.length === 0}>{t("webhooks.add")}</Button></Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
