import { useTranslation } from "react-i18next";
import { reasonCode } from "./reasons";

/** A reason of the server in the reader's words; a new one as the server wrote it. */
export function useReason(): (reason: string) => string {
  const { t } = useTranslation("app_import");
  return (reason) => {
    const code = reasonCode(reason);
    return code ? t(`reason.${code}` as "reason.blocked") : reason;
  };
}
