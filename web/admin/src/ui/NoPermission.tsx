import { Lock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Nothing } from "./Nothing";

/** Says what is missing and who can grant it. */
export function NoPermission({ permission }: { permission: string }) {
  const { t } = useTranslation();
  return <Nothing icon={Lock} title={t("no_permission.title")} text={t("no_permission.text", { permission })} />;
}
