/** The language of the element, of its page, of the browser: the first that there are texts for. */
export function languageOf(wanted: string | null): "en" | "ar" {
  for (const tag of [wanted, document.documentElement.lang, ...navigator.languages]) {
    const language = (tag ?? "").split("-")[0]!.toLowerCase();
    if (language === "en" || language === "ar") return language;
  }
  return "en";
}

/** What the site knows already of its visitor, and may hand on in the address. */
const KNOWN = ["name", "email", "duration", "host"];

/** The address of the booking page in a frame: in the visitor's language and zone, with what is known already. */
export function addressOf(element: Element, language: string): string {
  const url = new URL(element.getAttribute("src")!, location.href);
  url.searchParams.set("embed", "1");
  url.searchParams.set("lang", language);
  const zone = element.getAttribute("timezone") ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) url.searchParams.set("tz", zone);
  for (const name of KNOWN) {
    const value = element.getAttribute(name);
    if (value) url.searchParams.set(name, value);
  }
  return url.href;
}
