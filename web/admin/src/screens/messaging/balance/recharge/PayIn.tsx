import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { amountText, microsOf, moneyOf } from "../../money";
import { leaveFor, usePaying } from "./server";

const USUAL = [20, 50, 100, 250];
const MICROS = 1_000_000;

/** Pays in on a page of the provider, which alone sees the card. */
export function PayIn({ currency }: { currency: string }) {
  const { t } = useTranslation("app_money");
  const { tag } = useFormat();
  const writes = useMay()("balance:write");
  const pay = usePaying();
  const form = useServerForm({ initialValues: { amount_micros: "" } });
  const micros = microsOf(form.values.amount_micros);
  const wrong = form.values.amount_micros.trim() !== "" && (micros === null || micros <= 0);
  const submit = form.send(async () => {
    if (!micros || micros < 0) return;
    const { url } = await pay(micros);
    if (url) leaveFor(url);
  });
  if (!writes) return <Text size="sm" c="dimmed">{t("pay.may_not")}</Text>;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {form.trouble !== null && <Failed error={form.trouble} />}
        <Group gap={6} role="group" aria-label={t("pay.usual")}>{USUAL.map((amount) => <Button key={amount} size="compact-sm" variant="default" onClick={() => form.setFieldValue("amount_micros", amountText(amount * MICROS))}><bdi>{moneyOf(tag, amount * MICROS, currency)}</bdi></Button>)}</Group>
        <Group align="flex-start" gap="sm">
          <TextInput required dir="ltr" inputMode="decimal" maw={280} style={{ flex: "1 1 12rem" }} label={t("pay.amount")} rightSection={<Text size="xs" c="dimmed">{currency}</Text>} rightSectionWidth={56} {...form.getInputProps("amount_micros")} error={form.errors.amount_micros ?? (wrong ? t("amount.wrong") : undefined)} />
          <Button type="submit" mt={{ sm: 26 }} loading={form.busy} disabled={!micros || micros < 0} rightSection={<ExternalLink aria-hidden size={16} className="dir-icon" />}>{t("pay.go")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
