export interface Service {
  name: string;
  provider: string;
  category: string;
  purpose_en: string;
  purpose_ar: string;
  without_en?: string;
  without_ar?: string;
  hosts: string[];
  entries: Array<{ name: string; days: number }>;
}

export interface Design {
  hosts: string[];
  shared_domain?: string | null;
  days: number;
  position: string;
  colour: string;
  notice_url?: string | null;
  services: Service[];
  texts: Partial<Record<"en" | "ar", { title: string; text: string }>>;
}

export interface Site { id: string; name: string; version: number; round: number; design: Design; embed: string; archived_at: string | null; updated_at: string }

export const BLANK: Design = { hosts: [], days: 180, position: "bottom", colour: "#0b6e63", services: [], texts: {} };
export const CATEGORIES = ["necessary", "preferences", "statistics", "marketing"] as const;

/** What a service stores, one a line: the name of a cookie and for how many days (`_ga 400`); without days, for the visit. */
export function readEntries(text: string): Service["entries"] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => {
    const found = /^(\S+)\s+(\d+)$/.exec(line);
    return found ? { name: found[1] ?? line, days: Number(found[2]) } : { name: line, days: 0 };
  });
}

export const writeEntries = (entries: Service["entries"]) => entries.map(({ name, days }) => (days > 0 ? `${name} ${days}` : name)).join("\n");
