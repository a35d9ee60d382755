import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";

type Said = (family: string, code: string | null | undefined) => string;

/** Words for the codes of the registers: `say("mechanism", "scc")`. What has no word yet is shown as it is. */
export function useCodes(): Said {
  const { t, i18n } = useTranslation("app_registers");
  return (family, code) => {
    if (!code) return "–";
    const key = `${family}.${code}`;
    return i18n.exists(key, { ns: "app_registers" }) ? t(key as "state.draft") : code;
  };
}

/** Choices for a field from the codes of a family. */
export function useChoices(): (family: string, codes: readonly string[]) => Array<{ value: string; label: string }> {
  const say = useCodes();
  return (family, codes) => codes.map((value) => ({ value, label: say(family, value) }));
}

/** Names of countries in the reader's language. */
export function useCountries(): (codes: readonly string[]) => string {
  const format = useFormat();
  const names = new Intl.DisplayNames(format.tag, { type: "region", fallback: "code" });
  return (codes) => format.list(codes.map((code) => (/^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code)));
}

/** The remarks that the server makes about a recipient, by what is typical in them. */
const REMARKS: ReadonlyArray<readonly [RegExp, "united_kingdom" | "no_decision" | "framework" | "derogation"]> = [
  [/United Kingdom left/, "united_kingdom"], [/no adequacy decision/, "no_decision"], [/Data Privacy Framework/, "framework"], [/derogations are/, "derogation"],
];

export const remarkCode = (text: string) => REMARKS.find(([typical]) => typical.test(text))?.[1] ?? null;
