import { ArrowRightLeft, CloudDownload, CornerDownRight, Grid3x3, Hash, MicVocal, Pause, PhoneForwarded, PhoneOff, Play, Volume2, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { apart, useFormat } from "@/i18n/format";
import type { Action, Complaint, Step } from "./flow";

export const ICONS: Record<Action, LucideIcon> = {
  say: Volume2, gather: Grid3x3, play: Play, pause: Pause, record: MicVocal, transfer: PhoneForwarded, fetch: CloudDownload, send_keys: Hash, goto: CornerDownRight, hangup: PhoneOff,
};
export const ANY = ArrowRightLeft;

const SHOWN = 80;
const short = (text: string) => { const line = text.replace(/\s+/g, " ").trim(); return [...line].length > SHOWN ? `${[...line].slice(0, SHOWN).join("")}…` : line; };

/** What a step does, in a sentence. */
export function useSentence(): (step: Step) => string {
  const { t } = useTranslation("app_calls");
  const format = useFormat();
  return (step) => {
    const heard = step.prompt.kind === "text" ? short(step.prompt.text) : step.prompt.kind === "media" ? step.prompt.media : "";
    switch (step.action) {
      case "say": return step.text.trim() ? t("sum.say", { text: apart(short(step.text)) }) : t("sum.say.empty");
      case "play": return step.media ? t("sum.play", { media: apart(step.media) }) : t("sum.play.empty");
      case "pause": return t("sum.pause", { n: step.seconds });
      case "gather": return heard ? t("sum.gather", { text: apart(heard) }) : t("sum.gather.empty");
      case "record": return t("sum.record", { n: step.max_seconds });
      case "transfer": return step.to ? t("sum.transfer", { to: `\u2066${step.to}\u2069` }) : t("sum.transfer.empty");
      case "fetch": return step.url ? t("sum.fetch", { url: apart(step.url) }) : t("sum.fetch.empty");
      case "send_keys": return t("sum.send_keys", { keys: `\u2066${step.digits}\u2069` });
      case "goto": return t("sum.goto");
      case "hangup": return t("sum.hangup", { n: format.number(1) });
    }
  };
}

/** A complaint in words: ours where we found it, the server's where it did. */
export function useComplaint(): (complaint: Complaint) => string {
  const { t, i18n } = useTranslation("app_calls");
  return ({ code, detail, field }) => {
    const key = `wrong.${code}`;
    const range = `wrong.range.${field.split(".").at(-1)}`;
    if (code === "range" && i18n.exists(range, { ns: "app_calls" })) return (t as (key: string) => string)(range);
    return code && i18n.exists(key, { ns: "app_calls" }) ? (t as (key: string) => string)(key) : (detail ?? code ?? "");
  };
}
