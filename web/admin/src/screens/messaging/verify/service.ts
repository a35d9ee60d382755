import arabic from "@words/ar/verify.json";
import english from "@words/en/verify.json";
import { latinDigits } from "@/i18n/format";
import type { Service, Settings } from "./server";

export const DEFAULTS = {
  code_length: 6, expires_in: 600, max_attempts: 3, max_sends: 3, cooldown: 30, per_recipient_a_day: 10, per_address_an_hour: 20, per_caller_a_minute: 600,
} as const;
export type Count = keyof typeof DEFAULTS;

/** What each number may be. */
export const RANGES: Record<Count, readonly [least: number, most: number]> = {
  code_length: [4, 10], expires_in: [30, 86_400], max_attempts: [1, 20], max_sends: [1, 10], cooldown: [10, 3600], per_recipient_a_day: [1, 100], per_address_an_hour: [1, 1000], per_caller_a_minute: [1, 100_000],
};

/** A service as its form holds it: every number a text, the life of a code in minutes. */
export interface ServiceForm extends Record<string, unknown>, Record<Count, string> {
  name: string;
  channels: string[];
  originator: string;
  texts: Record<string, string>;
  web_otp: string;
  app_hash: string;
}

const MINUTE = 60;

/** Seconds as minutes where they are whole ones or halves, so that what was set is shown as it is. */
export const minutesText = (seconds: number) => String(Math.round((seconds / MINUTE) * 100) / 100);

export function formOf(service: Service | null): ServiceForm {
  const settings = service?.settings ?? {};
  const count = (name: Count) => String(settings[name] ?? DEFAULTS[name]);
  return {
    name: service?.name ?? "", channels: settings.channels ?? ["sms"], originator: settings.originator ?? "", texts: settings.texts ?? {}, web_otp: settings.web_otp ?? "", app_hash: settings.app_hash ?? "",
    code_length: count("code_length"), expires_in: minutesText(settings.expires_in ?? DEFAULTS.expires_in), max_attempts: count("max_attempts"), max_sends: count("max_sends"), cooldown: count("cooldown"),
    per_recipient_a_day: count("per_recipient_a_day"), per_address_an_hour: count("per_address_an_hour"), per_caller_a_minute: count("per_caller_a_minute"),
  };
}

/** What a box for a number holds, in the server's unit; NaN when it is no number. */
export function countOf(name: Count, text: string): number {
  const plain = latinDigits(text.trim()).replace(/[٫,]/, ".");
  if (!/^\d+(\.\d+)?$/.test(plain)) return Number.NaN;
  const value = name === "expires_in" ? Math.round(Number(plain) * MINUTE) : Number(plain);
  return Number.isInteger(value) ? value : Number.NaN;
}

export function fits(name: Count, text: string): boolean {
  const value = countOf(name, text);
  const [least, most] = RANGES[name];
  return value >= least && value <= most;
}

export function settingsOf(form: ServiceForm): Settings {
  const counts = Object.fromEntries((Object.keys(DEFAULTS) as Count[]).map((name) => [name, countOf(name, form[name])]));
  const texts = Object.fromEntries(Object.entries(form.texts).filter(([, text]) => text.trim() !== ""));
  return { ...counts, channels: form.channels, texts, originator: form.originator || null, web_otp: form.web_otp.trim() || null, app_hash: form.app_hash.trim() || null };
}

const WORDS = { en: english, ar: arabic };
const wordsOf = (language: string) => (language.startsWith("ar") ? WORDS.ar : WORDS.en);

/** For how long a code is good, as the message says it. */
export function spanOf(language: string, seconds: number): string {
  const words = wordsOf(language);
  const [unit, count] = seconds < 120 && seconds % 60 !== 0 ? (["seconds", seconds] as const) : seconds >= 7200 || seconds === 3600 ? (["hours", Math.floor(seconds / 3600)] as const) : (["minutes", Math.floor(seconds / 60)] as const);
  const forms: Record<string, string> = words[unit];
  const form = new Intl.PluralRules(language.startsWith("ar") ? "ar" : "en").select(count);
  return (forms[form] ?? forms.other ?? "").replace("{count}", String(count));
}

/** Barid's own words in a language; English where it has none of its own. */
export const ownWords = (language: string) => wordsOf(language).sms;

interface Shown { text: string; language: string; name: string; seconds: number; digits: number; site?: string; hash?: string }

/** The message as somebody gets it. */
export function shownText({ text, language, name, seconds, digits, site, hash }: Shown): string {
  const code = "1234567890".slice(0, digits);
  const filled = (text.trim() || ownWords(language)).replaceAll("{code}", code).replaceAll("{organisation}", name).replaceAll("{span}", spanOf(language, seconds));
  return [filled, ...(site ? [`@${site} #${code}`] : []), ...(hash ? [hash] : [])].join("\n");
}
