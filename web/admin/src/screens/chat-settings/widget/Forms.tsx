import { Accordion, Button, Group, Menu, Stack, Switch, Text } from "@mantine/core";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { BothInput } from "../BothInput";
import { changed, keyOf, moved, without } from "../order";
import { EMPTY, FIELD_KINDS, FORMS, type ChatForm, type FieldKind, type FormField } from "../shapes";
import { FieldCard } from "./FieldCard";
import type { Work } from "./WidgetPage";

/** The questions before, during and after a chat, and where nobody is there. */
export function Forms({ work: { draft, put, wrong } }: { work: Work }) {
  const { t } = useTranslation("app_chat");
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">{t("forms.about")}</Text>
      <Accordion chevronPosition="left" order={3} defaultValue="pre_chat" keepMounted={false}>
        {FORMS.map((name) => (
          <Accordion.Item key={name} value={name}>
            <Accordion.Control>{t(`forms.${name}`)} <Text span size="xs" c="dimmed">{t(draft.forms[name].enabled ? "in_use" : "not_in_use")}</Text></Accordion.Control>
            <Accordion.Panel><Form form={draft.forms[name]} about={t(`forms.${name}.about`)} path={`forms.${name}`} wrong={wrong} mails={name === "ask_mail" || name === "offline"} put={(change) => put({ forms: { ...draft.forms, [name]: { ...draft.forms[name], ...change } } })} /></Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

interface FormProps {
  form: ChatForm;
  about: string;
  path: string;
  /** It cannot do without an address to answer to. */
  mails: boolean;
  wrong: (field: string) => string | undefined;
  put: (change: Partial<ChatForm>) => void;
}

const fresh = (kind: FieldKind, label: string, fields: readonly FormField[]): FormField => ({
  key: keyOf(kind, fields.map(({ key }) => key)), kind, label: { en: label, ar: "" }, help: EMPTY, required: false, options: [], purpose: kind === "consent" ? "marketing" : "service", topic: null,
});

function Form({ form, about, path, mails, wrong, put }: FormProps) {
  const { t } = useTranslation("app_chat");
  const { fields } = form;
  const set = (list: FormField[]) => put({ fields: list });
  const use = (enabled: boolean) => {
    const needs = enabled && mails && !fields.some(({ kind, required }) => kind === "email" && required);
    const email: FormField = { ...fresh("email", t("fields.email.en"), fields), label: { en: t("fields.email.en"), ar: t("fields.email.ar") }, required: true };
    put({ enabled, ...(needs ? { fields: [email, ...fields] } : {}) });
  };
  return (
    <Stack gap="sm">
      <Switch label={t("in_use")} description={about} checked={form.enabled} onChange={(event) => use(event.currentTarget.checked)} />
      {wrong(`${path}.fields`) && <Text size="sm" c="var(--mantine-color-error)" role="alert" dir="auto">{wrong(`${path}.fields`)}</Text>}
      {form.enabled && (
        <>
          <BothInput label={t("forms.intro")} value={form.intro} lines={2} most={2000} change={(intro) => put({ intro })} />
          {fields.map((field, at) => (
            <FieldCard key={at} field={field} at={at} of={fields.length} path={`${path}.fields[${at}]`} wrong={wrong} put={(change) => set(changed(fields, at, change))} move={(by) => set(moved(fields, at, by))} remove={() => set(without(fields, at))} />
          ))}
          <Group>
            <Menu>
              <Menu.Target><Button variant="default" size="xs" leftSection={<Plus aria-hidden size={14} />}>{t("fields.add")}</Button></Menu.Target>
              <Menu.Dropdown>{FIELD_KINDS.map((kind) => <Menu.Item key={kind} onClick={() => set([...fields, fresh(kind, t(`fields.${kind}`), fields)])}>{t(`fields.${kind}`)}</Menu.Item>)}</Menu.Dropdown>
            </Menu>
          </Group>
        </>
      )}
    </Stack>
  );
}
