import { Alert, Button, Group, Modal, PasswordInput, SegmentedControl, Select, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { renderSVG } from "uqr";
import { useMemo, useState, type ReactNode } from "react";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useSwitchLanguage } from "@/app/menus";
import { usePreferences, type Preferences } from "@/app/preferences";
import { isLanguage, LANGUAGES } from "@/i18n";
import { latinDigits, useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { CopyText, When } from "@/ui/text";
import { Section } from "@/ui/Section";

type Account = components["schemas"]["AccountAnswer"];
interface SecondFactor { active: boolean; recovery_codes: number }
interface OpenSession { id: string; agent: string | null; created_at: string; seen_at: string; current: boolean }

/** One's own account: name, looks, password, second factor, sessions. */
export default function Profile() {
  const account = api.useQuery("get", "/v1/account", {});
  return (
    <Loaded query={account}>
      {(known) => <><Person known={known} /><Looks /><Password /><Factor status={known.second_factor as unknown as SecondFactor} /><Sessions /></>}
    </Loaded>
  );
}

function Person({ known }: { known: Account }) {
  const { t } = useTranslation(["app_settings", "app_shell"]);
  const form = useServerForm({ initialValues: { name: known.name } });
  const send = form.send(async ({ name }) => {
    const { error } = await fetchClient.PATCH("/v1/account", { body: { name } });
    if (error) throw error;
    await stale("/v1/account", "/v1/session");
    told(t("app_shell:saved"));
  });
  return (
    <Section title={t("profile.title")} about={known.email}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput label={t("profile.name")} autoComplete="name" dir="auto" {...form.getInputProps("name")} />
          <Group><Button type="submit" variant="default" loading={form.busy} disabled={!form.isDirty()}>{t("app_shell:save")}</Button></Group>
        </Stack>
      </form>
    </Section>
  );
}

function Choice<Key extends keyof Preferences>({ name, values }: { name: Key; values: ReadonlyArray<Preferences[Key] & string> }) {
  const { t } = useTranslation("app_settings");
  const { preferences, change } = usePreferences();
  return (
    <Select label={t(`looks.${name}` as "looks.digits")} allowDeselect={false} value={String(preferences[name])}
      data={values.map((value) => ({ value, label: t(`looks.${name}.${value}` as "looks.digits.auto") }))} onChange={(value) => value && change({ [name]: value } as Partial<Preferences>)} />
  );
}

function Looks() {
  const { t, i18n } = useTranslation("app_settings");
  const { preferences, change } = usePreferences();
  const format = useFormat();
  const switchLanguage = useSwitchLanguage();
  return (
    <Section title={t("looks.title")} about={t("looks.about")}>
      <div>
        <Text size="sm" fw={500} id="looks-language">{t("looks.language")}</Text>
        <SegmentedControl aria-labelledby="looks-language" value={i18n.language} onChange={(value) => isLanguage(value) && switchLanguage(value)} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} />
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Choice name="theme" values={["auto", "light", "dark"]} />
        <Choice name="density" values={["comfortable", "compact"]} />
        <Choice name="digits" values={["auto", "latn", "arab"]} />
        <Choice name="calendar" values={["auto", "gregory", "islamic-umalqura"]} />
        <Choice name="hour_cycle" values={["auto", "h12", "h23"]} />
        <Choice name="first_weekday" values={["auto", "0", "1", "6"]} />
      </SimpleGrid>
      <Text size="sm" c="dimmed">{t("looks.example", { number: format.number(12345.6), when: format.dateTime(Date.now()) })}</Text>
      <Switch label={t("looks.shortcuts")} checked={preferences.shortcuts} onChange={(event) => change({ shortcuts: event.currentTarget.checked })} />
    </Section>
  );
}

function Password() {
  const { t } = useTranslation("app_settings");
  const form = useServerForm({ initialValues: { old: "", new: "" } });
  const send = form.send(async (body) => {
    const { error } = await fetchClient.POST("/v1/account/password", { body });
    if (error) throw error;
    form.reset();
    await stale("/v1/account/sessions");
    told(t("password.changed"));
  });
  const toggle = { "aria-label": t("password.show") };
  return (
    <Section title={t("password.title")} about={t("password.about")}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <PasswordInput label={t("password.old")} autoComplete="current-password" dir="ltr" visibilityToggleButtonProps={toggle} {...form.getInputProps("old")} />
          <PasswordInput label={t("password.new")} autoComplete="new-password" dir="ltr" visibilityToggleButtonProps={toggle} {...form.getInputProps("new")} />
          <Group><Button type="submit" variant="default" loading={form.busy} disabled={!form.values.old || !form.values.new}>{t("password.button")}</Button></Group>
        </Stack>
      </form>
    </Section>
  );
}

function Factor({ status }: { status: SecondFactor }) {
  const { t } = useTranslation("app_settings");
  const format = useFormat();
  const [step, setStep] = useState<"begin" | "remove" | "renew" | null>(null);
  const about = status.active ? t("factor.on", { count: status.recovery_codes, n: format.number(status.recovery_codes) }) : t("factor.off");
  return (
    <Section title={t("factor.title")} about={about}>
      <Group>
        {!status.active && <Button onClick={() => setStep("begin")}>{t("factor.begin")}</Button>}
        {status.active && <Button variant="default" onClick={() => setStep("renew")}>{t("factor.renew")}</Button>}
        {status.active && <Button variant="light" color="red" onClick={() => setStep("remove")}>{t("factor.remove")}</Button>}
      </Group>
      {step === "begin" && <Begin close={() => setStep(null)} />}
      {step === "renew" && <WithCode title={t("factor.renew")} close={() => setStep(null)} path="/v1/account/second-factor/recovery-codes" />}
      {step === "remove" && <WithCode title={t("factor.remove")} close={() => setStep(null)} path="/v1/account/second-factor/remove" />}
    </Section>
  );
}

function Frame({ title, close, children }: { title: string; close: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  return <Modal opened onClose={close} closeOnClickOutside={false} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ "aria-label": t("close") }}>{children}</Modal>;
}

function Recovery({ codes, close }: { codes: string[]; close: () => void }) {
  const { t } = useTranslation("app_settings");
  return (
    <Stack>
      <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("factor.recovery_note")}</Alert>
      <CopyText block label={t("factor.recovery")} value={codes.join("\n")} />
      <Group justify="flex-end"><Button onClick={close}>{t("keys.kept")}</Button></Group>
    </Stack>
  );
}

/** Shows the secret to an authenticator app and waits for its first code. */
function Begin({ close }: { close: () => void }) {
  const { t } = useTranslation("app_settings");
  const enrolment = api.useMutation("post", "/v1/account/second-factor");
  const [password, setPassword] = useState("");
  const [codes, setCodes] = useState<string[] | null>(null);
  const form = useServerForm({ initialValues: { code: "" } });
  const send = form.send(async ({ code }) => {
    const { data, error } = await fetchClient.POST("/v1/account/second-factor/activate", { body: { code: latinDigits(code.trim()) } });
    if (error) throw error;
    setCodes(data.recovery_codes);
    await stale("/v1/account");
  });
  const picture = useMemo(() => (enrolment.data ? `data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(enrolment.data.uri))}` : null), [enrolment.data]);
  return (
    <Frame title={t("factor.begin")} close={close}>
      {codes ? <Recovery codes={codes} close={close} /> : !enrolment.data ? (
        <form onSubmit={(event) => { event.preventDefault(); enrolment.mutate({ body: { password } }); }}>
          <Stack>
            {enrolment.error ? <Failed error={enrolment.error} /> : null}
            <PasswordInput label={t("factor.password")} data-autofocus autoComplete="current-password" dir="ltr" value={password} onChange={(event) => setPassword(event.currentTarget.value)} visibilityToggleButtonProps={{ "aria-label": t("password.show") }} />
            <Button type="submit" loading={enrolment.isPending}>{t("factor.next")}</Button>
          </Stack>
        </form>
      ) : (
        <form onSubmit={send} noValidate>
          <Stack>
            {form.trouble !== null && <Failed error={form.trouble} />}
            <Text size="sm">{t("factor.scan")}</Text>
            {picture && <img src={picture} alt={t("factor.picture")} width={200} height={200} style={{ alignSelf: "center", background: "#fff", borderRadius: 8 }} />}
            <CopyText label={t("factor.secret")} value={enrolment.data.secret} />
            <TextInput label={t("factor.code")} inputMode="numeric" autoComplete="one-time-code" dir="ltr" data-autofocus {...form.getInputProps("code")} />
            <Button type="submit" loading={form.busy}>{t("factor.activate")}</Button>
          </Stack>
        </form>
      )}
    </Frame>
  );
}

function WithCode({ title, close, path }: { title: string; close: () => void; path: "/v1/account/second-factor/recovery-codes" | "/v1/account/second-factor/remove" }) {
  const { t } = useTranslation("app_settings");
  const [codes, setCodes] = useState<string[] | null>(null);
  const form = useServerForm({ initialValues: { code: "" } });
  const send = form.send(async ({ code }) => {
    const { data, error } = await fetchClient.POST(path, { body: { code: latinDigits(code.trim()) } });
    if (error) throw error;
    await stale("/v1/account");
    const renewed = (data as { recovery_codes?: string[] } | undefined)?.recovery_codes;
    if (renewed) setCodes(renewed);
    else close();
  });
  return (
    <Frame title={title} close={close}>
      {codes ? <Recovery codes={codes} close={close} /> : (
        <form onSubmit={send} noValidate>
          <Stack>
            {form.trouble !== null && <Failed error={form.trouble} />}
            <TextInput label={t("factor.any_code")} autoComplete="one-time-code" dir="ltr" data-autofocus {...form.getInputProps("code")} />
            <Button type="submit" loading={form.busy}>{title}</Button>
          </Stack>
        </form>
      )}
    </Frame>
  );
}

function Sessions() {
  const { t } = useTranslation("app_settings");
  const sessions = api.useQuery("get", "/v1/account/sessions", {});
  const end = async (id?: string) => {
    const { error } = id ? await fetchClient.DELETE("/v1/account/sessions/{id}", { params: { path: { id } } }) : await fetchClient.DELETE("/v1/account/sessions");
    if (error) return refused(error);
    await stale("/v1/account/sessions");
  };
  return (
    <Section title={t("sessions.title")} about={t("sessions.about")} actions={<Button variant="default" onClick={() => void end()}>{t("sessions.end_others")}</Button>}>
      <Loaded query={sessions}>
        {({ items }) => (
          <Stack gap="xs">
            {(items as OpenSession[]).map(({ id, agent, seen_at, current }) => (
              <Group key={id} justify="space-between" wrap="nowrap">
                <Text size="sm" style={{ overflowWrap: "anywhere" }}><bdi dir="ltr">{agent ?? "–"}</bdi> · <When at={seen_at} />{current && ` · ${t("sessions.current")}`}</Text>
                {!current && <Button size="compact-sm" variant="subtle" color="red" onClick={() => void end(id)}>{t("sessions.end")}</Button>}
              </Group>
            ))}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
