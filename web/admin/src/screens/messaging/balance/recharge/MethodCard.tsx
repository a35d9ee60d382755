import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { CreditCard, ExternalLink, ShieldCheck } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import { Ltr, Moment } from "@/ui/text";
import { useCodes } from "../../codes";
import { Agreed } from "./Agreed";
import { leaveFor, saveMethod, withdrawMethod, type Method, type Saved } from "./server";

/** What is stored to pay with, all of it; giving it and taking it back are one press each. */
export function MethodCard({ saved: { provider, method, pending, leaving, words } }: { saved: Saved }) {
  const { t } = useTranslation("app_money");
  const codes = useCodes("app_money");
  const writes = useMay()("balance:write");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setTrouble(null);
    try {
      await act();
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  const give = () => void run(async () => leaveFor((await saveMethod(words)).url));
  const take = () => void run(async () => { await withdrawMethod(); told(t("method.withdrawn")); });
  return (
    <Stack>
      {trouble !== null && <Failed error={trouble} />}
      {leaving.map(({ id, since, attempts, reason }) => <Alert key={id} color="amber" title={t("method.leaving")}>{t("method.leaving.text", { count: attempts })} <Moment at={since} />{reason && <> · {codes("method.why", reason)}</>}</Alert>)}
      {method ? <Stored method={method} /> : <Text size="sm">{t("method.none")}</Text>}
      {pending && !method && <Alert color="gray">{t("method.pending")} <Moment at={pending.since} />{pending.url && <> <Anchor href={pending.url} inherit underline="always">{t("method.pending.go")}</Anchor></>}</Alert>}
      {writes && (method ? (
        <Group><Button variant="default" color="red" loading={busy} onClick={take}>{t("method.withdraw")}</Button><Text size="xs" c="dimmed">{t("method.withdraw.about")}</Text></Group>
      ) : provider.available && (
        <Stack gap="xs">
          <Words text={words.text} />
          <Group><Button loading={busy} leftSection={<CreditCard aria-hidden size={16} />} rightSection={<ExternalLink aria-hidden size={14} className="dir-icon" />} onClick={give}>{t("method.save")}</Button></Group>
        </Stack>
      ))}
    </Stack>
  );
}

/** What somebody agrees to, before they do. */
export function Words({ text }: { text: string }) {
  const { t } = useTranslation("app_money");
  return <Alert color="gray" icon={<ShieldCheck aria-hidden />} title={t("words")}><Text size="sm" style={{ whiteSpace: "pre-line" }} dir="auto">{text}</Text></Alert>;
}

function Stored({ method: { kind, last4, exp_month, exp_year, holder, iban, bic, name, email, consent, saved_at } }: { method: Method }) {
  const { t } = useTranslation("app_money");
  const codes = useCodes("app_money");
  const format = useFormat();
  const facts: Array<readonly [string, ReactNode]> = [
    [t("method.kind"), codes("method.kind", kind)],
    ...(last4 ? [[t("method.last4"), <Ltr key="last4">{`•••• ${last4}`}</Ltr>] as const] : []),
    ...(exp_month && exp_year ? [[t("method.expires"), <Ltr key="expires">{`${String(exp_month).padStart(2, "0")}/${exp_year}`}</Ltr>] as const] : []),
    ...(holder ? [[t("method.holder"), <bdi key="holder">{holder}</bdi>] as const] : []),
    ...(name ? [[t("method.holder"), <bdi key="name">{name}</bdi>] as const] : []),
    ...(iban ? [[t("method.iban"), <Ltr key="iban">{iban}</Ltr>] as const] : []),
    ...(bic ? [[t("method.bic"), <Ltr key="bic">{bic}</Ltr>] as const] : []),
    ...(email ? [[t("method.email"), <Ltr key="email">{email}</Ltr>] as const] : []),
    [t("method.since"), format.dateTime(saved_at)],
  ];
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">{t("method.stored")}</Text>
      <Stack component="dl" gap={4} m={0} maw={480}>
        {facts.map(([label, value]) => <Group key={label} justify="space-between" gap="sm" wrap="nowrap"><Text component="dt" size="sm" c="dimmed">{label}</Text><Text component="dd" size="sm" m={0} ta="end" style={{ overflowWrap: "anywhere" }}>{value}</Text></Group>)}
      </Stack>
      <Agreed consent={consent} />
    </Stack>
  );
}
