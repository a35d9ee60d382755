import { BellRing, BookOpenText, Bot, LockKeyhole, MessageSquareQuote, MessagesSquare, Route, Smartphone, UsersRound, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { Parts } from "@/ui/Parts";

const PARTS: ReadonlyArray<readonly [code: "widgets" | "channels" | "groups" | "routing" | "replies" | "bots" | "articles" | "devices" | "notifications", icon: LucideIcon, permission?: string]> = [
  ["widgets", MessagesSquare, "conversations:manage"],
  ["channels", Smartphone, "routes:read"],
  ["groups", UsersRound, "conversations:manage"],
  ["routing", Route, "conversations:manage"],
  ["replies", MessageSquareQuote],
  ["bots", Bot, "conversations:manage"],
  ["articles", BookOpenText],
  ["devices", LockKeyhole],
  ["notifications", BellRing],
];

/** How the chat looks, who answers, and what helps them. */
export default function ChatSettings() {
  const { t } = useTranslation("app_chat");
  const may = useMay();
  const parts = PARTS.filter(([, , permission]) => !permission || may(permission)).map(([code, icon]) => ({ code, icon, label: t(`part.${code}`) }));
  return <Parts base="/inbox/settings" label={t("title")} parts={parts} />;
}
