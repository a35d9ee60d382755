import { useMemo } from "react";
import { useTranslation } from "react-i18next";

const FIRST = 65;
const LETTERS = 26;

/** Every region that the browser knows a name for (ISO 3166-1 alpha-2), in the reader's order. */
export function useCountries(): Array<{ value: string; label: string }> {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const names = new Intl.DisplayNames(i18n.language, { type: "region", fallback: "none" });
    const found: Array<{ value: string; label: string }> = [];
    for (let code = 0; code < LETTERS * LETTERS; code += 1) {
      const value = String.fromCharCode(FIRST + Math.floor(code / LETTERS), FIRST + (code % LETTERS));
      const label = names.of(value);
      if (label && !NO_COUNTRY.has(value)) found.push({ value, label });
    }
    return found.sort((a, b) => a.label.localeCompare(b.label, i18n.language));
  }, [i18n.language]);
}

/** Codes with a name that are unions, territories out of use, or nowhere. */
const NO_COUNTRY = new Set(["AC", "AN", "CP", "CQ", "DG", "DD", "EA", "EU", "EZ", "FX", "IC", "QO", "SU", "TA", "UN", "XA", "XB", "YU", "ZZ", "BU", "CS", "NH", "RH", "TP", "VD", "YD", "ZR", "NT", "HV", "DY", "UK"]);
