import { ActionIcon, Alert, Card, Checkbox, Group, Menu, Button, Select, Stack, Text, Textarea, TextInput, Title, Tooltip, VisuallyHidden } from "@mantine/core";
import { ArrowDown, ArrowUp, CircleAlert, Plus, Trash2 } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { LANGUAGES } from "@/i18n";
import { useFormat } from "@/i18n/format";
import { undoable } from "@/ui/notify";
import { useWord } from "@/ui/words";
import { moved, SIDES, type Field, type Language } from "./definition";
import { useCustomFields } from "./server";
import { Pair } from "./Pair";
import type { Work } from "./useWork";

const STANDARD = ["email", "phone", "first_name", "last_name", "company", "country", "language", "time_zone"] as const;
type Standard = (typeof STANDARD)[number];
const isStandard = (key: string): key is Standard => (STANDARD as readonly string[]).includes(key);
const PURPOSES = ["marketing", "newsletter", "profiling", "service", "booking"];
const MOST = 30;

/** What people are asked, in order. */
export function Fields({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const format = useFormat();
  const list = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ key: string; said: string } | null>(null);
  const { fields } = work.definition;
  const put = (fields: Field[]) => work.define({ fields });
  const name = useFieldName();
  // Moving an element takes the keyboard's place from it; it is given back.
  useEffect(() => {
    if (place) list.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(place.key)}"]`)?.focus();
  }, [place]);
  const move = (at: number, step: number) => {
    const field = fields[at];
    if (!field || at + step < 0 || at + step >= fields.length) return;
    put(moved(fields, at, step));
    setPlace({ key: field.key, said: t("field.moved", { name: name(field), place: format.number(at + step + 1), n: format.number(fields.length) }) });
  };
  const remove = (field: Field) => {
    put(fields.filter((other) => other !== field));
    undoable(t("field.removed", { name: name(field) }), () => put(fields));
  };
  return (
    <Stack>
      <Group justify="space-between"><Title order={2}>{t("fields")}</Title>{!work.readOnly && <AddField work={work} />}</Group>
      <Text size="sm" c="dimmed">{t("fields.about")}</Text>
      {work.wrong("fields") && <Alert color="red" icon={<CircleAlert aria-hidden />}>{work.wrong("fields")}</Alert>}
      <Stack gap="sm" ref={list}>
        {fields.map((field, at) => (
          <FieldCard key={field.key} work={work} field={field} at={at} move={(step) => move(at, step)} remove={() => remove(field)}
            put={(change) => put(fields.map((other, index) => (index === at ? { ...other, ...change } : other)))} />
        ))}
      </Stack>
      <VisuallyHidden aria-live="polite">{place?.said}</VisuallyHidden>
    </Stack>
  );
}

/** A field by the name that the reader's language gives it. */
function useFieldName() {
  const { t, i18n } = useTranslation("app_forms");
  return ({ key, label_en, label_ar }: Field) => (isStandard(key) ? t(`standard.${key}`) : (i18n.language === "ar" ? label_ar : label_en) || key);
}

function AddField({ work }: { work: Work }) {
  const { t, i18n } = useTranslation("app_forms");
  const custom = useCustomFields(useMay()("fields:read"));
  const { fields } = work.definition;
  const isFree = (key: string) => !fields.some((field) => field.key === key);
  const standard = STANDARD.filter(isFree);
  const own = (custom.data?.items ?? []).filter(({ key }) => isFree(key));
  const add = async (key: string, purpose: string, label?: string) => {
    await i18n.loadLanguages(["en", "ar"]);
    const named = (language: Language) => label ?? (isStandard(key) ? i18n.getFixedT(language, "app_forms")(`standard.${key}`) : key);
    work.define({ fields: [...fields, { key, purpose, required: false, label_en: named("en"), label_ar: named("ar"), if_refused_en: "", if_refused_ar: "" }] });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button size="xs" variant="default" disabled={fields.length >= MOST} leftSection={<Plus aria-hidden size={14} />}>{t("field.add")}</Button></Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
        {standard.map((key) => <Menu.Item key={key} onClick={() => void add(key, "marketing")}>{t(`standard.${key}`)}</Menu.Item>)}
        {own.length > 0 && <Menu.Label>{t("field.own")}</Menu.Label>}
        {own.map(({ key, label, purpose }) => <Menu.Item key={key} onClick={() => void add(key, purpose, label)}><bdi>{label}</bdi></Menu.Item>)}
        {standard.length + own.length === 0 && <Menu.Label>{t("field.all")}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}

interface CardProps {
  work: Work;
  field: Field;
  at: number;
  put: (change: Partial<Field>) => void;
  move: (step: number) => void;
  remove: () => void;
}

function FieldCard({ work, field, at, put, move, remove }: CardProps) {
  const { t } = useTranslation("app_forms");
  const word = useWord();
  const name = useFieldName()(field);
  const last = at === work.definition.fields.length - 1;
  const press = (event: KeyboardEvent) => {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || step === 0 || work.readOnly) return;
    event.preventDefault();
    move(step);
  };
  const purposes = [...new Set([...PURPOSES, field.purpose])].filter(Boolean);
  const button = (label: string, Icon: typeof ArrowUp, act: () => void, off: boolean) => (
    <Tooltip label={label}><ActionIcon aria-label={label} onClick={act} disabled={off || work.readOnly}><Icon aria-hidden size={16} /></ActionIcon></Tooltip>
  );
  return (
    <Card padding="md" component="section" aria-label={name} data-field={field.key} tabIndex={0} onKeyDown={press}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Title order={3}><bdi>{name}</bdi></Title>
          <Group gap={2} wrap="nowrap">
            {button(t("field.up", { name }), ArrowUp, () => move(-1), at === 0)}
            {button(t("field.down", { name }), ArrowDown, () => move(1), last)}
            {button(t("field.remove", { name }), Trash2, remove, false)}
          </Group>
        </Group>
        {work.wrong(`fields[${at}].key`) && <Text size="sm" c="var(--mantine-color-error)">{work.wrong(`fields[${at}].key`)}</Text>}
        <Pair>
          {SIDES.map((side) => (
            <TextInput key={side} required lang={side} dir={side === "ar" ? "rtl" : "ltr"} label={t("in_language", { what: t("field.label"), language: LANGUAGES[side] })} value={field[`label_${side}`]}
              onChange={(event) => put({ [`label_${side}`]: event.currentTarget.value })} error={field[`label_${side}`].trim() === "" ? work.wrong(`fields[${at}].label`) : undefined} />
          ))}
        </Pair>
        <Group align="flex-end" gap="lg">
          <Select label={t("field.purpose")} allowDeselect={false} data={purposes.map((code) => ({ value: code, label: word("purpose", code) }))} value={field.purpose} onChange={(purpose) => purpose && put({ purpose })} error={work.wrong(`fields[${at}].purpose`)} />
          <Checkbox mb={8} label={t("field.required")} checked={field.required} onChange={(event) => put({ required: event.currentTarget.checked })} />
        </Group>
        {field.required && <IfRefused work={work} field={field} at={at} put={put} />}
      </Stack>
    </Card>
  );
}

/** What somebody cannot have who leaves it empty; for address and number a sentence stands ready. */
function IfRefused({ work, field, at, put }: Omit<CardProps, "move" | "remove">) {
  const { t } = useTranslation("app_forms");
  const ready = field.key === "email" || field.key === "phone";
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed">{t(ready ? "field.if_refused.ready" : "field.if_refused.about")}</Text>
      <Pair>
        {SIDES.map((side) => (
          <Textarea key={side} autosize minRows={1} maxRows={5} maxLength={500} lang={side} dir={side === "ar" ? "rtl" : "ltr"} required={!ready} label={t("in_language", { what: t("field.if_refused"), language: LANGUAGES[side] })}
            value={field[`if_refused_${side}`]} onChange={(event) => put({ [`if_refused_${side}`]: event.currentTarget.value })} error={work.wrong(`fields[${at}].if_refused`)} />
        ))}
      </Pair>
    </Stack>
  );
}
