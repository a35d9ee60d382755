import { ActionIcon, Alert, Button, Card, Group, Select, Stack, Text, Textarea, Title } from "@mantine/core";
import { Trash2 } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/i18n";
import { named } from "@/ui/Language";
import type { Form } from "@/ui/form";
import { Bubble } from "../Bubble";
import { Counter } from "../Counter";
import { countOf, ownWords, shownText, type ServiceForm } from "./service";

const MORE = ["fr", "de", "es", "tr", "fa", "ur", "hi", "id", "ru", "zh", "pt", "it", "nl", "he", "ku", "bn", "ms", "sw", "so", "am"];
const TAGS = ["code", "organisation", "span"] as const;

/** What messages say, language by language, as they will arrive. */
export function Texts({ form, organisation, readOnly }: { form: Form<ServiceForm>; organisation: string; readOnly: boolean }) {
  const { t, i18n } = useTranslation("app_verify");
  const { values } = form;
  const [language, setLanguage] = useState<string>(i18n.language);
  const box = useRef<HTMLTextAreaElement>(null);
  const text = values.texts[language] ?? "";
  const choices = useMemo(() => [...new Set([...Object.keys(LANGUAGES), ...Object.keys(values.texts), ...MORE])].map((value) => ({ value, label: named("language", i18n.language, value) })), [i18n.language, values.texts]);
  const set = (words: string) => form.setFieldValue("texts", { ...values.texts, [language]: words });
  const insert = (tag: string) => {
    const { selectionStart: from = text.length, selectionEnd: until = text.length } = box.current ?? {};
    set(`${text.slice(0, from)}{${tag}}${text.slice(until)}`);
    box.current?.focus();
  };
  const seconds = countOf("expires_in", values.expires_in);
  const digits = countOf("code_length", values.code_length);
  const shown = shownText({ text, language, name: values.name.trim() || organisation, seconds: Number.isNaN(seconds) ? 600 : seconds, digits: Number.isNaN(digits) ? 6 : digits, site: values.web_otp.trim(), hash: values.app_hash.trim() });
  const direction = new Set(["ar", "fa", "ur", "he", "ku"]).has(language.split("-")[0] ?? "") ? "rtl" : "ltr";
  return (
    <Card component="section">
      <Stack>
        <Title order={2}>{t("texts")}</Title>
        <Text size="sm" c="dimmed">{t("texts.about")}</Text>
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <Select allowDeselect={false} searchable label={t("language")} data={choices} value={language} onChange={(code) => code && setLanguage(code)} style={{ flex: 1 }} />
          {!readOnly && text !== "" && <ActionIcon mb={1} color="red" aria-label={t("texts.clear", { language: named("language", i18n.language, language) })} onClick={() => set("")}><Trash2 aria-hidden size={16} /></ActionIcon>}
        </Group>
        <Textarea ref={box} autosize minRows={3} maxRows={8} readOnly={readOnly} lang={language} dir={direction} label={t("texts.words")} placeholder={ownWords(language)} error={form.errors.texts} value={text} onChange={(event) => set(event.currentTarget.value)} />
        {!readOnly && <Group gap={4}><Text size="xs" c="dimmed">{t("texts.insert")}</Text>{TAGS.map((tag) => <Button key={tag} size="compact-xs" variant="default" onClick={() => insert(tag)}>{t(`tag.${tag}`)}</Button>)}</Group>}
        {text.trim() === "" && <Alert color="gray">{t(language === "en" || language === "ar" ? "texts.own.now" : "texts.own.english")}</Alert>}
        <Stack gap={4} lang={language}><Text size="xs" c="dimmed" lang={i18n.language}>{t("texts.preview")}</Text><Bubble text={shown} /></Stack>
        {values.channels.includes("sms") && <Counter text={shown} />}
        <Text size="xs" c="dimmed">{t("texts.voice")}</Text>
      </Stack>
    </Card>
  );
}
