import { MultiSelect, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isLanguage, LANGUAGES, type Language } from "@/i18n";
import { Waiting } from "@/ui/Waiting";
import { useChatWords } from "./words";
import type { Work } from "./WidgetPage";

/** What organisations like to say in their own words; everything else stays as it is. */
const OWN = ["open", "title", "placeholder", "start", "ticket_title", "ticket_text", "ticket_done", "ask_mail", "closed", "rate", "peek_notice", "system.queued", "system.away"] as const;

/** Own words in place of the usual ones, in each language. */
export function Texts({ work: { draft, put } }: { work: Work }) {
  const { t, i18n } = useTranslation("app_chat");
  const [language, setLanguage] = useState<Language>(isLanguage(i18n.language) ? i18n.language : "en");
  const usual = useChatWords(language);
  const own = draft.texts[language] ?? {};
  const set = (key: string, text: string) => {
    const { [key]: _, ...rest } = own;
    put({ texts: { ...draft.texts, [language]: text.trim() ? { ...rest, [key]: text } : rest } });
  };
  return (
    <Stack gap="sm">
      <MultiSelect label={t("texts.languages")} description={t("texts.languages.about")} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} value={draft.languages} onChange={(languages) => languages.length > 0 && put({ languages })} />
      <Text size="sm" c="dimmed">{t("texts.about")}</Text>
      <SegmentedControl aria-label={t("texts.in")} value={language} onChange={(value) => isLanguage(value) && setLanguage(value)} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label: <span lang={value}>{label}</span> }))} style={{ alignSelf: "flex-start" }} />
      {!usual ? <Waiting /> : OWN.map((key) => <TextInput key={language + key} lang={language} dir={language === "ar" ? "rtl" : "ltr"} label={t(`texts.${key}`)} placeholder={usual[`widget.${key}`]} value={own[`widget.${key}`] ?? ""} maxLength={500} onChange={(event) => set(`widget.${key}`, event.currentTarget.value)} />)}
    </Stack>
  );
}
