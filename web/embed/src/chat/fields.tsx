import type { Field, Form, Values } from "./config";
import { h, type Child } from "./dom";
import type { Say } from "./words";

interface Props {
  form: Form;
  say: Say;
  button: string;
  /** What is known already, by the kind of field. */
  known: { name?: string; email?: string } & Partial<Record<Field["kind"], string>>;
  send: (values: Values) => void;
  skip?: () => void;
  redraw: () => void;
}

const TYPES: Record<string, string> = { email: "email", phone: "tel" };
const FILLED: Record<string, string> = { email: "email", phone: "tel", name: "name" };

/** What is wrong in a form, while it is looked at. */
const faults = new WeakMap<Form, Record<string, string>>();

/** A form of the chat. Nothing in it is ticked beforehand; what is asked says why. */
export function Fields({ form, say, button, known, send, skip, redraw }: Props): Child {
  const submit = (event: Event): void => {
    event.preventDefault();
    const box = event.currentTarget as HTMLFormElement;
    const data = new FormData(box);
    const wrong: Record<string, string> = {};
    const values: Values = {};
    for (const { key, kind, required } of form.fields) {
      const text = String(data.get(key) ?? "").trim();
      const ticks = kind === "consent" || kind === "checkbox";
      if (required && kind !== "consent" && !text) wrong[key] = say("required");
      else if (kind === "email" && text && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) wrong[key] = say("bad_email");
      if (ticks) values[key] = data.has(key);
      else if (text) values[key] = text;
    }
    faults.set(form, wrong);
    const first = Object.keys(wrong)[0];
    if (!first) return send(values);
    redraw();
    box.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };
  return (
    <form class="o" novalidate onSubmit={submit}>
      {form.intro && <p class="pre" dir="auto">{form.intro}</p>}
      {form.fields.map((field) => <One field={field} say={say} known={known[field.kind]} wrong={faults.get(form)?.[field.key]} />)}
      <button class="go">{button}</button>
      {skip && <button type="button" onClick={skip}>{say("skip")}</button>}
    </form>
  );
}

function One({ field, say, known, wrong }: { field: Field; say: Say; known?: string; wrong?: string }): Child {
  const { key, kind, label, required, options } = field;
  const marks = { id: "f-" + key, name: key, "aria-invalid": wrong && "true", "aria-describedby": `h-${key} w-${key}` };
  const name = [label, !required && kind !== "consent" && <small> ({say("optional")})</small>];
  const about = [
    <small id={"h-" + key} class="pre">{field.help}</small>,
    <Why say={say} notice={field.notice} />,
    <span class="bad" id={"w-" + key} role={wrong && "alert"}>{wrong}</span>,
  ];
  if (kind === "consent" || kind === "checkbox") {
    return <div key={key}><label class="tick" dir="auto"><input type="checkbox" {...marks} required={required && kind !== "consent"} /><span>{name}</span></label>{about}</div>;
  }
  if (kind === "radio") {
    return (
      <fieldset key={key} aria-describedby={"w-" + key}>
        <legend dir="auto">{name}</legend>
        {options.map(({ value, label }) => <label class="tick" dir="auto" key={value}><input type="radio" name={key} value={value} />{label}</label>)}
        {about}
      </fieldset>
    );
  }
  const more = { ...marks, required, maxlength: field.max_length };
  const ltr = kind === "email" || kind === "phone";
  return (
    <div key={key}>
      <label for={marks.id} dir="auto">{name}</label>
      {kind === "select" || kind === "group" ? <select {...marks} required={required}><option value="" />{options.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}</select>
        : kind === "textarea" ? <textarea {...more} rows={3} dir="auto" placeholder=" " />
        : <input {...more} type={TYPES[kind] ?? "text"} dir={ltr ? "ltr" : "auto"} placeholder=" " autocomplete={FILLED[kind] ?? "off"} value={known} />}
      {about}
    </div>
  );
}

/** What is done with an answer, where it is asked for. */
export function Why({ say, notice }: { say: Say; notice: Omit<NonNullable<Field["notice"]>, "id"> | null | undefined }): Child {
  if (!notice) return null;
  return (
    <details>
      <summary>{say("notice")}</summary>
      <small class="pre" dir="auto">{notice.text}</small>
      {notice.url && <a href={notice.url} target="_blank" rel="noopener nofollow">{say("notice")}<span class="v"> ({say("link_new")})</span></a>}
    </details>
  );
}
