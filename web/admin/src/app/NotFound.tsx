import { useTranslation } from "react-i18next";
import { Compass } from "lucide-react";
import { Nothing } from "@/ui/Nothing";

export function NotFound() {
  const { t } = useTranslation();
  return <Nothing order={1} icon={Compass} title={t("not_found.title")} text={t("not_found.text")} action={{ label: t("not_found.home"), href: "/" }} />;
}
