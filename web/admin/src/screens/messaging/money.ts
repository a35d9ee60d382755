import { useFormat } from "@/i18n/format";
import { latinDigits } from "@/i18n/format";
import { useMay } from "@/app/session";
import { useBalance } from "./server";

const MICROS = 1_000_000;
const PLACES = 6;

/** Millionths of a currency as people write money. A price of a part is often below the smallest coin, so every
 *  decimal that says something is shown. */
export function moneyOf(tag: string, micros: number, currency?: string): string {
  const style = currency ? { style: "currency" as const, currency } : { minimumFractionDigits: 2 };
  return new Intl.NumberFormat(tag, { ...style, maximumFractionDigits: PLACES }).format(micros / MICROS);
}

/** Money in the balance's currency; without a currency for those who may not see the balance. */
export function useMoney(): (micros: number) => string {
  const { tag } = useFormat();
  const { data } = useBalance(useMay()("balance:read"));
  return (micros) => moneyOf(tag, micros, data?.currency);
}

/** An amount in a field, as it was read from the server. */
export function amountText(micros: number): string {
  const digits = String(Math.abs(micros)).padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  return (micros < 0 ? "-" : "") + digits.slice(0, -PLACES) + (fraction ? `.${fraction}` : "");
}

/** What somebody typed as an amount, in millionths. `null` when it is no amount, or could be two: `1,000` is a
 *  thousand for some and one for others. Counted in whole numbers throughout. */
export function microsOf(text: string): number | null {
  const plain = latinDigits(text).replaceAll("٫", ".").replace(/[٬\s\u00a0\u202f]/g, "");
  const grouped = /^-?[1-9]\d{0,2}(,\d{3})+\.\d+$|^-?[1-9]\d{0,2}(,\d{3}){2,}$/.test(plain);
  const comma = /^-?(0,\d+|\d+,(\d{1,2}|\d{4,6}))$/.test(plain);
  const pointed = grouped ? plain.replaceAll(",", "") : comma ? plain.replace(",", ".") : plain;
  const found = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/.exec(pointed);
  if (!found) return null;
  const [, sign, whole = "0", fraction = ""] = found;
  const micros = Number(whole) * MICROS + Number(fraction.padEnd(PLACES, "0"));
  return sign && micros > 0 ? -micros : micros;
}
