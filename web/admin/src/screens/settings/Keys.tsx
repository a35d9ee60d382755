import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { KeyRound, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay, useMembership } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { CopyText, Ltr, When } from "@/ui/text";
import { Section } from "@/ui/Section";

type Key = components["schemas"]["Key"];

const DAYS = ["30", "90", "365"] as const;
const DAY = 86_400_000;

/** Keys for programs: each does only what it was made for. */
export default function Keys() {
  const { t } = useTranslation("app_settings");
  const may = useMay();
  const [making, { open, close }] = useDisclosure(false);
  const keys = api.useQuery("get", "/v1/keys", {});
  const revoke = (key: Key) =>
    confirm({
      title: t("keys.revoke"), text: t("keys.revoke_text", { name: key.name }), button: t("keys.revoke"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.DELETE("/v1/keys/{id}", { params: { path: { id: key.id } } });
        if (error) throw error;
        await stale("/v1/keys");
      },
    });
  return (
    <Section title={t("keys.title")} about={t("keys.about")} actions={may("keys:write") && <Button leftSection={<KeyRound aria-hidden size={16} />} onClick={open}>{t("keys.make")}</Button>}>
      <Loaded query={keys}>
        {({ items }) => (
          <DataTable label={t("keys.title")} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={KeyRound} title={t("keys.none")} text={t("keys.none_text")} />} columns={[
            { key: "name", title: t("keys.name"), cell: ({ name, id }) => <><bdi>{name}</bdi><br /><Text span size="xs" c="dimmed"><Ltr>{id}</Ltr></Text></> },
            { key: "scopes", title: t("keys.scopes"), cell: ({ scopes }) => t("keys.scope_count", { count: scopes.length, n: scopes.length }) },
            { key: "used", title: t("keys.used"), cell: ({ used_at }) => (used_at ? <When at={used_at} /> : t("keys.never")) },
            { key: "expires", title: t("keys.expires"), cell: ({ expires_at }) => (expires_at ? <When at={expires_at} /> : t("keys.no_end")) },
            { key: "actions", title: "", cell: (key) => may("keys:write") && <Button size="compact-sm" variant="subtle" color="red" onClick={() => revoke(key)}>{t("keys.revoke")}</Button> },
          ]} />
        )}
      </Loaded>
      {making && <Make close={close} />}
    </Section>
  );
}

function Make({ close }: { close: () => void }) {
  const { t } = useTranslation(["app_settings", "app_shell"]);
  const { permissions } = useMembership();
  const [made, setMade] = useState<string | null>(null);
  const form = useServerForm({ initialValues: { name: "", scopes: [] as string[], days: "90" as string | null } });
  const send = form.send(async ({ name, scopes, days }) => {
    const { data, error } = await fetchClient.POST("/v1/keys", { body: { name, scopes, expires_at: days ? new Date(Date.now() + Number(days) * DAY).toISOString() : null } });
    if (error) throw error;
    setMade(data.key);
    await stale("/v1/keys");
  });
  const areas = Object.groupBy(permissions, (permission) => permission.split(":")[0] ?? "");
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600}>{t("keys.make")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }} closeOnClickOutside={made === null}>
      {made !== null ? (
        <Stack>
          <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("keys.once")}</Alert>
          <CopyText label={t("keys.key")} value={made} />
          <Group justify="flex-end"><Button onClick={close}>{t("keys.kept")}</Button></Group>
        </Stack>
      ) : (
        <form onSubmit={send} noValidate>
          <Stack>
            {form.trouble !== null && <Failed error={form.trouble} />}
            <TextInput label={t("keys.name")} description={t("keys.name_note")} dir="auto" data-autofocus required {...form.getInputProps("name")} />
            <Checkbox.Group label={t("keys.scopes")} description={t("keys.scopes_note")} {...form.getInputProps("scopes")}>
              <Stack gap={6} mt="xs" mah={260} style={{ overflowY: "auto" }} tabIndex={0} role="group" aria-label={t("keys.scopes")}>
                {Object.entries(areas).map(([area, all]) => (
                  <Group key={area} gap="md">{(all ?? []).map((scope) => <Checkbox key={scope} size="xs" value={scope} label={<Ltr>{scope}</Ltr>} />)}</Group>
                ))}
              </Stack>
            </Checkbox.Group>
            <Select label={t("keys.ends")} clearable placeholder={t("keys.no_end")} data={DAYS.map((value) => ({ value, label: t("keys.days", { count: Number(value), n: value }) }))} {...form.getInputProps("days")} />
            <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy} disabled={form.values.scopes.length === 0}>{t("keys.make")}</Button></Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
