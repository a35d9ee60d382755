import { CATEGORIES, type Choices, type Config } from "./config";

const NAME = "barid_consent";

/** A choice as it is remembered, in one first-party cookie. */
export interface Record_ {
  version: number;
  choices: Choices;
  /** A random number under which the server keeps the proof; empty when everything was refused. */
  visitor: string;
}

export const refused = (): Choices => ({ preferences: false, statistics: false, marketing: false });

/** What was chosen for the published version; nothing when it must be asked. */
export function read(config: Config): Record_ | undefined {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(NAME + "="));
  const [version, bits, visitor] = found?.slice(NAME.length + 1).split(".") ?? [];
  if (!version || Number(version) !== config.version || !/^[01]{3}$/.test(bits ?? "")) return undefined;
  const choices = refused();
  CATEGORIES.forEach((category, index) => (choices[category] = bits![index] === "1"));
  return { version: config.version, choices, visitor: visitor ?? "" };
}

/** Remembers a choice. A refusal is remembered without any number. */
export function write(config: Config, choices: Choices, known: string): string {
  const agreed = CATEGORIES.some((category) => choices[category]);
  const visitor = agreed ? known || crypto.randomUUID() : "";
  const bits = CATEGORIES.map((category) => (choices[category] ? "1" : "0")).join("");
  const parts = [`${NAME}=${config.version}.${bits}.${visitor}`, "Path=/", "SameSite=Lax"];
  parts.push(`Max-Age=${config.days * 86400}`);
  if (config.domain) parts.push(`Domain=${config.domain}`);
  if (location.protocol === "https:") parts.push("Secure");
  document.cookie = parts.join("; ");
  return visitor;
}

/** Tells the server, which keeps the proof. Nobody waits for it; it also goes out while the page closes. */
export function tell(config: Config, action: string, choices: Choices, visitor: string, language: string): void {
  const body = JSON.stringify({
    version: config.version,
    action,
    choices: CATEGORIES.filter((category) => choices[category]),
    visitor,
    language,
    gpc: navigator.globalPrivacyControl === true,
    page: location.origin + location.pathname,
  });
  // Plain text needs no preflight request.
  void fetch(config.url, { method: "POST", body, keepalive: true, credentials: "omit", mode: "cors" }).catch(() => {});
}

/** Removes what a refused category left on this host: its cookies and storage entries. */
export function clean(config: Config, choices: Choices): void {
  const names = config.services.filter((service) => !choices[service.category]).flatMap((service) => service.names);
  const hit = (name: string) =>
    names.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  const hosts = location.hostname.split(".").map((_, index, parts) => parts.slice(index).join("."));
  for (const pair of document.cookie.split("; ")) {
    const name = pair.split("=")[0]!;
    if (!name || name === NAME || !hit(name)) continue;
    const gone = `${name}=; Path=/; Max-Age=0`;
    document.cookie = gone;
    for (const host of hosts) document.cookie = `${gone}; Domain=${host}`;
  }
  for (const kept of ["localStorage", "sessionStorage"] as const) {
    try {
      const storage = window[kept];
      for (const name of Object.keys(storage)) if (hit(name)) storage.removeItem(name);
    } catch {
      // A page without storage has nothing to remove.
    }
  }
}
