/** What is drawn over the links of a message. */
const STYLE =
  ".barid-clicks{display:inline-block;margin:0 4px;padding:1px 7px;border-radius:10px;background:#0b6e63;color:#fff;font:600 12px/1.5 system-ui,sans-serif;vertical-align:middle;text-decoration:none}" +
  "a[data-link]{outline:2px solid #0b6e63;outline-offset:1px}";

export const CLICK_STYLE = STYLE;

/** The message with the clicks of each link beside it. It is parsed without being shown, so nothing in it runs; the
 *  frame that shows it runs nothing either. */
export function withClicks(html: string, clicks: ReadonlyMap<number, string>): string {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const link of parsed.querySelectorAll("a[data-link]")) {
    const said = clicks.get(Number(link.getAttribute("data-link")));
    if (said === undefined) continue;
    const badge = parsed.createElement("span");
    badge.className = "barid-clicks";
    badge.textContent = said;
    link.append(badge);
  }
  return parsed.documentElement.outerHTML;
}
