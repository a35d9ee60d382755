import { useForm, type UseFormInput, type UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { isProblem, fieldErrors } from "@/api/problem";

/** A form whose errors come from the server, too: beside their fields, or above the form when they have none. */
export type Form<Values> = UseFormReturnType<Values> & {
  /** What concerns the form as a whole. */
  trouble: unknown;
  busy: boolean;
  /** Runs what sends the values; keeps what was typed when it fails. */
  send: (act: (values: Values) => Promise<unknown>) => (event?: React.FormEvent<HTMLFormElement>) => void;
};

/** The names of a form's fields as the server writes them: `owner.email`. */
export function namesOf(values: object, prefix = ""): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const nested = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
    return nested ? namesOf(value as object, `${prefix}${name}.`) : [prefix + name];
  });
}

export function useServerForm<Values extends Record<string, unknown>>(input: UseFormInput<Values>): Form<Values> {
  const form = useForm<Values>(input);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const send = (act: (values: Values) => Promise<unknown>) =>
    form.onSubmit(async (values) => {
      setBusy(true);
      setTrouble(null);
      try {
        await act(values);
      } catch (error) {
        const { fields, rest } = fieldErrors(error, namesOf(form.getValues()));
        form.setErrors(fields);
        setTrouble(isProblem(error) && rest.length === 0 ? null : isProblem(error) ? { ...error, detail: rest.join(" "), fields: [] } : error);
      } finally {
        setBusy(false);
      }
    });
  return Object.assign(form, { trouble, busy, send });
}
