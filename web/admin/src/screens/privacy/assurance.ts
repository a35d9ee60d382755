import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { useCodes } from "./registers/codes";

/** The sentences of the server's checks; the groups are their figures, in order. */
const SENTENCES = [
  ["expired", /^(\d+) expired$/],
  ["without_basis", /^(\d+) without a basis$/],
  ["waiting", /^(\d+) waiting$/],
  ["untold", /^(\d+) with people not told yet$/],
  ["requests", /^(\d+) open, (\d+) past the legal term, (\d+) past the target$/],
  ["incidents", /^(\d+) open, (\d+) past a term$/],
  ["records", /^(\d+) records verify$/],
  ["pack", /^version (\S+), (\d+) days old, (\d+) rows past their review$/],
  ["processors", /^(\d+) in the register, (\d+) incomplete, (\d+) drafts, (\d+) with remarks$/],
  ["backup", /^the last one is (\d+) days old$/],
  ["no_backup", /^no backup was taken/],
  ["nothing_due", /^nothing is past its class$/],
  ["unreadable", /^the ledger cannot be read/],
] as const;

export type Sentence = (typeof SENTENCES)[number][0];

/** What a check found, as a code and its figures; `null` for what is no sentence known here. */
export function readDetail(detail: string): { code: Sentence; figures: string[] } | null {
  for (const [code, form] of SENTENCES) {
    const found = form.exec(detail);
    if (found) return { code, figures: found.slice(1) };
  }
  return null;
}

/** What is behind a check, in the reader's language. */
export function useDetail(): (check: string, detail: string) => string {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const figure = (text: string | undefined) => (text === undefined ? "" : /^\d+$/.test(text) ? format.number(Number(text)) : text);
  return (check, detail) => {
    const found = readDetail(detail);
    if (found) {
      const [a, b, c, d] = found.figures.map(figure);
      return t(`check.${found.code}`, { a, b, c, d });
    }
    if (check === "controller" && detail) return format.list(detail.split(", ").map((code) => say("responsible", code)));
    if (check === "connectors" && detail) return format.list(detail.split(", ").map((code) => say("connector", code)));
    return detail;
  };
}
