import { Anchor, Text } from "@mantine/core";
import { ArrowDownUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Moment } from "@/ui/text";
import { moneyOf } from "../money";
import { useMovements, type Movement } from "../server";
import { usePages } from "../usePages";
import { useTexts } from "../useTexts";

/** Every movement of the balance, newest first. */
export function Movements({ currency }: { currency: string }) {
  const { t } = useTranslation("app_messaging");
  const { tag } = useFormat();
  const texts = useTexts();
  const sees = useMay()("messages:send");
  const pages = usePages();
  const list = useMovements(pages.cursor);
  const columns = [
    { key: "at", title: t("column.at"), cell: ({ at }: Movement) => <Moment at={at} /> },
    { key: "kind", title: t("movement.kind"), cell: ({ kind }: Movement) => texts("movement", kind) },
    { key: "message", title: t("movement.about"), cell: ({ message }: Movement) => (message?.startsWith("msg_") && sees ? <Anchor component={Link} to={to(`/messaging/messages/${message}`)} size="sm">{t("message")}</Anchor> : "–") },
    { key: "amount", title: t("movement.amount"), numeric: true, cell: ({ amount_micros }: Movement) => <Text size="sm" c={amount_micros < 0 ? undefined : "var(--barid-teal-text)"} fw={amount_micros < 0 ? 400 : 600}><bdi>{(amount_micros > 0 ? "+" : "") + moneyOf(tag, amount_micros, currency)}</bdi></Text> },
  ];
  return (
    <Loaded query={list}>
      {({ items, next }) => (
        <DataTable label={t("movements")} columns={columns} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={ArrowDownUp} title={t("movements.none")} text={t("movements.none.text")} />}
          footer={(next || pages.back) ? <Pager back={pages.back} on={next ? () => pages.on(next) : undefined} /> : undefined} />
      )}
    </Loaded>
  );
}
