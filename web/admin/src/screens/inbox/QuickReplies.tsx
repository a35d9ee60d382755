import { useTranslation } from "react-i18next";
import { Dialog, entries } from "@/ui/Dialog";

const MOST = 13;

/** A question with answers to choose from. */
export function QuickReplies({ close, send }: { close: () => void; send: (text: string, labels: string[]) => void }) {
  const { t } = useTranslation("app_inbox");
  return (
    <Dialog title={t("choices")} about={t("choices.about")} close={close} button={t("send")} initial={{ text: "", labels: "" }}
      fields={[{ name: "text", label: t("choices.text"), kind: "text", needed: true }, { name: "labels", label: t("choices.labels"), note: t("choices.labels.about"), kind: "lines", needed: true }]}
      send={({ text, labels }) => Promise.resolve(send(text.trim(), entries(labels).slice(0, MOST)))} />
  );
}
