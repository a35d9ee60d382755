import { useCallback } from "react";
import { useTranslation } from "react-i18next";

type Area = "app_numbers" | "app_verify" | "app_calls" | "app_money";

/** An area's words for the server's codes: `codes("state", "verified")`. A code without words is shown as it is. */
export function useCodes(area: Area): (family: string, code: string | null | undefined) => string {
  const { t, i18n } = useTranslation(area);
  return useCallback((family, code) => {
    if (!code) return "–";
    const key = `${family}.${code}`;
    return i18n.exists(key, { ns: area }) ? (t as (key: string) => string)(key) : code;
  }, [t, i18n, area]);
}
