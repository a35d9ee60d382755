import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useWord } from "@/ui/words";

/** The words of messages for codes: `text("state", "sent")`. A code without words is shown as it is. */
export function useTexts(): (family: string, code: string | null | undefined) => string {
  const { t, i18n } = useTranslation("app_messaging");
  return useCallback((family, code) => {
    if (!code) return "–";
    const key = `${family}.${code}`;
    return i18n.exists(key, { ns: "app_messaging" }) ? t(key as "state.sent") : code;
  }, [t, i18n]);
}

/** Why a message stands as it does: the gate's reasons, our own, or what an operator said, as it said it. */
export function useReason(): (code: string) => string {
  const texts = useTexts();
  const word = useWord();
  return (code) => {
    const own = texts("why", code);
    return own !== code ? own : word("reason", code);
  };
}
