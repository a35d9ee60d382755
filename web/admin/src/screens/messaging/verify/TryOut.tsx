import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { CircleCheck, RotateCcw } from "lucide-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { codeOf } from "@/api/problem";
import { useMay } from "@/app/session";
import { latinDigits, useFormat } from "@/i18n/format";
import { LANGUAGES } from "@/i18n";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { refused, told } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { Ltr } from "@/ui/text";
import { useCodes } from "../codes";
import { plainNumber } from "../numbers/list";
import { beginVerification, CHANNELS, checkCode, isOpen, resendCode, useServices, type Service, type Verification } from "./server";
import { toneOf } from "./states";

/** Sends a code to an address of one's own and takes it back: the whole way, as an application goes it. */
export function TryOut({ service, close }: { service?: Service; close: () => void }) {
  const { t } = useTranslation(["app_verify", "app_shell"]);
  const [begun, setBegun] = useState<Verification | null>(null);
  return (
    <Modal opened onClose={close} title={<Text fw={600} component="span">{service ? <>{t("try")}: <bdi>{service.name}</bdi></> : t("try")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      {begun ? <Check verification={begun} change={setBegun} close={close} /> : <Begin service={service} begun={setBegun} close={close} />}
    </Modal>
  );
}

function Begin({ service, begun, close }: { service?: Service; begun: (verification: Verification) => void; close: () => void }) {
  const { t, i18n } = useTranslation(["app_verify", "app_shell"]);
  const codes = useCodes("app_verify");
  const sees = useMay()("routes:read");
  const { data } = useServices(sees && !service);
  const form = useServerForm({ initialValues: { to: "", service: service?.id ?? "", channel: "", locale: i18n.language } });
  const submit = form.send(async ({ to, service, channel, locale }) => {
    const address = to.includes("@") ? to.trim() : plainNumber(to);
    begun(await beginVerification({ to: address, service: service || null, channel: channel || null, locale }));
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {form.trouble !== null && <Failed error={form.trouble} />}
        <Text size="sm" c="dimmed">{t("try.about")}</Text>
        <TextInput data-autofocus required dir="ltr" label={t("try.to")} description={t("try.to.note")} {...form.getInputProps("to")} />
        {!service && sees && <Select allowDeselect={false} label={t("service")} data={[{ value: "", label: t("service.none") }, ...(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]} {...form.getInputProps("service")} />}
        <Select allowDeselect={false} label={t("channel")} data={[{ value: "", label: t("try.ladder") }, ...CHANNELS.map((value) => ({ value, label: codes("channel", value) }))]} {...form.getInputProps("channel")} />
        <Select allowDeselect={false} label={t("language")} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} {...form.getInputProps("locale")} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy} disabled={form.values.to.trim() === ""}>{t("try.send")}</Button></Group>
      </Stack>
    </form>
  );
}

function Check({ verification, change, close }: { verification: Verification; change: (verification: Verification) => void; close: () => void }) {
  const { t } = useTranslation(["app_verify", "app_shell"]);
  const codes = useCodes("app_verify");
  const format = useFormat();
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState("");
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { id, to, state, channel } = verification;
  const check = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    setWrong("");
    try {
      change(await checkCode(id, latinDigits(code)));
    } catch (error) {
      if (codeOf(error) === "wrong_code") setWrong(t("try.wrong"));
      else setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  const again = () => void resendCode(id).then((sent) => { change(sent); told(t("resent")); }, refused);
  if (state === "verified") {
    return (
      <Stack>
        <Alert color="teal" icon={<CircleCheck aria-hidden />} title={t("try.right")} role="status">{t("try.right.text")}</Alert>
        <Group justify="flex-end"><Button data-autofocus onClick={close}>{t("app_shell:close")}</Button></Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={(event) => void check(event)} noValidate>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <Group gap="xs"><Status tone={toneOf(state)}>{codes("state", state)}</Status><Text size="sm">{codes("channel", channel)} · <Ltr>{to ?? ""}</Ltr></Text></Group>
        <Text size="sm" c="dimmed">{t("try.until", { time: format.time(verification.expires_at) })}</Text>
        <TextInput data-autofocus required dir="ltr" inputMode="numeric" autoComplete="one-time-code" label={t("try.code")} value={code} error={wrong} onChange={(event) => setCode(event.currentTarget.value)} />
        <Group justify="space-between">
          <Button variant="subtle" disabled={!isOpen(verification)} leftSection={<RotateCcw aria-hidden size={16} className="dir-icon" />} onClick={again}>{t("resend")}</Button>
          <Button type="submit" loading={busy} disabled={code.trim() === ""}>{t("try.check")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
