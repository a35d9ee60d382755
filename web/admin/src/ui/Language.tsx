import { useTranslation } from "react-i18next";

/** What a language or country is called in the language of `tag`; its code when nobody knows it. */
export const named = (kind: "language" | "region", tag: string, code: string): string => {
  try {
    return new Intl.DisplayNames([tag], { type: kind }).of(code) ?? code;
  } catch {
    return code;
  }
};

/** A language by the name that the reader's language gives it. */
export function LanguageName({ code }: { code: string }) {
  const { i18n } = useTranslation();
  return <span title={code}>{named("language", i18n.language, code)}</span>;
}

/** A country by the name that the reader's language gives it. */
export function CountryName({ code }: { code: string }) {
  const { i18n } = useTranslation();
  return <span title={code}>{named("region", i18n.language, code)}</span>;
}
