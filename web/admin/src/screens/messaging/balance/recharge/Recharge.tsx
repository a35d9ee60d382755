import { Alert, Stack } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Loaded } from "@/ui/Loaded";
import { Section } from "@/ui/Section";
import type { Balance } from "../../server";
import { AutoForm } from "./AutoForm";
import { Came } from "./Came";
import { MethodCard } from "./MethodCard";
import { PayIn } from "./PayIn";
import { Payments } from "./Payments";
import { useAuto, useSaved } from "./server";

/** How money comes in: paid once, or by itself from a method that somebody saved. */
export function Recharge({ balance }: { balance: Balance }) {
  const { t, i18n } = useTranslation("app_money");
  const saved = useSaved(i18n.language);
  const auto = useAuto(i18n.language);
  return (
    <Stack gap="md">
      <Came />
      <Loaded query={saved} lines={6}>
        {(known) => (
          <>
            {!known.provider.available && <Alert color="amber" icon={<TriangleAlert aria-hidden />} title={t("provider.none")}>{t("provider.none.text")}</Alert>}
            {known.provider.available && known.provider.test && <Alert color="gray">{t("provider.test")}</Alert>}
            {known.provider.available && <Section title={t("pay")} about={t("pay.about")}><PayIn currency={balance.currency} /></Section>}
            <Section title={t("method")} about={t("method.about")}><MethodCard saved={known} /></Section>
            <Section title={t("auto")} about={t("auto.about")}><Loaded query={auto}>{(standing) => <AutoForm key={`${standing.enabled}-${standing.consent?.event ?? ""}`} auto={standing} counted={balance.credit_micros === null || balance.credit_micros === undefined} available={known.provider.available} />}</Loaded></Section>
          </>
        )}
      </Loaded>
      <Section title={t("payments")} about={t("payments.about")}><Payments /></Section>
    </Stack>
  );
}
