/** How a preview is shown. */
export type Scheme = "light" | "dark";

/** More than this and some mail programs cut the message off, with its unsubscribe link. */
export const CLIPPED_AT = 102 * 1024;

const DARK = /@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi;

/** Whether a message has colours of its own for dark screens. */
export const hasDark = (html: string) => new RegExp(DARK.source, "i").test(html);

/** A frame cannot be told which scheme to take, so its rules are: always, or never. */
const inScheme = (html: string, scheme: Scheme) => html.replace(DARK, scheme === "dark" ? "@media all" : "@media not all");

/** What a preview may load: pictures of this server, and only when asked those of others. Nothing may run. */
export function policy(origin: string, remote: boolean, images = true): string {
  const pictures = images ? `${origin} data:${remote ? " https: http:" : ""}` : "'none'";
  return `default-src 'none'; img-src ${pictures}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'`;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** The message as the document of a frame. Its own policy comes before everything the message brings along: the
 *  parser takes it into the head, and the message's `<html>` and `<head>` are merged with what is there. */
export function frameOf(html: string, { scheme = "light", origin, remote = false, images = true, style = "" }: { scheme?: Scheme; origin: string; remote?: boolean; images?: boolean; style?: string }): string {
  const head = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${escaped(policy(origin, remote, images))}"><meta name="referrer" content="no-referrer"><base target="_blank">`;
  return `${head}${style ? `<style>${style}</style>` : ""}${inScheme(html, scheme)}`;
}

/** How full the size is that mail programs show. */
export function fullness(bytes: number): { share: number; level: "good" | "near" | "over" } {
  const share = bytes / CLIPPED_AT;
  return { share, level: share > 1 ? "over" : share > 0.85 ? "near" : "good" };
}
