import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { told } from "@/ui/notify";
import { microsOf, moneyOf } from "../money";
import { useTopUp, type Balance } from "../server";

/** Enters money that was paid. A negative amount corrects a mistake; both stand among the movements for good. */
export function TopUp({ balance, close }: { balance: Balance; close: () => void }) {
  const { t } = useTranslation(["app_messaging", "app_shell"]);
  const { tag } = useFormat();
  const topUp = useTopUp();
  const form = useServerForm({ initialValues: { amount_micros: "" } });
  const micros = microsOf(form.values.amount_micros);
  const wrong = form.values.amount_micros.trim() !== "" && micros === null;
  const submit = form.send(async () => {
    if (!micros) return;
    await topUp(micros);
    told(t("top_up.done", { amount: moneyOf(tag, micros, balance.currency) }));
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("top_up")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Text size="sm" c="dimmed">{t("top_up.about")}</Text>
          <TextInput data-autofocus required dir="ltr" inputMode="decimal" label={t("top_up.amount")} description={t("top_up.note")} rightSection={<Text size="xs" c="dimmed">{balance.currency}</Text>} rightSectionWidth={56}
            {...form.getInputProps("amount_micros")} error={form.errors.amount_micros ?? (wrong ? t("amount.wrong") : undefined)} />
          {micros !== null && micros !== 0 && <Text size="sm" aria-live="polite">{t("top_up.then")} <bdi>{moneyOf(tag, balance.available_micros + micros, balance.currency)}</bdi></Text>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy} disabled={!micros}>{t("top_up.go")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
