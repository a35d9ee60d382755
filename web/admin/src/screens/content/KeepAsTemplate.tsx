import { Button } from "@mantine/core";
import { BookmarkPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { contentOf, type MessageFields } from "@/screens/campaigns/fields";
import { refused, told } from "@/ui/notify";

/** Keeps the message, in all its languages, to begin other campaigns with. */
export function KeepAsTemplate({ fields }: { fields: MessageFields }) {
  const { t } = useTranslation("app_content");
  const [busy, setBusy] = useState(false);
  if (!useMay()("templates:write") || fields.body === null) return null;
  const { name, language, variants, ...piece } = fields;
  const keep = async () => {
    setBusy(true);
    const others = Object.fromEntries(Object.entries(variants).map(([code, other]) => [code, contentOf(other)]));
    const { error } = await fetchClient.POST("/v1/templates", { body: { name, content: { ...contentOf(piece), language, variants: others } } }).catch((lost: unknown) => ({ error: lost }));
    setBusy(false);
    if (error) return refused(error);
    void stale("/v1/templates");
    told(t("keep.done", { name }));
  };
  return <Button variant="default" loading={busy} leftSection={<BookmarkPlus aria-hidden size={16} />} onClick={() => void keep()}>{t("keep")}</Button>;
}
