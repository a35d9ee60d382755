import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useUrlState } from "@/app/place";
import { LanguageName } from "@/ui/Language";

/** The language whose message is on the page; it stands in the address. */
export function useLanguageHere(languages: readonly string[]): [string, (language: string) => void] {
  const first = languages[0] ?? "en";
  const [language, setLanguage] = useUrlState("language", first);
  return [languages.includes(language) ? language : first, setLanguage];
}

export function LanguageSwitch({ languages, language, choose }: { languages: readonly string[]; language: string; choose: (language: string) => void }) {
  const { t } = useTranslation("app_content");
  if (languages.length < 2) return null;
  return <SegmentedControl size="xs" aria-label={t("language")} value={language} onChange={choose} data={languages.map((value) => ({ value, label: <LanguageName code={value} /> }))} />;
}
