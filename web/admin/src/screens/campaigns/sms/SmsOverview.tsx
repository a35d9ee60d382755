import { Card, SimpleGrid, Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { moneyOf } from "@/screens/messaging/money";
import { Figure } from "@/ui/Figure";
import { Countries } from "./Estimate";
import type { SmsFigures } from "./shapes";

/** The figures of a campaign by SMS: what arrived, what came of it, what it cost. */
export function SmsFiguresView({ figures, sent, failed, track }: { figures: SmsFigures; sent: number; failed: number; track: boolean }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const { delivered, unconfirmed, expired, clicked, unsubscribed, parts, cost_micros, reserved_micros, currency, held } = figures;
  const money = (micros: number) => <bdi>{moneyOf(format.tag, micros, currency)}</bdi>;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="sm">
      <Figure label={t("report.delivered")} value={format.number(delivered)} note={format.share(delivered, sent)} />
      <Figure label={t("report.unconfirmed")} hint={t("report.unconfirmed.hint")} value={format.number(unconfirmed)} note={format.share(unconfirmed, sent)} />
      <Figure label={t("report.failed")} value={format.number(failed + expired)} note={format.share(failed + expired, sent + failed)} />
      {held > 0 && <Figure label={t("state.held")} value={format.number(held)} />}
      <Figure label={t("report.clicked")} value={track ? format.number(clicked) : "–"} note={track ? format.share(clicked, delivered) : t("report.uncounted")} />
      <Figure label={t("report.left")} value={format.number(unsubscribed)} note={format.share(unsubscribed, delivered)} />
      <Figure label={t("column.parts")} value={format.number(parts)} />
      <Figure label={t("report.cost")} value={money(cost_micros)} note={reserved_micros > 0 ? <>{t("report.reserved")} {money(reserved_micros)}</> : undefined} />
    </SimpleGrid>
  );
}

export function SmsCountries({ figures }: { figures: SmsFigures }) {
  const { t } = useTranslation("app_messaging");
  if (figures.by_country.length === 0) return null;
  return <Card><Stack gap="sm"><Title order={2}>{t("sms.by_country")}</Title><Countries rows={figures.by_country} currency={figures.currency} /></Stack></Card>;
}
