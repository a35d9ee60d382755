import { Anchor, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { Section } from "@/ui/Section";
import { usePaymentProvider } from "../server";
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
  const provider = usePaymentProvider();
  const { payment, approval } = work.draft.definition;
  const ready = provider.data?.connected === true;
  const factor = payment ? 10 ** digitsOf(payment.currency) : 1;
  const setUp = <Anchor component={Link} to={to("/bookings/settings")} size="sm">{t("pay.set_up")}</Anchor>;
  return (
    <Section title={t("pay")} about={t("pay.about")}>
      <Switch label={t("pay.on")} description={ready ? undefined : t("pay.not_set_up")} disabled={!ready && !payment} checked={payment !== null} error={work.wrong("payment")}
        onChange={(event) => work.define({ payment: event.currentTarget.checked ? { amount: 10_000, currency: "SAR", pay_within: 30, refund_until: 0 } : null })} />
      {!ready && provider.data && <Text size="sm">{setUp}</Text>}
      {payment && (
        <>
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <NumberInput label={t("pay.amount")} description={moneyOf(tag, payment.amount, payment.currency)} min={0} decimalScale={digitsOf(payment.currency)} dir="ltr" value={payment.amount / factor} error={work.wrong("payment.amount")} onChange={(value) => work.define({ payment: { ...payment, amount: Math.round((Number(value) || 0) * factor) } })} />
            <Select label={t("pay.currency")} allowDeselect={false} searchable data={[...new Set([...CURRENCIES, payment.currency])]} value={payment.currency} error={work.wrong("payment.currency")} onChange={(currency) => currency && work.define({ payment: { ...payment, currency, amount: Math.round((payment.amount / factor) * 10 ** digitsOf(currency)) } })} />
            <LengthInput label={t("pay.within")} min={1} value={payment.pay_within} error={work.wrong("payment.pay_within")} onChange={(pay_within) => work.define({ payment: { ...payment, pay_within } })} />
          </SimpleGrid>
          <Switch label={t("pay.refund")} description={t("pay.refund.about")} checked={payment.refund_until !== null} onChange={(event) => work.define({ payment: { ...payment, refund_until: event.currentTarget.checked ? 1440 : null } })} />
          {payment.refund_until !== null && <LengthInput label={t("rules.until")} value={payment.refund_until} error={work.wrong("payment.refund_until")} onChange={(refund_until) => work.define({ payment: { ...payment, refund_until } })} />}
          <Text size="xs" c="dimmed">{t("pay.card")}</Text>
        </>
      )}
      {payment && approval && <Text size="sm" c="var(--mantine-color-error)">{t("pay.approval")}</Text>}
    </Section>
  );
}
