import { Group, Text } from "@mantine/core";
import { Check, CheckCheck, CircleAlert, CircleHelp, Clock, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import type { Happening } from "./api";

type Delivery = NonNullable<Happening["delivery"]>;

const LOOK: Record<Delivery["state"], LucideIcon> = {
  waiting: Clock, queued: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck,
  failed: CircleAlert, denied: CircleAlert, cancelled: CircleAlert, expired: CircleAlert, in_doubt: CircleHelp,
};
const BAD = new Set<Delivery["state"]>(["failed", "denied", "cancelled", "expired", "in_doubt"]);

/** What became of a message that left over SMS or a chat app, and why. */
export function Delivered({ delivery }: { delivery: Delivery }) {
  const { t, i18n } = useTranslation("app_inbox");
  const format = useFormat();
  const { state, reason, parts } = delivery;
  const Icon = LOOK[state];
  const key = `delivery.why.${reason ?? ""}`;
  const why = reason ? (i18n.exists(key, { ns: "app_inbox" }) ? t(key as "delivery.why.window_closed") : reason) : null;
  return (
    <Group gap={4} wrap="nowrap">
      <Icon aria-hidden size={13} color={BAD.has(state) ? "var(--mantine-color-error)" : undefined} />
      <Text size="xs" c={BAD.has(state) ? "red" : "dimmed"}>{t(`delivery.${state}`)}{why && <> · <bdi>{why}</bdi></>}{parts > 1 && <> · {t("line.count", { count: parts, n: format.number(parts) })}</>}</Text>
    </Group>
  );
}
