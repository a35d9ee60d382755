import { Button, Card, Group, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus, Save } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { stale } from "@/api/client";
import { useCountries } from "@/screens/start/countries";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { useUnsaved } from "@/ui/unsaved";
import { MoveButtons } from "./MoveButtons";
import { changed, moved, without } from "./order";
import { routing, saveRouting } from "./server";
import { RULE_KINDS, RULE_OPS, type Rule, type Rules } from "./shapes";
import { TargetSelect } from "./TargetSelect";

const PATH = "/v1/routing-rules";
const KEYED = ["answer", "attribute"];

/** Where new conversations go: the first rule that holds, or the last line. */
export default function Routing() {
  const query = useQuery(routing());
  return <Loaded query={query}>{(rules) => <Form rules={rules} />}</Loaded>;
}

function Form({ rules }: { rules: Rules }) {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const [draft, setDraft] = useState(rules);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => setDraft(rules), [rules]);
  const unsaved = JSON.stringify(draft) !== JSON.stringify(rules);
  useUnsaved(unsaved);
  const put = (list: Rule[]) => setDraft({ ...draft, rules: list });
  const save = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await saveRouting(draft);
      await stale(PATH);
      told(t("app_shell:saved"));
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  const add = () => put([...draft.rules, { name: t("rules.fresh"), match: "all", conditions: [{ kind: "language", op: "is", value: "ar" }], to: {}, enabled: true }]);
  return (
    <Section title={t("part.routing")} about={t("rules.about")} actions={<Button leftSection={<Save aria-hidden size={16} />} disabled={!unsaved} loading={busy} onClick={() => void save()}>{t("app_shell:save")}</Button>}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <Switch label={t("rules.last_agent")} description={t("rules.last_agent.about")} checked={draft.last_agent} onChange={(event) => setDraft({ ...draft, last_agent: event.currentTarget.checked })} />
        {draft.rules.map((rule, at) => (
          <RuleCard key={at} rule={rule} at={at} of={draft.rules.length} put={(change) => put(changed(draft.rules, at, change))} move={(by) => put(moved(draft.rules, at, by))} remove={() => put(without(draft.rules, at))} />
        ))}
        <Group><Button variant="default" leftSection={<Plus aria-hidden size={16} />} onClick={add}>{t("rules.add")}</Button></Group>
        <TargetSelect label={t("rules.fallback")} target={draft.fallback} change={(fallback) => setDraft({ ...draft, fallback })} clearable />
      </Stack>
    </Section>
  );
}

interface CardProps {
  rule: Rule;
  at: number;
  of: number;
  put: (change: Partial<Rule>) => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
}

function RuleCard({ rule, at, of, put, move, remove }: CardProps) {
  const { t } = useTranslation("app_chat");
  const countries = useCountries();
  const conditions = (list: Rule["conditions"]) => put({ conditions: list });
  return (
    <Card padding="md" component="section" aria-label={rule.name}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-end" gap="xs">
          <TextInput label={t("rules.name")} dir="auto" maxLength={200} value={rule.name} onChange={(event) => put({ name: event.currentTarget.value })} style={{ flex: "1 1 12rem" }} />
          <Switch label={t("in_use")} checked={rule.enabled} onChange={(event) => put({ enabled: event.currentTarget.checked })} />
          <MoveButtons name={rule.name} at={at} of={of} move={move} remove={remove} />
        </Group>
        {rule.conditions.length > 1 && <Select size="xs" label={t("match")} allowDeselect={false} value={rule.match} data={(["all", "any"] as const).map((value) => ({ value, label: t(`match.${value}`) }))} onChange={(value) => put({ match: value === "any" ? "any" : "all" })} maw={240} />}
        {rule.conditions.length === 0 && <Text size="sm" c="dimmed">{t("rules.always")}</Text>}
        {rule.conditions.map((one, place) => (
          <Group key={place} gap="xs" align="flex-end" wrap="wrap">
            <Select size="xs" label={t("rules.kind")} allowDeselect={false} value={one.kind} data={RULE_KINDS.map((value) => ({ value, label: t(`rules.kind.${value}`) }))} onChange={(kind) => kind && conditions(changed(rule.conditions, place, { kind: kind as Rule["conditions"][number]["kind"], key: KEYED.includes(kind) ? (one.key ?? "") : null }))} />
            {KEYED.includes(one.kind) && <TextInput size="xs" label={t("rules.key")} dir="ltr" value={one.key ?? ""} onChange={(event) => conditions(changed(rule.conditions, place, { key: event.currentTarget.value }))} />}
            <Select size="xs" label={t("rules.op")} allowDeselect={false} value={one.op} data={RULE_OPS.map((value) => ({ value, label: t(`op.${value}`) }))} onChange={(op) => op && conditions(changed(rule.conditions, place, { op: op as Rule["conditions"][number]["op"] }))} />
            {one.kind === "country"
              ? <Select size="xs" label={t("rules.kind.country")} data={countries} searchable allowDeselect={false} value={one.value.toUpperCase() || null} onChange={(value) => value && conditions(changed(rule.conditions, place, { value }))} style={{ flex: "1 1 8rem" }} />
              : <TextInput size="xs" label={t("rules.value")} dir="auto" value={one.value} onChange={(event) => conditions(changed(rule.conditions, place, { value: event.currentTarget.value }))} style={{ flex: "1 1 8rem" }} />}
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => conditions(without(rule.conditions, place))} mb={6}>{t("remove")}</Button>
          </Group>
        ))}
        <Group justify="space-between" align="flex-end">
          <Button size="compact-sm" variant="subtle" leftSection={<Plus aria-hidden size={14} />} onClick={() => conditions([...rule.conditions, { kind: "url", op: "contains", value: "" }])}>{t("rules.condition")}</Button>
          <TargetSelect label={t("rules.to")} target={rule.to} change={(to) => put({ to })} />
        </Group>
      </Stack>
    </Card>
  );
}
