import { useTranslation } from "react-i18next";

/** Why a time is missing, in words; a reason that has none yet is shown as it is. */
export function useReason(): (code: string) => string {
  const { t, i18n } = useTranslation("app_bookings");
  return (code) => (i18n.exists(`why.reason.${code}`, { ns: "app_bookings" }) ? t(`why.reason.${code}` as "why.reason.busy") : code);
}
