import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";

/** The languages of the application, each in its own name. */
export const LANGUAGES = { en: "English", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = "barid.language";
const shell: Record<string, () => Promise<{ default: object }>> = {
  en: () => import("../../../../i18n/en/app_shell.json"),
  ar: () => import("../../../../i18n/ar/app_shell.json"),
};

async function load(language: string, area: string): Promise<object> {
  const file = area === "app_shell" ? shell[language] : (await import("./areas")).areas[`../../../../i18n/${language}/${area}.json`];
  if (!file) throw new Error(`no texts for ${area} in ${language}`);
  return (await file()).default;
}

/** The server's own files, as screens ask for them. */
const backend: BackendModule = {
  type: "backend",
  init: () => {},
  read: (language, area, done) => void load(language, area).then((texts) => done(null, texts as Record<string, unknown>), (error: Error) => done(error, null)),
};

export const isLanguage = (value: string | null | undefined): value is Language => value === "en" || value === "ar";
export const directionOf = (language: string) => (language.startsWith("ar") ? "rtl" : "ltr");

/** What was chosen here before, or what the browser asks for. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (isLanguage(kept)) return kept;
  return navigator.languages.some((language) => language.startsWith("ar")) ? "ar" : "en";
}

function markDocument(language: string) {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

export async function startLanguage() {
  i18next.on("languageChanged", (language) => {
    localStorage.setItem(KEPT, language);
    markDocument(language);
  });
  await i18next.use(backend).use(initReactI18next).init({
    lng: preferredLanguage(),
    fallbackLng: false,
    ns: ["app_shell"],
    defaultNS: "app_shell",
    keySeparator: false,
    nsSeparator: ":",
    interpolation: { escapeValue: false, prefix: "{", suffix: "}" },
    react: { useSuspense: true },
    partialBundledLanguages: true,
  });
  markDocument(i18next.language);
}
