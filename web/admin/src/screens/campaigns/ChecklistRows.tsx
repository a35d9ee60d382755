import { Anchor, Group, Stack, Text } from "@mantine/core";
import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { named } from "@/ui/Language";
import { moneyOf } from "@/screens/messaging/money";
import { fixOf, sorted, type Level } from "./checklist";
import type { ChecklistItem } from "./server";

const LOOK = { blocking: [CircleX, "red"], warning: [TriangleAlert, "amber"], ok: [CircleCheck, "teal"] } as const;

/** What was looked at before sending, worst first; each row says what to do and leads there. */
export function ChecklistRows({ id, items, sms = false }: { id: string; items: readonly ChecklistItem[]; sms?: boolean }) {
  return <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: "none" }}>{sorted(items).map((item, at) => <Row key={`${item.code} ${at}`} id={id} item={item} sms={sms} />)}</Stack>;
}

function useSaid(item: ChecklistItem): string {
  const { t, i18n } = useTranslation("app_campaigns");
  const format = useFormat();
  const ends = [item.count === 0 ? ".none" : ".some", item.level === "ok" ? ".ok" : ".bad", ""];
  const known = ends.map((end) => `check.${item.code}${end}`).find((key) => i18n.exists(key, { ns: "app_campaigns", count: item.count ?? 0 }));
  if (!known) return item.values.detail ?? item.code;
  const count = item.count ?? 0;
  const shown = (name: string, value: string) => {
    if (name.endsWith("_micros")) return moneyOf(format.tag, Number(value), item.values.currency);
    if (name === "countries") return format.list(value.split(/[\s,]+/).filter(Boolean).map((code) => named("region", i18n.language, code)));
    return /^\d+$/.test(value) ? format.number(Number(value)) : value;
  };
  const values = Object.fromEntries(Object.entries(item.values).map(([name, value]) => [name, shown(name, value)]));
  return t(known as "check.audience", { ...values, count, n: format.number(count) });
}

function Row({ id, item, sms }: { id: string; item: ChecklistItem; sms: boolean }) {
  const { t } = useTranslation("app_campaigns");
  const said = useSaid(item);
  const [Icon, color] = LOOK[item.level as Level] ?? LOOK.warning;
  const detail = item.code === "template_error" || item.code === "text_invalid" ? item.values.detail : item.values.first;
  return (
    <Group component="li" wrap="nowrap" align="flex-start" gap="sm" py={8} style={{ borderBlockEnd: "1px solid var(--mantine-color-default-border)" }}>
      <Icon role="img" aria-label={t(`level.${item.level as Level}`)} size={18} color={`var(--barid-${color}-text)`} style={{ marginBlockStart: 3, flexShrink: 0 }} />
      <Stack gap={0} style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm">{said}</Text>
        {detail && <Text size="xs" c="dimmed" dir="auto" style={{ overflowWrap: "anywhere" }}><bdi>{detail}</bdi></Text>}
      </Stack>
      {item.level !== "ok" && <Anchor component={Link} size="sm" to={to(fixOf(id, item.fix, sms))} style={{ whiteSpace: "nowrap" }}>{t("check.fix")}</Anchor>}
    </Group>
  );
}
