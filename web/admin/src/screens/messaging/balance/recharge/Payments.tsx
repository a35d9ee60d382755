import { Button, Group, Stack, Text } from "@mantine/core";
import { Banknote } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { told } from "@/ui/notify";
import { Pager } from "@/ui/Pager";
import { Status } from "@/ui/Status";
import { Moment } from "@/ui/text";
import { useCodes } from "../../codes";
import { moneyOf } from "../../money";
import { usePages } from "../../usePages";
import { canCancel, cancelPayment, usePayments, type Payment } from "./server";
import { toneOf } from "./states";

/** Every payment, asked for by somebody or by itself, newest first, with what it still needs. */
export function Payments() {
  const { t } = useTranslation("app_money");
  const { tag } = useFormat();
  const codes = useCodes("app_money");
  const writes = useMay()("balance:write");
  const pages = usePages();
  const list = usePayments(pages.cursor);
  const columns = [
    { key: "at", title: t("at"), cell: ({ created_at }: Payment) => <Moment at={created_at} /> },
    { key: "amount", title: t("amount"), numeric: true, cell: ({ amount_micros, currency }: Payment) => <Text size="sm" fw={600} span><bdi>{moneyOf(tag, amount_micros, currency)}</bdi></Text> },
    { key: "kind", title: t("kind"), cell: ({ kind }: Payment) => codes("kind", kind) },
    { key: "state", title: t("state"), cell: ({ state, reason, act_by }: Payment) => (
      <Stack gap={2} align="flex-start">
        <Status tone={toneOf(state)}>{codes("state", state)}</Status>
        {reason && <Text size="xs" c="dimmed" maw={260}>{codes("why", reason)}</Text>}
        {act_by && canCancel({ state }) && <Text size="xs" c="dimmed">{t("act_by")} <Moment at={act_by} /></Text>}
      </Stack>
    ) },
    ...(writes ? [{ key: "actions", title: t("actions"), cell: (payment: Payment) => <Acts payment={payment} /> }] : []),
  ];
  return (
    <Loaded query={list}>
      {({ items, next }) => (
        <DataTable label={t("payments")} columns={columns} rows={items} rowKey={({ id }) => id} empty={pages.back ? undefined : <Nothing icon={Banknote} order={2} title={t("payments.none")} text={t("payments.none.text")} />}
          footer={(next || pages.back) ? <Pager back={pages.back} on={next ? () => pages.on(next) : undefined} /> : undefined} />
      )}
    </Loaded>
  );
}

function Acts({ payment }: { payment: Payment }) {
  const { t } = useTranslation("app_money");
  const { tag } = useFormat();
  const { id, state, url, amount_micros, currency } = payment;
  if (!canCancel(payment)) return null;
  const amount = `\u2068${moneyOf(tag, amount_micros, currency)}\u2069`;
  const back = () => confirm({
    title: t("cancel.title", { amount }), text: t("cancel.text"), button: t("cancel"), destroys: true,
    act: async () => { await cancelPayment(id); told(t("cancelled")); },
  });
  return (
    <Group gap={4} justify="flex-end">
      {url && <Button component="a" href={url} size="compact-sm" color={state === "needs_action" ? "amber" : "teal"} variant="light">{t(state === "needs_action" ? "confirm" : "go_on")}</Button>}
      <Button size="compact-sm" variant="subtle" color="red" onClick={back}>{t("cancel")}</Button>
    </Group>
  );
}
