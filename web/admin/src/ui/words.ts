import { useCallback } from "react";
import { useTranslation } from "react-i18next";

/** Words for codes that several screens show (`app_words.json`): `word("basis", "consent")`. A code that has no word
 *  yet is shown as it is. */
export function useWord(): (family: string, code: string | null | undefined) => string {
  const { t, i18n } = useTranslation("app_words");
  return useCallback((family, code) => {
    if (!code) return "–";
    const key = `${family}.${code}`;
    return i18n.exists(key, { ns: "app_words" }) ? t(key as "channel.email") : code;
  }, [t, i18n]);
}
