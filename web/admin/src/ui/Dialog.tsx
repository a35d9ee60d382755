import { Button, Checkbox, Group, Modal, MultiSelect, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { latinDigits } from "@/i18n/format";
import { Failed } from "./Failed";
import { useServerForm, type Form } from "./form";

/** One thing a dialogue asks for. Every answer is a text: `lines` and `many` have one entry a line, `check` is "yes" or "". */
export interface Field<Name extends string> {
  name: Name;
  label: string;
  note?: string;
  kind?: "line" | "text" | "lines" | "number" | "date" | "moment" | "choice" | "many" | "check";
  choices?: ReadonlyArray<{ value: string; label: string }>;
  needed?: boolean;
  /** A code, an address, an id: written left to right. */
  code?: boolean;
}

interface DialogProps<Name extends string> {
  title: string;
  about?: string;
  fields: ReadonlyArray<Field<Name>>;
  initial: Record<Name, string>;
  button: string;
  destroys?: boolean;
  /** Throws what the server refused; the dialogue closes when it did not. */
  send: (values: Record<Name, string>) => Promise<unknown>;
  close: () => void;
}

/** A text with one entry a line, as a list. */
export const entries = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** What a field for a number or a moment says, as the server reads it. */
export const numberOf = (text: string) => (text.trim() ? Number(latinDigits(text)) : null);
export const instantOf = (text: string) => (text ? new Date(text).toISOString() : null);

/** An instant as a field for a moment holds it: in the reader's own time. */
export function momentOf(at: string | null | undefined): string {
  if (!at) return "";
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** A dialogue that asks for several things and sends them at once. */
export function Dialog<Name extends string>({ title, about, fields, initial, button, destroys, send, close }: DialogProps<Name>) {
  const { t } = useTranslation();
  const form = useServerForm<Record<Name, string>>({ initialValues: initial });
  const missing = fields.some(({ name, needed }) => needed && !form.values[name].trim());
  const submit = form.send(async (values) => {
    await send(values);
    close();
  });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span"><bdi>{title}</bdi></Text>} closeButtonProps={{ "aria-label": t("close") }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {about && <Text size="sm" c="dimmed">{about}</Text>}
          {form.trouble !== null && <Failed error={form.trouble} />}
          {fields.map((field) => <Asked key={field.name} field={field} form={form} />)}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t("cancel")}</Button>
            <Button type="submit" color={destroys ? "red" : "teal"} loading={form.busy} disabled={missing}>{button}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const INPUT = { date: "date", moment: "datetime-local" } as const;

/** A field of a dialogue or of a form in a page. */
export function Asked<Name extends string>({ field, form, readOnly }: { field: Field<Name>; form: Form<Record<Name, string>>; readOnly?: boolean }) {
  const { name, label, note, kind = "line", choices = [], needed, code } = field;
  const value: string = form.values[name];
  const set = (text: string) => {
    form.setValues((now) => ({ ...now, [name]: text }));
    form.clearFieldError(name);
  };
  const shared = { label, description: note, required: needed, error: form.errors[name], readOnly };
  const dir = code ? "ltr" : "auto";
  switch (kind) {
    case "text":
    case "lines":
      return <Textarea {...shared} value={value} autosize minRows={kind === "text" ? 3 : 2} maxRows={18} dir={dir} onChange={(event) => set(event.currentTarget.value)} />;
    case "check":
      return <Checkbox label={label} description={note} checked={value === "yes"} disabled={readOnly} onChange={(event) => set(event.currentTarget.checked ? "yes" : "")} />;
    case "choice":
      return <Select {...shared} data={[...choices]} value={value || null} searchable={choices.length > 10} clearable={!needed} allowDeselect={!needed} onChange={(chosen) => set(chosen ?? "")} />;
    case "many":
      return <MultiSelect {...shared} data={[...choices]} value={entries(value)} searchable onChange={(chosen) => set(chosen.join("\n"))} />;
    case "number":
      return <TextInput {...shared} value={value} inputMode="numeric" dir="ltr" onChange={(event) => set(event.currentTarget.value)} />;
    case "date":
    case "moment":
      return <TextInput {...shared} value={value} type={INPUT[kind]} onChange={(event) => set(event.currentTarget.value)} />;
    default:
      return <TextInput {...shared} value={value} dir={dir} onChange={(event) => set(event.currentTarget.value)} />;
  }
}
