import type { ChatForm, WidgetDraft } from "../shapes";

export type Shown = "talk" | "pre_chat" | "offline" | "closed";

interface Look {
  language: string;
  words: Record<string, string>;
  scheme: "light" | "dark";
  show: Shown;
  /** What a visitor says in the preview, and what is answered. */
  sample: string;
  reply: string;
}

const side = (both: { en: string; ar: string }, language: string) => (language === "ar" ? both.ar || both.en : both.en || both.ar);

function formIn(form: ChatForm, language: string) {
  if (!form.enabled) return null;
  return { intro: side(form.intro, language), fields: form.fields.map(({ label, help, options, ...field }) => ({ ...field, label: side(label, language), help: side(help, language), options: options.map((one) => ({ value: one.value, label: side(one.label, language) })), notice: null, max_length: null })) };
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** A page for a frame that shows the chat as it would be, without a server behind it. */
export function page(draft: WidgetDraft, { language, words, scheme, show, sample, reply }: Look): string {
  const open = show !== "offline";
  const at = "2026-01-05T09:00:00Z";
  const event = (seq: number, kind: "visitor" | "agent", text: string) => ({ seq, at, kind: "message", author: { kind, name: kind === "agent" ? draft.name : null, me: kind === "visitor" }, client_id: null, text, file: null, form: null, quick_replies: null, code: null, params: {}, deleted: false });
  const began = show === "talk" || show === "closed";
  const config = {
    widget: "preview", name: draft.name, lang: language, dir: language === "ar" ? "rtl" : "ltr", open, opens_at: null, hours_text: null, queue_full: false,
    theme: { ...draft.theme, dark: scheme }, words: { ...words, ...draft.texts[language] }, features: draft.features, files: draft.files,
    forms: { pre_chat: show === "pre_chat" ? formIn(draft.forms.pre_chat, language) : null, ask_mail: null, post_chat: formIn(draft.forms.post_chat, language), offline: formIn(draft.forms.offline, language) },
    greetings: [], limits: { text_bytes: 16384 }, identity_required: false, notice: null,
    sample: began ? { events: [event(1, "visitor", sample), event(2, "agent", reply)], conversation: { id: "", state: show === "closed" ? "closed" : "open", thread: "", last_seq: 2, unread: 0, agent: null, queue: null, seen: { me: 2, them: 1 }, rating: null, has_email: false } } : undefined,
  };
  return `<!doctype html><html lang="${language}" dir="${config.dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(draft.name)}</title></head>`
    + `<body><barid-chat shown src="/w/chat/preview" preview="${escaped(JSON.stringify(config))}"></barid-chat><script src="/w/chat.js"></script></body></html>`;
}
