import { Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { told } from "@/ui/notify";
import { amountText, microsOf } from "../money";
import { saveTerms, type Balance } from "../server";

function useCurrencies(): Array<{ value: string; label: string }> {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const names = new Intl.DisplayNames(i18n.language, { type: "currency" });
    return Intl.supportedValuesOf("currency").map((value) => ({ value, label: `${names.of(value) ?? value} (${value})` })).sort((a, b) => a.label.localeCompare(b.label, i18n.language));
  }, [i18n.language]);
}

/** Currency, how far below zero the balance may go, and when to warn. */
export function Terms({ balance, close }: { balance: Balance; close: () => void }) {
  const { t } = useTranslation(["app_messaging", "app_shell"]);
  const currencies = useCurrencies();
  const { currency, credit_micros: credit, low_at_micros } = balance;
  const counted = credit === null || credit === undefined;
  const amount = (text: string) => { const micros = microsOf(text || "0"); return micros !== null && micros >= 0 ? null : t("amount.wrong"); };
  const form = useServerForm({
    initialValues: { currency, kind: counted ? "counted" : credit === 0 ? "prepaid" : "credit", credit_micros: counted ? "" : amountText(credit), low_at_micros: low_at_micros === 0 ? "" : amountText(low_at_micros) },
    validate: { credit_micros: (text, { kind }) => (kind === "credit" ? amount(text) : null), low_at_micros: amount },
  });
  const { kind } = form.values;
  const submit = form.send(async (values) => {
    const credit_micros = values.kind === "counted" ? null : values.kind === "prepaid" ? 0 : microsOf(values.credit_micros || "0");
    await saveTerms({ currency: values.currency, credit_micros, low_at_micros: microsOf(values.low_at_micros || "0") ?? 0 });
    told(t("app_shell:saved"));
    close();
  });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600}>{t("terms")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Select allowDeselect={false} searchable label={t("terms.currency")} description={t("terms.currency.note")} data={currencies} {...form.getInputProps("currency")} />
          <Radio.Group label={t("terms.kind")} {...form.getInputProps("kind")}>
            <Stack gap="xs" mt="xs">{(["prepaid", "credit", "counted"] as const).map((code) => <Radio key={code} value={code} label={t(`terms.kind.${code}`)} description={t(`terms.kind.${code}.note`)} />)}</Stack>
          </Radio.Group>
          {kind === "credit" && <TextInput dir="ltr" inputMode="decimal" label={t("terms.credit")} rightSection={<Text size="xs" c="dimmed">{form.values.currency}</Text>} rightSectionWidth={56} {...form.getInputProps("credit_micros")} />}
          <TextInput dir="ltr" inputMode="decimal" label={t("terms.low")} description={t("terms.low.note")} rightSection={<Text size="xs" c="dimmed">{form.values.currency}</Text>} rightSectionWidth={56} {...form.getInputProps("low_at_micros")} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy}>{t("app_shell:save")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
