import { Alert, Button, Card, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { Plus, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Ltr } from "@/ui/text";
import { BothInput } from "../BothInput";
import { MoveButtons } from "../MoveButtons";
import { changed, keyOf, without } from "../order";
import { EMPTY, STEP_KINDS, type Step, type StepKind } from "../shapes";

interface StepProps {
  step: Step;
  at: number;
  steps: Step[];
  groups: Array<{ value: string; label: string }>;
  /** It leads to a step that is not there. */
  lost: boolean;
  put: (change: Partial<Step>) => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
}

const SPEAKS: readonly StepKind[] = ["say", "ask", "choices", "hand_over", "close"];
const ENDS: readonly StepKind[] = ["hand_over", "close", "articles"];
const OPS = ["is", "contains", "known"] as const;

/** One step: what is said or asked, and where it goes on. */
export function StepCard({ step, at, steps, groups, lost, put, move, remove }: StepProps) {
  const { t } = useTranslation("app_chat");
  const format = useFormat();
  const name = t("bots.step.name", { n: format.number(at + 1) });
  const others = steps.filter(({ id }) => id !== step.id).map(({ id }) => ({ value: id, label: t("bots.step.name", { n: format.number(steps.findIndex((one) => one.id === id) + 1) }) }));
  const saved = steps.flatMap((one) => (one.save ? [one.save] : []));
  return (
    <Card padding="md" component="section" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between"><Text fw={600}>{name} <Text span size="xs" c="dimmed"><Ltr>{step.id}</Ltr></Text></Text><MoveButtons name={name} at={at} of={steps.length} move={move} remove={remove} /></Group>
        {lost && <Alert color="amber" p="xs" icon={<TriangleAlert aria-hidden />}>{t("bots.step.lost")}</Alert>}
        <Select label={t("bots.step.kind")} allowDeselect={false} data={STEP_KINDS.map((value) => ({ value, label: t(`bots.kind.${value}`) }))} value={step.kind} onChange={(kind) => kind && put({ kind: kind as StepKind })} />
        {SPEAKS.includes(step.kind) && <BothInput label={t("bots.text")} value={step.text} lines={2} most={4000} change={(text) => put({ text })} />}
        {(step.kind === "ask" || step.kind === "choices") && (
          <Group gap="xs" align="flex-end">
            <TextInput label={t("bots.save")} description={t("bots.save.about")} dir="ltr" value={step.save ?? ""} onChange={(event) => put({ save: event.currentTarget.value.trim() || null })} />
            {step.kind === "ask" && <Select label={t("bots.field")} allowDeselect={false} value={step.field ?? "text"} data={(["text", "email", "name"] as const).map((value) => ({ value, label: t(`bots.field.${value}`) }))} onChange={(field) => put({ field: field as Step["field"] })} />}
          </Group>
        )}
        {step.kind === "choices" && <Choices step={step} others={others} put={put} />}
        {step.kind === "condition" && (
          <Stack gap="xs">
            {step.conditions.map((one, place) => (
              <Group key={place} gap="xs" align="flex-end">
                <Select size="xs" label={t("bots.answer")} data={[...new Set([...saved, one.name].filter(Boolean))]} value={one.name || null} onChange={(value) => put({ conditions: changed(step.conditions, place, { name: value ?? "" }) })} />
                <Select size="xs" label={t("rules.op")} allowDeselect={false} data={OPS.map((value) => ({ value, label: t(`op.${value}`) }))} value={one.op} onChange={(op) => op && put({ conditions: changed(step.conditions, place, { op }) })} />
                {one.op !== "known" && <TextInput size="xs" label={t("rules.value")} dir="auto" value={one.value} onChange={(event) => put({ conditions: changed(step.conditions, place, { value: event.currentTarget.value }) })} />}
                <Select size="xs" label={t("bots.goes_to")} data={others} value={one.next || null} onChange={(next) => put({ conditions: changed(step.conditions, place, { next: next ?? "" }) })} />
                <Button size="compact-xs" variant="subtle" color="gray" mb={6} onClick={() => put({ conditions: without(step.conditions, place) })}>{t("remove")}</Button>
              </Group>
            ))}
            <Group><Button size="compact-sm" variant="subtle" leftSection={<Plus aria-hidden size={14} />} onClick={() => put({ conditions: [...step.conditions, { name: saved[0] ?? "", op: "is", value: "", next: others[0]?.value ?? "" }] })}>{t("rules.condition")}</Button></Group>
          </Stack>
        )}
        {step.kind === "hand_over" && <Select label={t("bots.hand_over")} clearable data={groups} value={step.group} onChange={(group) => put({ group })} />}
        {!ENDS.includes(step.kind) && <Select label={t("bots.next")} clearable placeholder={t("bots.next.following")} data={others} value={step.next} onChange={(next) => put({ next })} />}
      </Stack>
    </Card>
  );
}

function Choices({ step, others, put }: Pick<StepProps, "step" | "put"> & { others: Array<{ value: string; label: string }> }) {
  const { t } = useTranslation("app_chat");
  const set = (choices: Step["choices"]) => put({ choices });
  return (
    <Stack gap="xs">
      {step.choices.map((one, place) => (
        <Stack key={place} gap={4}>
          <BothInput label={t("bots.choice")} value={one.label} most={80} change={(label) => set(changed(step.choices, place, { label, value: one.value || keyOf(label.en, step.choices.map(({ value }) => value)) }))} />
          <Group gap="xs" align="flex-end"><Select size="xs" label={t("bots.goes_to")} clearable placeholder={t("bots.next.following")} data={others} value={one.next} onChange={(next) => set(changed(step.choices, place, { next }))} /><Button size="compact-xs" variant="subtle" color="gray" mb={6} onClick={() => set(without(step.choices, place))}>{t("remove")}</Button></Group>
        </Stack>
      ))}
      <Group><Button size="compact-sm" variant="subtle" leftSection={<Plus aria-hidden size={14} />} onClick={() => set([...step.choices, { label: EMPTY, value: keyOf("choice", step.choices.map(({ value }) => value)), next: null }])}>{t("bots.choice.add")}</Button></Group>
    </Stack>
  );
}
