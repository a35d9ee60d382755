import { ActionIcon, Alert, Button, Group, SegmentedControl, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { Mic, Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { named } from "@/ui/Language";
import { useTrunks } from "../server";
import { useMay } from "@/app/session";
import { LANGUAGES, type Branch, type Prompt, type Step } from "./flow";
import type { StepProps } from "./StepCard";
import { useComplaint } from "./words";

const LONGEST = 32;

/** The words for what is wrong with a field, or nothing. */
function useWrong({ complaints }: Pick<StepProps, "complaints">): (field: string) => string | undefined {
  const words = useComplaint();
  return (field) => { const one = complaints.find((one) => one.field === field || one.field.startsWith(`${field}.`) || one.field.startsWith(`${field}[`)); return one && words(one); };
}

function useTargets({ steps, step }: Pick<StepProps, "steps" | "step">) {
  const { t } = useTranslation("app_calls");
  const format = useFormat();
  return steps.flatMap(({ id, action }, place) => (id === step.id ? [] : [{ value: id, label: t("step.target", { n: format.number(place + 1), what: t(`action.${action}`) }) }]));
}

/** What is asked of a step, by what it does. */
export function ActionFields(props: StepProps) {
  const { step, readOnly, put } = props;
  const { t } = useTranslation("app_calls");
  const wrong = useWrong(props);
  const targets = useTargets(props);
  const count = (name: keyof Step & ("repeat" | "seconds" | "min" | "max" | "timeout" | "tries" | "max_seconds" | "silence_seconds" | "ring_seconds")) => (
    <TextInput required dir="ltr" inputMode="numeric" readOnly={readOnly} label={t(`field.${name}`)} description={t(`field.${name}.note`)} error={wrong(name)} value={step[name]} onChange={(event) => put({ [name]: event.currentTarget.value })} />
  );
  const keys = step.action === "gather" ? null : <Branches {...props} branches={step.keys} longest={1} field="keys" label={t("field.keys")} change={(keys) => put({ keys })} />;
  const otherwise = (label: string, none: string) => (
    <Select clearable={!readOnly} readOnly={readOnly} label={label} placeholder={none} data={targets} error={wrong("otherwise")} value={targets.some(({ value }) => value === step.otherwise) ? step.otherwise : null} onChange={(id) => put({ otherwise: id ?? "" })} clearButtonProps={{ "aria-label": none }} />
  );
  const terminator = <Select clearable={!readOnly} readOnly={readOnly} label={t("field.terminator")} placeholder={t("none")} data={["#", "*"]} error={wrong("terminator")} value={step.terminator || null} onChange={(key) => put({ terminator: key ?? "" })} clearButtonProps={{ "aria-label": t("none") }} />;
  switch (step.action) {
    case "say": return (
      <>
        <Words {...props} label={t("field.text")} text={step.text} spoken={step.language} error={wrong("text")} change={(part) => put(part)} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>{count("repeat")}</SimpleGrid>
        {keys}
      </>
    );
    case "play": return (
      <>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput required type="url" dir="ltr" readOnly={readOnly} label={t("field.media")} description={t("field.media.note")} error={wrong("media")} value={step.media} onChange={(event) => put({ media: event.currentTarget.value })} />
          {count("repeat")}
        </SimpleGrid>
        {keys}
      </>
    );
    case "pause": return <><SimpleGrid cols={{ base: 1, sm: 2 }}>{count("seconds")}</SimpleGrid>{keys}</>;
    case "gather": return (
      <>
        <Heard {...props} label={t("field.prompt")} field="prompt" kinds={["text", "media", "none"]} />
        <Branches {...props} branches={step.branches} longest={LONGEST} field="branches" label={t("field.branches")} change={(branches) => put({ branches })} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {otherwise(t("field.otherwise"), t("following"))}
          {count("tries")}
          {count("min")}
          {count("max")}
          {count("timeout")}
          {terminator}
          <TextInput dir="ltr" readOnly={readOnly} maxLength={40} label={t("field.variable")} description={t("field.variable.note")} error={wrong("variable")} value={step.variable} onChange={(event) => put({ variable: event.currentTarget.value.trim() })} />
        </SimpleGrid>
        <Text size="xs" c="dimmed">{t("gather.private")}</Text>
      </>
    );
    case "record": return (
      <>
        <Alert color="amber" icon={<Mic aria-hidden />}>{t("record.law")}</Alert>
        <Heard {...props} label={t("field.announcement")} field="announcement" kinds={["text", "media"]} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>{count("max_seconds")}{count("silence_seconds")}{terminator}</SimpleGrid>
      </>
    );
    case "transfer": return (
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput required type="tel" dir="ltr" readOnly={readOnly} label={t("field.to")} description={t("field.to.note")} error={wrong("to")} value={step.to} onChange={(event) => put({ to: event.currentTarget.value })} />
        <Shown {...props} error={wrong("from")} />
        {count("ring_seconds")}
        {otherwise(t("field.otherwise.transfer"), t("following"))}
      </SimpleGrid>
    );
    case "fetch": return <TextInput required type="url" dir="ltr" readOnly={readOnly} label={t("field.url")} description={t("field.url.note")} error={wrong("url")} value={step.url} onChange={(event) => put({ url: event.currentTarget.value })} />;
    case "send_keys": return <TextInput required dir="ltr" readOnly={readOnly} maxLength={64} label={t("field.digits")} description={t("field.digits.note")} error={wrong("keys")} value={step.digits} onChange={(event) => put({ digits: event.currentTarget.value })} />;
    case "goto": return <Select required readOnly={readOnly} label={t("field.step")} data={targets} error={wrong("step")} value={targets.some(({ value }) => value === step.step) ? step.step : null} onChange={(id) => put({ step: id ?? "" })} />;
    case "hangup": return <Text size="sm" c="dimmed">{t("hangup.about")}</Text>;
  }
}

/** A choice of the trunks' own numbers, or one that is typed. */
function Shown({ step, readOnly, put, error }: StepProps & { error?: string }) {
  const { t } = useTranslation("app_calls");
  const { data } = useTrunks(useMay()("routes:read"));
  const known = [...new Set((data?.items ?? []).flatMap(({ rules }) => rules.caller_ids ?? []))];
  return known.length > 0
    ? <Select clearable={!readOnly} readOnly={readOnly} label={t("field.from")} placeholder={t("field.from.first")} data={[...new Set([...known, ...(step.from ? [step.from] : [])])]} error={error} value={step.from || null} onChange={(from) => put({ from: from ?? "" })} clearButtonProps={{ "aria-label": t("field.from.first") }} />
    : <TextInput type="tel" dir="ltr" readOnly={readOnly} label={t("field.from")} placeholder={t("field.from.first")} error={error} value={step.from} onChange={(event) => put({ from: event.currentTarget.value })} />;
}

interface WordsProps extends StepProps {
  label: string;
  text: string;
  /** Empty for the flow's own language. */
  spoken: string;
  error?: ReactNode;
  change: (part: { text?: string; language?: string }) => void;
}

/** Words to be said, and in which language's voice. */
function Words({ label, text, spoken, language, error, readOnly, change }: WordsProps) {
  const { t, i18n } = useTranslation("app_calls");
  const tongue = spoken || language;
  return (
    <Stack gap="xs">
      <Textarea required autosize minRows={2} maxRows={8} maxLength={2000} readOnly={readOnly} dir={tongue === "ar" ? "rtl" : "ltr"} lang={tongue} label={label} description={t("field.text.note", { variable: "{{name}}" })} error={error} value={text} onChange={(event) => change({ text: event.currentTarget.value })} />
      <Select allowDeselect={false} readOnly={readOnly} maw={320} label={t("field.language")} data={[{ value: "", label: t("field.language.flow", { language: named("language", i18n.language, language) }) }, ...LANGUAGES.map((value) => ({ value, label: named("language", i18n.language, value) }))]} value={spoken} onChange={(code) => change({ language: code ?? "" })} />
    </Stack>
  );
}

/** Something to be heard first: words, a file, or nothing. */
function Heard(props: StepProps & { label: string; field: "prompt" | "announcement"; kinds: ReadonlyArray<Prompt["kind"]> }) {
  const { step, label, field, kinds, readOnly, put } = props;
  const { t } = useTranslation("app_calls");
  const wrong = useWrong(props);
  const { prompt } = step;
  const set = (part: Partial<Prompt>) => put({ prompt: { ...prompt, ...part } });
  return (
    <Stack gap="xs" role="group" aria-label={label}>
      <Group gap="sm"><Text size="sm" fw={500}>{label}</Text><SegmentedControl size="xs" readOnly={readOnly} aria-label={label} data={kinds.map((value) => ({ value, label: t(`prompt.${value}`) }))} value={prompt.kind} onChange={(kind) => set({ kind: kind as Prompt["kind"] })} /></Group>
      {prompt.kind === "text" && <Words {...props} label={t("field.text")} text={prompt.text} spoken={prompt.language} error={wrong(`${field}.text`) ?? wrong(field)} change={set} />}
      {prompt.kind === "media" && <TextInput required type="url" dir="ltr" readOnly={readOnly} label={t("field.media")} description={t("field.media.note")} error={wrong(`${field}.media`) ?? wrong(field)} value={prompt.media} onChange={(event) => set({ media: event.currentTarget.value })} />}
      {prompt.kind === "none" && wrong(field) && <Text size="xs" c="var(--mantine-color-error)">{wrong(field)}</Text>}
    </Stack>
  );
}

interface BranchesProps extends StepProps {
  branches: Branch[];
  longest: number;
  field: string;
  label: string;
  change: (branches: Branch[]) => void;
}

const PLAIN = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#"];

/** Which keys lead where. */
function Branches(props: BranchesProps) {
  const { branches, longest, field, label, readOnly, change } = props;
  const { t } = useTranslation("app_calls");
  const format = useFormat();
  const wrong = useWrong(props);
  const targets = useTargets(props);
  const set = (at: number, part: Partial<Branch>) => change(branches.map((one, place) => (place === at ? { ...one, ...part } : one)));
  const next = PLAIN.find((key) => branches.every(({ keys }) => keys !== key)) ?? "";
  const error = wrong(field);
  return (
    <Stack gap={6} role="group" aria-label={label}>
      {(branches.length > 0 || !readOnly) && <Text size="sm" fw={500}>{label}</Text>}
      {branches.map(({ keys, step }, at) => (
        <Group key={at} gap="xs" wrap="nowrap" align="flex-start">
          <TextInput w={longest === 1 ? 64 : 112} dir="ltr" readOnly={readOnly} maxLength={longest} inputMode="tel" aria-label={t("branch.keys", { n: format.number(at + 1) })} aria-invalid={error !== undefined || undefined} value={keys} onChange={(event) => set(at, { keys: event.currentTarget.value })} />
          <Select style={{ flex: 1 }} readOnly={readOnly} aria-label={t("branch.step", { n: format.number(at + 1) })} placeholder={t("branch.where")} data={targets} value={targets.some(({ value }) => value === step) ? step : null} onChange={(id) => set(at, { step: id ?? "" })} />
          {!readOnly && <ActionIcon mt={1} aria-label={t("branch.remove", { keys })} onClick={() => change(branches.filter((_, place) => place !== at))}><X aria-hidden size={16} /></ActionIcon>}
        </Group>
      ))}
      {error && <Text size="xs" c="var(--mantine-color-error)" role="alert">{error}</Text>}
      {!readOnly && <Group><Button size="compact-sm" variant="subtle" leftSection={<Plus aria-hidden size={14} />} onClick={() => change([...branches, { keys: next, step: "" }])}>{t("branch.add")}</Button></Group>}
    </Stack>
  );
}
