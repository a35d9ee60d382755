import { Button, Group, Menu, Stack, Text, TextInput, Title } from "@mantine/core";
import { Languages, Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { isRtl } from "@/screens/content/document";
import { useFormat } from "@/i18n/format";
import { LANGUAGES } from "@/i18n";
import { undoable } from "@/ui/notify";
import { LanguageName } from "@/ui/Language";
import { languagesOf, letters, pieceOf, withPiece } from "../fields";
import type { Part } from "./part";

/** Longer subjects are cut off by most telephones. */
const SHOWN = 50;
const PREHEADER = 100;

const OFFERED = [...Object.keys(LANGUAGES), "fr", "de", "es", "tr", "ur", "fa"];

/** What is read before the message is opened, in each of its languages. */
export function Subject(part: Part) {
  const { t } = useTranslation("app_campaigns");
  const { fields, put } = part.draft;
  const languages = languagesOf(fields);
  const free = OFFERED.filter((code) => !languages.includes(code));
  const add = (code: string) => put({ ...fields, variants: { ...fields.variants, [code]: { ...pieceOf(fields, fields.language) } } });
  return (
    <Stack gap="lg">
      {languages.map((language) => <OneLanguage key={language} language={language} {...part} several={languages.length > 1} />)}
      {!part.locked && free.length > 0 && (
        <Group>
          <Menu>
            <Menu.Target><Button variant="default" size="xs" leftSection={<Plus aria-hidden size={14} />}>{t("language.add")}</Button></Menu.Target>
            <Menu.Dropdown>{free.map((code) => <Menu.Item key={code} leftSection={<Languages aria-hidden size={14} />} onClick={() => add(code)}><LanguageName code={code} /></Menu.Item>)}</Menu.Dropdown>
          </Menu>
          <Text size="sm" c="dimmed" style={{ flex: 1 }}>{t("language.about")}</Text>
        </Group>
      )}
    </Stack>
  );
}

function OneLanguage({ draft, locked, errors, language, several }: Part & { language: string; several: boolean }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const { fields, put } = draft;
  const piece = pieceOf(fields, language);
  const length = letters(piece.subject);
  const first = language === fields.language;
  const change = (part: Partial<typeof piece>) => put(withPiece(fields, language, part));
  const remove = () => {
    const { [language]: gone, ...rest } = fields.variants;
    put({ ...fields, variants: rest });
    if (gone) undoable(t("language.removed"), () => put({ ...fields, variants: { ...rest, [language]: gone } }));
  };
  const hint = length > SHOWN ? t("subject.long", { count: length, n: format.number(length), of: format.number(SHOWN) }) : t("subject.length", { count: length, n: format.number(length) });
  const size = letters(piece.preheader);
  return (
    <Stack gap="xs">
      {several && (
        <Group justify="space-between">
          <Title order={3}><LanguageName code={language} />{first && <Text component="span" size="sm" c="dimmed"> · {t("language.first")}</Text>}</Title>
          {!first && !locked && <Button size="compact-xs" variant="subtle" color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={remove}>{t("language.remove")}</Button>}
        </Group>
      )}
      <TextInput lang={language} dir={piece.subject === "" ? (isRtl(language) ? "rtl" : "ltr") : "auto"} label={t("subject")} description={<span aria-live="polite">{hint}</span>} inputWrapperOrder={["label", "input", "description", "error"]}
        value={piece.subject} readOnly={locked} error={first ? errors.subject : undefined} onChange={({ currentTarget: { value } }) => change({ subject: value })} />
      <TextInput lang={language} dir={piece.preheader === "" ? (isRtl(language) ? "rtl" : "ltr") : "auto"} label={t("preheader")} description={size > PREHEADER ? t("preheader.long", { n: format.number(PREHEADER) }) : t("preheader.about")} inputWrapperOrder={["label", "input", "description", "error"]}
        value={piece.preheader} readOnly={locked} onChange={({ currentTarget: { value } }) => change({ preheader: value })} />
    </Stack>
  );
}
