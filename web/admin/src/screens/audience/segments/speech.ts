import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { named } from "@/ui/Language";
import { useWord } from "@/ui/words";
import type { Speech } from "./sentence";
import type { Names } from "./vocabulary";

const DAY = /^\d{4}-\d{2}-\d{2}/;

/** The reader's language, for sentences about conditions. */
export function useSpeech(names: Names | undefined): Speech {
  const { t, i18n } = useTranslation(["app_segments", "app_shell"]);
  const format = useFormat();
  const word = useWord();
  const called = (items: ReadonlyArray<{ id: string; name: string }> | undefined, key: string) => items?.find(({ id, name }) => id === key || name === key)?.name ?? key;
  return {
    say: (key, values = {}) => t(key as "title", values),
    field: (name) => names?.field(name)?.label ?? word("field", name),
    tag: (tag) => called(names?.tags, tag),
    topic: (topic) => called(names?.topics, topic),
    campaign: (campaign) => called(names?.campaigns, campaign),
    // Within an English sentence; Arabic has no capitals.
    event: (event) => { const said = word("event", event); return said.charAt(0).toLocaleLowerCase(format.tag) + said.slice(1); },
    number: format.number,
    list: (items) => new Intl.ListFormat(format.tag, { type: "disjunction" }).format(items),
    value: (value, field) => {
      if (typeof value === "boolean") return t(value ? "app_shell:yes" : "app_shell:no");
      if (typeof value === "number") return format.number(value);
      if (field === "country" || field === "language") return named(field === "country" ? "region" : "language", i18n.language, String(value));
      if (field === "recipient_type") return word("recipient_type", String(value));
      const type = names?.field(field)?.type;
      if ((type === "date" || type === "instant" || field === "created_at") && DAY.test(String(value))) return format.date(String(value));
      return String(value ?? "");
    },
  };
}
