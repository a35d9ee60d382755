import { Button, Group, Text } from "@mantine/core";
import { CircleAlert, CircleCheck, CloudOff, LoaderCircle, type LucideIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import type { Saving } from "./draft";

const EVERY = 10_000;

/** Whether what is on the page is with the server, and since when. */
export function SaveState({ saving, again }: { saving: Saving; again: () => void }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), EVERY);
    return () => clearInterval(timer);
  }, []);
  const said = (Icon: LucideIcon, text: string, color?: string) => (
    <Group gap={6} wrap="nowrap" role="status"><Icon aria-hidden size={15} /><Text size="sm" c={color ?? "dimmed"} component="span" dir="auto">{text}</Text></Group>
  );
  switch (saving.kind) {
    case "waiting": return said(LoaderCircle, t("save.waiting"));
    case "saving": return said(LoaderCircle, t("save.saving"));
    case "offline": return said(CloudOff, t("save.offline"));
    case "refused": return <Group gap="xs">{said(CircleAlert, t("save.refused", { why: saving.error.detail }), "var(--barid-red-text)")}<Button size="compact-xs" variant="default" onClick={again}>{t("save.again")}</Button></Group>;
    case "saved": return said(CircleCheck, saving.at === null ? t("save.all") : t("save.at", { when: format.relative(saving.at) }));
  }
}
