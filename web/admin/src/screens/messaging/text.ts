/** Typographic signs, and what says the same in the alphabet of telephones. */
const PLAIN: Record<string, string> = {
  "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "·": "-",
  "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\u200b": "", "\ufeff": "", "×": "x", "©": "(c)", "®": "(r)", "™": "(tm)",
};

/** The text with typographic signs replaced by plain ones; letters stay as they are. */
export const plainer = (text: string) => [...text].map((sign) => PLAIN[sign] ?? sign).join("");

const ARABIC = /\p{Script=Arabic}/u;

/** Whether the text is written in Arabic letters, which no 7-bit alphabet holds. */
export const isArabic = (text: string) => ARABIC.test(text);

/** What one part holds: alone, and with the header that joins it to others. */
export const ROOM: Record<string, readonly [alone: number, joined: number]> = { GSM_7BIT: [160, 153], UCS2: [70, 67] };

/** A sign as it can be shown: some have no shape of their own. */
export function signOf(sign: string): string {
  return /[\p{Z}\p{C}\p{M}]/u.test(sign) ? `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}` : sign;
}
