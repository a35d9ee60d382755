import type { Config } from "./config";

export type Say = (key: string, values?: Record<string, string | number>) => string;

/** The words of a config. A `count` chooses among a language's plural forms; `n` is how it is written. */
export function words({ words: texts, lang }: Pick<Config, "words" | "lang">): Say {
  const plural = new Intl.PluralRules(lang);
  const number = new Intl.NumberFormat(lang);
  return (key, values = {}) => {
    const { count } = values;
    const form = typeof count === "number" ? `${key}_${plural.select(count)}` : key;
    const text = [form, key + "_other", key].map((one) => texts["widget." + one]).find((one) => one !== undefined) ?? "";
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = name === "n" ? count : values[name];
      // Names of either script stay together in a sentence of the other.
      return typeof value === "number" ? number.format(value) : value === undefined ? "" : `\u2068${value}\u2069`;
    });
  };
}
