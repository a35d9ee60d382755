export type Way = "inline" | "popup" | "floating";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** What to put on a page: the loader, and which booking page it shows how. */
export function snippetOf(url: string, way: Way, language: string, button: string): string {
  const { origin, pathname } = new URL(url);
  const place = pathname.replace(/^\/book\//, "").replace(/\/$/, "");
  const label = way === "inline" ? "" : ` data-label="${escaped(button)}"`;
  return `<script async src="${origin}/w/loader.js" data-booking="${escaped(place)}" data-mode="${way}" data-lang="${language}"${label}></script>`;
}

/** What a site with a strict content security policy has to allow. */
export const policyOf = (url: string) => { const { origin } = new URL(url); return `script-src ${origin}; frame-src ${origin}`; };

/** The page that lists what an organisation offers, from the address of one of its event types. */
export const listOf = (url: string) => url.replace(/\/[^/]*$/, "");
