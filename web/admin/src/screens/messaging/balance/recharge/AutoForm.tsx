import { Alert, Group, Progress, SimpleGrid, Stack, Switch, Text, TextInput, Button } from "@mantine/core";
import { CircleHelp, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { told } from "@/ui/notify";
import { Moment } from "@/ui/text";
import { amountText, microsOf, moneyOf } from "../../money";
import { Agreed } from "./Agreed";
import { amountsOf, faultsOf, filled, type Typed } from "./amounts";
import { Words } from "./MethodCard";
import { agree, disagree, type Auto } from "./server";

const NAMES = ["floor_micros", "amount_micros", "monthly_cap_micros"] as const;
const typedOf = (micros: number | null | undefined) => (micros === null || micros === undefined ? "" : amountText(micros));

/** Recharging by itself. The switch is the agreement: on agrees to the words beside it, off withdraws, at once. */
export function AutoForm({ auto, counted, available }: { auto: Auto; counted: boolean; available: boolean }) {
  const { t } = useTranslation("app_money");
  const { tag } = useFormat();
  const writes = useMay()("balance:write");
  const [off, setOff] = useState(false);
  const { enabled, currency, consent, stopped, open, has_method, words, failures, next_attempt_at } = auto;
  const form = useServerForm<Typed>({ initialValues: { floor_micros: typedOf(auto.floor_micros), amount_micros: typedOf(auto.amount_micros), monthly_cap_micros: typedOf(auto.monthly_cap_micros) } });
  const { values } = form;
  const amounts = amountsOf(values);
  const faults = faultsOf(values);
  const money = (micros: number) => moneyOf(tag, micros, currency);
  const shown = Object.fromEntries(NAMES.flatMap((name) => { const micros = microsOf(values[name]); return micros === null ? [] : [[name, micros]]; }));
  const on = form.send(async () => {
    if (!amounts) return;
    await agree(amounts, words);
    told(t(enabled ? "auto.changed" : "auto.on"));
  });
  const out = async () => {
    setOff(true);
    try {
      await disagree();
      told(t("auto.off"));
    } finally {
      setOff(false);
    }
  };
  const possible = has_method && !counted && available;
  const why = counted ? "auto.counted" : !has_method ? "auto.no_method" : null;
  const changed = enabled && form.isDirty();
  return (
    <Stack>
      {form.trouble !== null && <Failed error={form.trouble} />}
      {stopped && !enabled && <Alert color="amber" icon={<TriangleAlert aria-hidden />} title={t("auto.stopped")}>{t(`auto.stopped.${stopped.reason as "failures"}`)} <Moment at={stopped.at} /></Alert>}
      {failures > 0 && enabled && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("auto.failing", { count: failures })}{next_attempt_at && <> {t("auto.next")} <Moment at={next_attempt_at} /></>}</Alert>}
      {open && <Alert color="gray" icon={<CircleHelp aria-hidden />}>{t(open.state === "needs_action" ? "auto.open.action" : "auto.open")}</Alert>}
      {why && !enabled && <Alert color="gray">{t(why)}</Alert>}
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {NAMES.map((name) => (
          <TextInput key={name} required dir="ltr" inputMode="decimal" readOnly={!writes} disabled={!possible && !enabled} label={t(`auto.${name}`)} description={t(`auto.${name}.note`)} rightSection={<Text size="xs" c="dimmed">{currency}</Text>} rightSectionWidth={56}
            {...form.getInputProps(name)} error={form.errors[name] ?? (values[name].trim() !== "" && faults[name] ? t(faults[name] === "cap" ? "auto.cap.wrong" : "amount.wrong") : undefined)} />
        ))}
      </SimpleGrid>
      {(possible || enabled) && <Words text={filled(words.text, shown, money)} />}
      {writes && (
        <Group justify="space-between" gap="sm">
          <Switch size="md" checked={enabled} disabled={off || form.busy || (!enabled && (!possible || !amounts))} label={t(enabled ? "auto.is_on" : "auto.agree")} description={!enabled && possible && !amounts ? t("auto.fill") : undefined} onChange={() => { if (enabled) void out(); else on(); }} />
          {changed && <Button variant="default" loading={form.busy} disabled={!amounts} onClick={() => on()}>{t("auto.agree_again")}</Button>}
        </Group>
      )}
      {enabled && consent && <Agreed consent={consent} />}
      {enabled && <Used auto={auto} money={money} />}
    </Stack>
  );
}

/** How much of the month's cap is used. */
function Used({ auto: { used_this_month_micros: used, monthly_cap_micros: cap, month_ends_at }, money }: { auto: Auto; money: (micros: number) => string }) {
  const { t } = useTranslation("app_money");
  const format = useFormat();
  if (!cap) return null;
  return (
    <Stack gap={4} maw={480}>
      <Text size="sm">{t("auto.used", { used: `\u2068${money(used)}\u2069`, cap: `\u2068${money(cap)}\u2069`, when: format.date(month_ends_at) })}</Text>
      <Progress value={Math.min(100, (used / cap) * 100)} color={used >= cap ? "amber" : "teal"} aria-label={t("auto.used.label")} />
    </Stack>
  );
}
