import { Checkbox, Group, Select, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Bounds, EventRule } from "./model";
import { DayBox, NumberBox } from "./Value";
import type { Names } from "./vocabulary";

type Often = "once" | "at_least" | "at_most" | "between" | "never";
type When = "ever" | "within" | "dates";

function oftenOf({ at_least: least, at_most: most, never }: Bounds): Often {
  if (never) return "never";
  if (least !== undefined && most !== undefined) return "between";
  if (most !== undefined) return "at_most";
  return least !== undefined && least > 1 ? "at_least" : "once";
}

const whenOf = ({ within_days, after, before }: Bounds): When => (within_days !== undefined ? "within" : after !== undefined || before !== undefined ? "dates" : "ever");

function withOften({ at_least: _least, at_most: _most, never: _never, ...rest }: Bounds, often: Often): Bounds {
  const counts: Record<Often, Bounds> = { once: { at_least: 1 }, at_least: { at_least: 2 }, at_most: { at_most: 3 }, between: { at_least: 1, at_most: 3 }, never: { never: true } };
  return { ...rest, ...counts[often] };
}

function withWhen({ within_days: _days, after: _after, before: _before, ...rest }: Bounds, when: When): Bounds {
  const today = new Date().toISOString().slice(0, 10);
  return { ...rest, ...(when === "within" ? { within_days: 30 } : when === "dates" ? { after: today } : {}) };
}

function without<Key extends keyof Bounds>(bounds: Bounds, key: Key, value: Bounds[Key] | undefined): Bounds {
  const { [key]: _old, ...rest } = bounds;
  return value === undefined || value === "" ? rest : { ...rest, [key]: value };
}

const COUNTED_BY_MACHINES = new Set(["opened", "clicked"]);
const OF_CAMPAIGNS = new Set(["sent", "delivered", "opened", "clicked", "bounced", "complained", "unsubscribed"]);

/** How often something happened, when, in which campaign. */
export function EventParts({ rule, names, change }: { rule: EventRule; names: Names; change: (rule: EventRule) => void }) {
  const { t } = useTranslation("app_segments");
  const { bounds } = rule;
  const put = (next: Bounds) => change({ ...rule, bounds: next });
  const often = oftenOf(bounds);
  const when = whenOf(bounds);
  const number = (key: "at_least" | "at_most" | "within_days", label: string) => <NumberBox label={label} value={bounds[key]} change={(value) => value !== undefined && put({ ...bounds, [key]: value })} />;
  const choice = <Code extends string>(prefix: "often.choose" | "when.choose", codes: readonly Code[]) => codes.map((value) => ({ value, label: t(`${prefix}.${value}` as "often.choose.once") }));
  return (
    <>
      <Select aria-label={t("often.label")} w={180} allowDeselect={false} data={choice("often.choose", ["once", "at_least", "at_most", "between", "never"] as const)} value={often} onChange={(value) => value && put(withOften(bounds, value as Often))} />
      {(often === "at_least" || often === "between") && number("at_least", t("value.low"))}
      {often === "between" && <Text size="sm">{t("value.and")}</Text>}
      {(often === "at_most" || often === "between") && number("at_most", t("value.high"))}
      <Select aria-label={t("when.label")} w={180} allowDeselect={false} data={choice("when.choose", ["ever", "within", "dates"] as const)} value={when} onChange={(value) => value && put(withWhen(bounds, value as When))} />
      {when === "within" && <Group gap={6} wrap="nowrap">{number("within_days", t("value.days"))}<Text size="sm">{t("value.days")}</Text></Group>}
      {when === "dates" && <>
        <DayBox label={t("when.after_label")} value={bounds.after} change={(value) => put(without(bounds, "after", value))} />
        <Text size="sm">{t("when.until")}</Text>
        <DayBox label={t("when.before_label")} value={bounds.before} change={(value) => put(without(bounds, "before", value))} />
      </>}
      {OF_CAMPAIGNS.has(rule.event) && (names.campaigns.length > 0 || bounds.campaign) && (
        <Select clearable searchable aria-label={t("campaign.label")} placeholder={t("campaign.any")} w={220}
          data={[...names.campaigns.map(({ id, name }) => ({ value: id, label: name })), ...(bounds.campaign && !names.campaigns.some(({ id }) => id === bounds.campaign) ? [{ value: bounds.campaign, label: bounds.campaign }] : [])]}
          value={bounds.campaign ?? null} onChange={(value) => put(without(bounds, "campaign", value ?? undefined))} />
      )}
      {COUNTED_BY_MACHINES.has(rule.event) && <Checkbox label={t("machine")} checked={bounds.machine ?? false} onChange={(event) => put(without(bounds, "machine", event.currentTarget.checked || undefined))} />}
    </>
  );
}
