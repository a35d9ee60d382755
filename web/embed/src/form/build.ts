import type { Field, View } from "./view";

type Tags = HTMLElementTagNameMap;

export function make<T extends keyof Tags>(tag: T, values: Partial<Tags[T]> = {}, ...inside: (Node | string)[]): Tags[T] {
  const element = document.createElement(tag);
  Object.assign(element, values);
  element.append(...inside);
  return element;
}

/** Sets attributes, for what has no property everywhere. */
export function mark(element: Element, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
}

/** The cross of the closing button; drawn, because not every machine has the sign. */
export function cross(label: string): HTMLButtonElement {
  const button = make("button", { type: "button", className: "x" });
  const name = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(name, "svg");
  const path = document.createElementNS(name, "path");
  mark(svg, { viewBox: "0 0 16 16", "aria-hidden": "true" });
  path.setAttribute("d", "M2 2l12 12M14 2L2 14");
  svg.append(path);
  button.append(svg);
  button.setAttribute("aria-label", label);
  return button;
}

function entry(view: View, field: Field): HTMLElement {
  const { key, type, label, help, required } = field;
  let input: HTMLInputElement | HTMLSelectElement;
  if (type === "choice") {
    input = make("select");
    for (const [value, text] of [["", ""], ["yes", view.words.yes!], ["no", view.words.no!]]) {
      input.append(make("option", { value, textContent: text }));
    }
  } else {
    input = make("input", { type, autocomplete: field.autocomplete as AutoFill, placeholder: " " });
    input.dir = field.ltr || type === "date" ? "ltr" : "auto";
  }
  mark(input, { id: "f-" + key, name: key, "aria-describedby": `h-${key} w-${key}` });
  input.required = required;
  const name = make("label", { htmlFor: "f-" + key }, label);
  if (!required) name.append(make("small", { textContent: view.words.optional! }));
  return make("div", { className: "row" }, name, input, wrong(key), make("small", { id: "h-" + key, textContent: help }));
}

function wrong(key: string): HTMLElement {
  return make("span", { className: "wrong", id: "w-" + key, hidden: true });
}

function tick(id: string, name: string, label: (Node | string)[]): HTMLElement {
  const input = make("input", { type: "checkbox", id: "f-" + id, name, value: id });
  return make("div", { className: "tick" }, input, make("label", { htmlFor: input.id, dir: "auto" }, ...label));
}

/** The form itself. Nothing in it is ticked beforehand. */
export function fields(view: View): HTMLFormElement {
  const { words } = view;
  const form = make("form", { noValidate: true });
  const rows = make("div", { className: "rows" }, ...view.fields.map((field) => entry(view, field)));
  if (view.asks_age) {
    const [label, help] = [words.birth_date!, words.birth_date_help!];
    const field = { key: "birth_date", type: "date", autocomplete: "bday", ltr: true, required: true, label, help };
    rows.append(entry(view, field));
  }
  form.append(rows);
  if (view.topics.length) {
    const set = make("fieldset", { id: "f-topics" }, make("legend", { textContent: words.topics! }), wrong("topics"));
    set.setAttribute("aria-describedby", "w-topics");
    for (const { id, name, text } of view.topics) {
      set.append(tick(id, "topics", [make("b", { textContent: name }), ...(text ? [make("small", { textContent: text })] : [])]));
    }
    form.append(set);
  }
  const trap = make("input", { name: "website", id: "website", tabIndex: -1, autocomplete: "off" });
  const away = make("div", { className: "away" }, make("label", { htmlFor: "website", textContent: "Website" }), trap);
  away.setAttribute("aria-hidden", "true");
  const box = tick("agreed", "agreed", [view.consent]);
  const input = box.querySelector("input")!;
  input.required = true;
  input.setAttribute("aria-describedby", "w-agreed");
  form.append(away, box, wrong("agreed"));
  if (view.notice) {
    const body = make("div", { className: "pre", dir: "auto", textContent: view.notice.body });
    form.append(make("details", {}, make("summary", { textContent: view.notice.summary }), body));
  }
  const say = make("p", { className: "say", hidden: true });
  say.setAttribute("role", "alert");
  form.append(say, make("button", { className: "go", textContent: view.button }));
  return form;
}
