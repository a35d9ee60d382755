import { Alert, Button, Group, Modal, PasswordInput, Radio, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { CircleCheck, CircleX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/app/session";
import { rememberWorkspace } from "@/app/Entrance";
import { currentWorkspace } from "@/app/place";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { told } from "@/ui/notify";
import { beginOauth, connect, testAccount, useHosts, useProviders, type Tested } from "../server";

type Kind = "caldav" | "feed" | "google" | "microsoft";
const isOauth = (kind: Kind): kind is "google" | "microsoft" => kind === "google" || kind === "microsoft";

/** Connects a host's calendar: an address with a password, a feed to read, or a provider's own sign-in. */
export function Connect({ close }: { close: () => void }) {
  const { t, i18n } = useTranslation(["app_bookings", "app_shell"]);
  const { user } = useSession();
  const hosts = useHosts();
  const providers = useProviders();
  const [tested, setTested] = useState<Tested | null>(null);
  const mine = hosts.data?.items.find(({ member }) => member === user.id)?.id;
  const form = useServerForm({ initialValues: { host: "", kind: "caldav" as Kind, url: "", username: "", password: "", label: "" } });
  const { kind, url, username, password, label } = form.values;
  const host = form.values.host || mine || hosts.data?.items[0]?.id || "";
  const ready = (wanted: Kind) => !isOauth(wanted) || providers.data?.items.find((one) => one.kind === wanted)?.configured === true;
  const access = () => ({ url: url.trim(), ...(kind === "caldav" ? { username: username.trim(), password } : {}) });
  const send = form.send(async () => {
    if (isOauth(kind)) {
      const { url: away } = await beginOauth({ host, kind, ...(label ? { label } : {}) });
      rememberWorkspace(currentWorkspace() ?? "");
      window.location.assign(away);
      return;
    }
    const made = await connect({ host, kind, ...access(), ...(label ? { label } : {}) });
    told(t("account.connected", { name: made.label || made.address }));
    close();
  });
  const test = form.send(async () => {
    if (!isOauth(kind)) setTested(await testAccount({ host, kind, ...access() }));
  });
  const change = (part: Partial<typeof form.values>) => { setTested(null); form.setValues(part); };
  const code = tested?.error ? `calendar.error.${tested.error}` : "";
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span">{t("connect")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Select label={t("column.host")} allowDeselect={false} required data={(hosts.data?.items ?? []).filter(({ left_at }) => !left_at).map(({ id, name }) => ({ value: id, label: name ?? t("host.gone") }))} value={host || null} onChange={(value) => value && change({ host: value })} error={form.errors.host} />
          <Radio.Group label={t("connect.kind")} value={kind} onChange={(value) => change({ kind: value as Kind })}>
            <Stack gap="xs" mt={6}>
              {(["caldav", "feed", "google", "microsoft"] as const).map((one) => <Radio key={one} value={one} disabled={!ready(one)} label={t(`connect.${one}`)} description={ready(one) ? t(`connect.${one}.text`) : t("connect.not_set_up")} />)}
            </Stack>
          </Radio.Group>
          {!isOauth(kind) && <TextInput label={t("account.url")} description={t(`connect.${kind}.url`)} required dir="ltr" type="url" {...form.getInputProps("url")} onChange={(event) => change({ url: event.currentTarget.value })} />}
          {kind === "caldav" && (
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <TextInput label={t("account.username")} required dir="ltr" autoComplete="off" {...form.getInputProps("username")} onChange={(event) => change({ username: event.currentTarget.value })} />
              <PasswordInput label={t("account.password")} description={t("account.password.note")} required autoComplete="new-password" visibilityToggleButtonProps={{ "aria-label": t("account.password.show") }} {...form.getInputProps("password")} onChange={(event) => change({ password: event.currentTarget.value })} />
            </SimpleGrid>
          )}
          <TextInput label={t("account.label")} description={t("account.label.note")} dir="auto" {...form.getInputProps("label")} />
          {tested && (tested.ok
            ? <Alert color="teal" icon={<CircleCheck aria-hidden />} title={t("connect.works")} role="status">{tested.calendars.map(({ name, writable }) => <Text key={name} size="sm"><bdi>{name}</bdi>{!writable && <> · {t("calendar.read_only")}</>}</Text>)}</Alert>
            : <Alert color="red" icon={<CircleX aria-hidden />} title={t("connect.fails")} role="alert">{i18n.exists(code, { ns: "app_bookings" }) ? t(code as "calendar.error.timeout") : tested.error}</Alert>)}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button>
            {!isOauth(kind) && <Button variant="default" disabled={!url.trim()} loading={form.busy} onClick={() => test()}>{t("connect.test")}</Button>}
            <Button type="submit" loading={form.busy} disabled={!host || (!isOauth(kind) && !url.trim())}>{t(isOauth(kind) ? "connect.go" : "connect")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
