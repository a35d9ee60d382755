import type { components } from "@/api/schema";

export type Design = components["schemas"]["CookieDesign"];
export type Service = components["schemas"]["CookieService"];
export type Site = components["schemas"]["CookieSiteEntry"];
type Entries = components["schemas"]["CookieItem"][];

export const BLANK: Design = { hosts: [], days: 180, position: "bottom", colour: "#0b6e63", services: [], texts: {} };
export const CATEGORIES = ["necessary", "preferences", "statistics", "marketing"] as const;

/** What a service stores, one a line: the name of a cookie and for how many days (`_ga 400`); without days, for the visit. */
export function readEntries(text: string): Entries {
  return text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => {
    const found = /^(\S+)\s+(\d+)$/.exec(line);
    return found ? { name: found[1] ?? line, days: Number(found[2]) } : { name: line, days: 0 };
  });
}

export const writeEntries = (entries: Entries) => entries.map(({ name, days }) => (days > 0 ? `${name} ${days}` : name)).join("\n");
