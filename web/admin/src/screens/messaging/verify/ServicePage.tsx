import { Button, Card, Grid, Group, Select, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { isProblem } from "@/api/problem";
import { to } from "@/app/place";
import { useMay, useMembership } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useServerForm, type Form } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { useLeaving } from "@/ui/useLeaving";
import { useSenders } from "../server";
import { Ladder } from "./Ladder";
import { makeService, saveService, useService, type Service } from "./server";
import { DEFAULTS, fits, formOf, minutesText, RANGES, settingsOf, type Count, type ServiceForm } from "./service";
import { useRemove } from "./Services";
import { Texts } from "./Texts";
import { TryOut } from "./TryOut";

const COUNTS = Object.keys(DEFAULTS) as Count[];

/** One verification service: how its codes are made, what they say and how they travel. */
export default function ServicePage() {
  const { t } = useTranslation("app_verify");
  const { id = "" } = useParams();
  const fresh = id === "new";
  const service = useService(id, !fresh);
  const above = [{ label: t("services"), href: to("/messaging/verify") }];
  if (fresh) return <Page title={t("service.new")} about={t("services.about")} above={above} permission="routes:write"><Edit service={null} /></Page>;
  return (
    <Page title={service.data?.name ?? t("service")} above={above} permission="routes:read" actions={service.data && <Actions service={service.data} />}>
      <Loaded query={service} lines={8}>{(known) => <Edit key={known.id} service={known} />}</Loaded>
    </Page>
  );
}

function Actions({ service }: { service: Service }) {
  const { t } = useTranslation(["app_verify", "app_shell"]);
  const navigate = useNavigate();
  const may = useMay();
  const remove = useRemove(service);
  const [trying, setTrying] = useState(false);
  return (
    <>
      {may("messages:send") && <Button variant="default" leftSection={<Send aria-hidden size={16} className="dir-icon" />} onClick={() => setTrying(true)}>{t("try")}</Button>}
      {may("routes:write") && <Button variant="subtle" color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={() => remove(() => void navigate(to("/messaging/verify")))}>{t("app_shell:delete")}</Button>}
      {trying && <TryOut service={service} close={() => setTrying(false)} />}
    </>
  );
}

/** The settings' own names, whether the server says where they stand or not. */
function unwrapped(error: unknown): unknown {
  if (!isProblem(error)) return error;
  return { ...error, fields: (error.fields ?? []).map(({ field, ...rest }) => ({ ...rest, field: field.replace(/^settings\./, "") })) };
}

function Edit({ service }: { service: Service | null }) {
  const { t } = useTranslation(["app_verify", "app_shell"]);
  const format = useFormat();
  const navigate = useNavigate();
  const writes = useMay()("routes:write");
  const { name: organisation } = useMembership();
  const shown = (name: Count, value: number) => format.number(name === "expires_in" ? Number(minutesText(value)) : value);
  const within = (name: Count) => (text: string) => (fits(name, text) ? null : t("number.between", { from: shown(name, RANGES[name][0]), to: shown(name, RANGES[name][1]) }));
  const form = useServerForm<ServiceForm>({
    initialValues: formOf(service),
    validate: {
      channels: (list: string[]) => (list.length > 0 ? null : t("channels.needed")),
      texts: (texts: Record<string, string>) => (Object.values(texts).every((text) => text.trim() === "" || text.includes("{code}")) ? null : t("texts.code", { code: "{code}" })),
      ...Object.fromEntries(COUNTS.map((name) => [name, within(name)])),
    },
  });
  useLeaving(form.isDirty(), form.reset);
  const submit = form.send(async (values) => {
    const body = { name: values.name.trim(), settings: settingsOf(values) };
    try {
      if (service) {
        await saveService(service.id, body);
        form.resetDirty();
        told(t("app_shell:saved"));
      } else {
        const made = await makeService(body);
        form.resetDirty();
        told(t("service.made"));
        void navigate(to(`/messaging/verify/${made.id}`), { replace: true });
      }
    } catch (error) {
      throw unwrapped(error);
    }
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {form.trouble !== null && <Failed error={form.trouble} />}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Stack gap="lg">
              <Card component="section"><Stack>
                <TextInput data-autofocus={service === null || undefined} required readOnly={!writes} dir="auto" maxLength={60} label={t("name")} description={t("name.note")} {...form.getInputProps("name")} />
                <Ladder channels={form.values.channels} error={form.errors.channels} readOnly={!writes} change={(channels) => form.setFieldValue("channels", channels)} />
                <From form={form} readOnly={!writes} />
              </Stack></Card>
              <Card component="section"><Stack>
                <Title order={2}>{t("code")}</Title>
                <Counts form={form} names={["code_length", "expires_in", "max_attempts", "max_sends", "cooldown"]} readOnly={!writes} />
              </Stack></Card>
              <Card component="section"><Stack>
                <Title order={2}>{t("misuse")}</Title>
                <Text size="sm" c="dimmed">{t("misuse.about")}</Text>
                <Counts form={form} names={["per_recipient_a_day", "per_address_an_hour", "per_caller_a_minute"]} readOnly={!writes} />
              </Stack></Card>
              <Card component="section"><Stack>
                <Title order={2}>{t("filling")}</Title>
                <Text size="sm" c="dimmed">{t("filling.about")}</Text>
                <SimpleGrid cols={{ base: 1, sm: 2 }}>
                  <TextInput dir="ltr" readOnly={!writes} label={t("web_otp")} description={t("web_otp.note")} {...form.getInputProps("web_otp")} />
                  <TextInput dir="ltr" readOnly={!writes} maxLength={11} label={t("app_hash")} description={t("app_hash.note")} {...form.getInputProps("app_hash")} />
                </SimpleGrid>
              </Stack></Card>
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}><Texts form={form} organisation={organisation} readOnly={!writes} /></Grid.Col>
        </Grid>
        {writes && <Group justify="flex-end"><Button type="submit" size="md" loading={form.busy} disabled={form.values.name.trim() === "" || (service !== null && !form.isDirty())}>{t(service ? "app_shell:save" : "service.make")}</Button></Group>}
      </Stack>
    </form>
  );
}

function Counts({ form, names, readOnly }: { form: Form<ServiceForm>; names: readonly Count[]; readOnly: boolean }) {
  const { t } = useTranslation("app_verify");
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {names.map((name) => <TextInput key={name} required dir="ltr" inputMode={name === "expires_in" ? "decimal" : "numeric"} readOnly={readOnly} label={t(name)} description={t(`${name}.note`)} {...form.getInputProps(name)} />)}
    </SimpleGrid>
  );
}

function From({ form, readOnly }: { form: Form<ServiceForm>; readOnly: boolean }) {
  const { t } = useTranslation("app_verify");
  const { data } = useSenders();
  const values = [...new Set([...(data?.items ?? []).map(({ value }) => value), form.values.originator].filter(Boolean))];
  return <Select allowDeselect={false} readOnly={readOnly} label={t("originator")} description={t("originator.note")} data={[{ value: "", label: t("originator.any") }, ...values.map((value) => ({ value, label: value }))]} {...form.getInputProps("originator")} />;
}
