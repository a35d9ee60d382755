import { ActionIcon, Alert, Button, Card, Checkbox, Group, NumberInput, Select, Stack, TagsInput, Text, Textarea, TextInput, Title, Tooltip, VisuallyHidden } from "@mantine/core";
import { ArrowDown, ArrowUp, Info, Plus, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/i18n";
import { useFormat } from "@/i18n/format";
import { undoable } from "@/ui/notify";
import { Section } from "@/ui/Section";
import type { Question, QuestionKind } from "../shapes";
import { moved, newQuestion } from "./draft";
import { CountInput, Pair, SIDES } from "./inputs";
import type { Work } from "./useWork";

const KINDS: readonly QuestionKind[] = ["text", "paragraph", "choice", "choices", "yes", "phone", "number"];

/** What people are asked besides name and address; every question says what for, how long, and what follows from
 *  leaving it empty. */
export default function Questions({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { number } = useFormat();
  const list = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ key: string; said: string } | null>(null);
  const { questions, guests } = work.draft.definition;
  const put = (next: Question[]) => work.define({ questions: next });
  // Moving an element takes the keyboard's place from it; it is given back.
  useEffect(() => {
    if (place) list.current?.querySelector<HTMLElement>(`[data-question="${CSS.escape(place.key)}"]`)?.focus();
  }, [place]);
  const move = (at: number, step: number) => {
    const question = questions[at];
    if (!question || at + step < 0 || at + step >= questions.length) return;
    put(moved(questions, at, step));
    setPlace({ key: question.key, said: t("question.moved", { place: number(at + step + 1), n: number(questions.length) }) });
  };
  const remove = (question: Question) => {
    put(questions.filter((other) => other !== question));
    undoable(t("question.removed"), () => put(questions));
  };
  return (
    <div>
      <Section title={t("questions")} about={t("questions.about")} actions={<Button size="xs" variant="default" disabled={work.readOnly || questions.length >= 30} leftSection={<Plus aria-hidden size={14} />} onClick={() => put([...questions, newQuestion(questions)])}>{t("question.add")}</Button>}>
        <Alert color="gray" icon={<Info aria-hidden />}>{t("questions.default")}</Alert>
        <Stack gap="sm" ref={list}>
          {questions.map((question, at) => (
            <QuestionCard key={question.key} work={work} question={question} at={at} last={at === questions.length - 1} move={(step) => move(at, step)} remove={() => remove(question)}
              put={(part) => put(questions.map((other, index) => (index === at ? { ...other, ...part } : other)))} />
          ))}
        </Stack>
        <VisuallyHidden aria-live="polite">{place?.said}</VisuallyHidden>
      </Section>
      <Section title={t("guests")} about={t("guests.about")}>
        <NumberInput maw={260} label={t("guests.most")} min={0} max={20} allowDecimal={false} dir="ltr" value={guests} error={work.wrong("guests")} onChange={(value) => work.define({ guests: Number(value) || 0 })} />
      </Section>
    </div>
  );
}

interface CardProps {
  work: Work;
  question: Question;
  at: number;
  last: boolean;
  put: (part: Partial<Question>) => void;
  move: (step: number) => void;
  remove: () => void;
}

function QuestionCard({ work, question, at, last, put, move, remove }: CardProps) {
  const { t, i18n } = useTranslation("app_bookings");
  const { number } = useFormat();
  const label = (i18n.language === "ar" ? question.label_ar || question.label_en : question.label_en || question.label_ar) || t("question.unnamed", { n: number(at + 1) });
  const wrong = (name: string) => work.wrong(`questions[${at}].${name}`);
  const button = (name: string, Icon: typeof ArrowUp, act: () => void, off: boolean) => (
    <Tooltip label={name}><ActionIcon aria-label={`${name}: ${label}`} onClick={act} disabled={off || work.readOnly}><Icon aria-hidden size={16} /></ActionIcon></Tooltip>
  );
  const press = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || step === 0 || work.readOnly) return;
    event.preventDefault();
    move(step);
  };
  return (
    <Card padding="md" component="section" aria-label={label} data-question={question.key} tabIndex={0} onKeyDown={press}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Title order={3}><bdi>{label}</bdi></Title>
          <Group gap={2} wrap="nowrap">
            {button(t("question.up"), ArrowUp, () => move(-1), at === 0)}
            {button(t("question.down"), ArrowDown, () => move(1), last)}
            {button(t("question.remove"), Trash2, remove, false)}
          </Group>
        </Group>
        <Pair>
          {SIDES.map((side) => <TextInput key={side} required lang={side} dir={side === "ar" ? "rtl" : "ltr"} label={t("in_language", { what: t("question.label"), language: LANGUAGES[side] })} value={question[`label_${side}`]} error={wrong(`label_${side}`)} onChange={(event) => put({ [`label_${side}`]: event.currentTarget.value })} />)}
        </Pair>
        <Group align="flex-start" gap="md">
          <Select w={200} label={t("question.kind")} allowDeselect={false} data={KINDS.map((kind) => ({ value: kind, label: t(`question.${kind}`) }))} value={question.kind} onChange={(kind) => kind && put({ kind: kind as QuestionKind })} error={wrong("kind")} />
          <TextInput w={180} dir="ltr" label={t("question.key")} description={t("question.key.note")} value={question.key} error={wrong("key")} onChange={(event) => put({ key: event.currentTarget.value.toLowerCase().replace(/[^a-z0-9_]/g, "_") })} />
        </Group>
        <Pair>
          {SIDES.map((side) => <TextInput key={side} required lang={side} dir={side === "ar" ? "rtl" : "ltr"} label={t("in_language", { what: t("question.purpose"), language: LANGUAGES[side] })} description={t("question.purpose.note")} maxLength={400} value={question[`purpose_${side}`]} error={wrong(`purpose_${side}`)} onChange={(event) => put({ [`purpose_${side}`]: event.currentTarget.value })} />)}
        </Pair>
        {(question.kind === "choice" || question.kind === "choices") && <TagsInput label={t("question.options")} description={t("question.options.note")} dir="auto" value={question.options} onChange={(options) => put({ options })} error={wrong("options")} />}
        <CountInput label={t("question.retention")} note={t("question.retention.note")} max={3650} min={0} value={question.retention_days} onChange={(retention_days) => put({ retention_days })} error={wrong("retention_days")} />
        <Checkbox label={t("question.required")} checked={question.required} onChange={(event) => put({ required: event.currentTarget.checked })} />
        {question.required && (
          <div>
            <Text size="sm" c="dimmed" mb={4}>{t("question.if_refused.about")}</Text>
            <Pair>
              {SIDES.map((side) => <Textarea key={side} autosize minRows={1} maxRows={5} maxLength={500} required lang={side} dir={side === "ar" ? "rtl" : "ltr"} label={t("in_language", { what: t("question.if_refused"), language: LANGUAGES[side] })} value={question[`if_refused_${side}`]} error={wrong(`if_refused_${side}`)} onChange={(event) => put({ [`if_refused_${side}`]: event.currentTarget.value })} />)}
            </Pair>
          </div>
        )}
      </Stack>
    </Card>
  );
}
