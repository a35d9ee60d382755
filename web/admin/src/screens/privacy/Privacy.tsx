import { BookOpenCheck, Cookie, Gauge, Hourglass, Landmark, LibraryBig, MailCheck, MessageCircleQuestionMark, MessagesSquare, Scale, ScrollText, Siren, type LucideIcon } from "lucide-react";
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

const REGISTERS: ReadonlyArray<readonly [code: "registers" | "incidents" | "authorities" | "lawfulness" | "notices" | "cookies", icon: LucideIcon]> = [
  ["registers", LibraryBig],
  ["incidents", Siren],
  ["authorities", Landmark],
  ["lawfulness", MailCheck],
  ["notices", ScrollText],
  ["cookies", Cookie],
];

/** The data-protection officer's desk. */
export default function Privacy() {
  const { t } = useTranslation(["app_privacy", "app_registers"]);
  const parts = [
    ...PARTS.map(([code, icon]) => ({ code, icon, label: t(`part.${code}`) })),
    ...REGISTERS.map(([code, icon]) => ({ code, icon, label: t(`app_registers:part.${code}`) })),
  ];
  return <Page title={t("title")} about={t("about")} permission="privacy:read"><Parts base="/privacy" label={t("title")} parts={parts} /></Page>;
}
