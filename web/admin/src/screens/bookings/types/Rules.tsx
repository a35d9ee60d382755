import { Anchor, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@mantine/core";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Dialog } from "@/ui/Dialog";
import { Section } from "@/ui/Section";
import { savePaymentProvider, usePaymentProvider } from "../server";
import { moneyOf } from "../words";
import { LengthInput } from "./inputs";
import type { Work } from "./useWork";

/** Approval, deadlines, payment, and what comes after booking. */
export default function Rules({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { definition } = work.draft;
  return (
    <div>
      <Section title={t("rules.approval")}>
        <Switch label={t("rules.approval.on")} description={t("rules.approval.note")} checked={definition.approval} onChange={(event) => work.define({ approval: event.currentTarget.checked })} />
      </Section>
      <Section title={t("rules.deadlines")} about={t("rules.deadlines.about")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {(["cancel_until", "reschedule_until"] as const).map((name) => (
            <Stack key={name} gap="xs">
              <Switch label={t(`rules.${name}`)} checked={definition[name] !== null} onChange={(event) => work.define({ [name]: event.currentTarget.checked ? 0 : null })} />
              {definition[name] !== null && <LengthInput label={t("rules.until")} value={definition[name]} onChange={(value) => work.define({ [name]: value })} error={work.wrong(name)} />}
            </Stack>
          ))}
        </SimpleGrid>
      </Section>
      <Section title={t("rules.hold")} about={t("rules.hold.about")}>
        <NumberInput maw={260} label={t("rules.hold.minutes")} min={1} max={60} allowDecimal={false} dir="ltr" value={definition.hold_minutes} error={work.wrong("hold_minutes")} onChange={(value) => work.define({ hold_minutes: Math.max(1, Number(value) || 1) })} />
      </Section>
      <Payment work={work} />
      <Section title={t("rules.redirect")} about={t("rules.redirect.about")}>
        <TextInput label={t("rules.redirect.url")} type="url" dir="ltr" value={definition.redirect ?? ""} error={work.wrong("redirect")} onChange={(event) => work.define({ redirect: event.currentTarget.value || null })} />
      </Section>
    </div>
  );
}

const CURRENCIES = ["SAR", "AED", "EGP", "EUR", "USD", "GBP", "KWD", "QAR", "BHD", "OMR", "JOD", "MAD", "TND", "TRY", "CHF"];
const digitsOf = (currency: string) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

function Payment({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { tag } = useFormat();
  const manages = useMay()("bookings:manage");
  const provider = usePaymentProvider(manages);
  const [setting, setSetting] = useState(false);
  const { payment, approval } = work.draft.definition;
  const ready = provider.data?.has_secret_key === true;
  const factor = payment ? 10 ** digitsOf(payment.currency) : 1;
  return (
    <Section title={t("pay")} about={t("pay.about")} actions={manages && <Button size="xs" variant="default" onClick={() => setSetting(true)}>{t("pay.set_up")}</Button>}>
      <Switch label={t("pay.on")} description={ready ? undefined : t("pay.not_set_up")} disabled={!ready && !payment} checked={payment !== null} onChange={(event) => work.define({ payment: event.currentTarget.checked ? { amount: 10_000, currency: "SAR", pay_within: 30 } : null })} />
      {payment && (
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <NumberInput label={t("pay.amount")} description={moneyOf(tag, payment.amount, payment.currency)} min={0} decimalScale={digitsOf(payment.currency)} dir="ltr" value={payment.amount / factor} error={work.wrong("payment.amount")} onChange={(value) => work.define({ payment: { ...payment, amount: Math.round((Number(value) || 0) * factor) } })} />
          <Select label={t("pay.currency")} allowDeselect={false} searchable data={[...new Set([...CURRENCIES, payment.currency])]} value={payment.currency} error={work.wrong("payment.currency")} onChange={(currency) => currency && work.define({ payment: { ...payment, currency, amount: Math.round((payment.amount / factor) * 10 ** digitsOf(currency)) } })} />
          <LengthInput label={t("pay.within")} min={1} value={payment.pay_within} error={work.wrong("payment.pay_within")} onChange={(pay_within) => work.define({ payment: { ...payment, pay_within } })} />
        </SimpleGrid>
      )}
      {payment && approval && <Text size="sm" c="var(--mantine-color-error)">{t("pay.approval")}</Text>}
      {payment && <Text size="xs" c="dimmed">{t("pay.card")} <Anchor size="xs" component="button" type="button" onClick={() => setSetting(true)}>{t("pay.set_up")}</Anchor></Text>}
      {setting && (
        <Dialog title={t("pay.set_up")} about={t("pay.set_up.about")} button={t("pay.keep")} close={() => setSetting(false)} initial={{ api_base: provider.data?.api_base ?? "https://api.stripe.com", secret_key: "", webhook_secret: "" }}
          fields={[
            { name: "api_base", label: t("pay.api_base"), needed: true, code: true },
            { name: "secret_key", label: t("pay.secret_key"), note: provider.data?.has_secret_key ? t("account.unchanged") : undefined, code: true },
            { name: "webhook_secret", label: t("pay.webhook_secret"), note: provider.data?.has_webhook_secret ? t("account.unchanged") : undefined, code: true },
          ]}
          send={({ api_base, secret_key, webhook_secret }) => savePaymentProvider({ provider: "stripe", api_base, ...(secret_key ? { secret_key } : {}), ...(webhook_secret ? { webhook_secret } : {}) })} />
      )}
    </Section>
  );
}
