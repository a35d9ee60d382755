import { BookOpenCheck, Gauge, Hourglass, MessageCircleQuestionMark, MessagesSquare, Scale, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Page } from "@/ui/Page";
import { Parts } from "@/ui/Parts";

const PARTS: ReadonlyArray<readonly [code: "overview" | "requests" | "replies" | "retention" | "ledger" | "rules", icon: LucideIcon]> = [
  ["overview", Gauge],
  ["requests", MessageCircleQuestionMark],
  ["replies", MessagesSquare],
  ["retention", Hourglass],
  ["ledger", BookOpenCheck],
  ["rules", Scale],
];

/** The data-protection officer's desk. */
export default function Privacy() {
  const { t } = useTranslation("app_privacy");
  const parts = PARTS.map(([code, icon]) => ({ code, icon, label: t(`part.${code}`) }));
  return <Page title={t("title")} about={t("about")} permission="privacy:read"><Parts base="/privacy" label={t("title")} parts={parts} /></Page>;
}
