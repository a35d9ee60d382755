import type { Condition, Greeting } from "./config";
import { mayTrack, zone, type Store } from "./kept";

const PAGES = 50;
const HALF_HOUR = 1_800_000;

/** What can be known about the visit: from this page alone, and more from others only where that was allowed. */
export class Visit {
  private readonly here = Date.now();
  private scrolled = 0;
  private leaving = false;
  readonly attributes: Record<string, string> = {};
  private readonly off = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly lang: string,
  ) {
    const { signal } = this.off;
    const look = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
      this.scrolled = Math.max(this.scrolled, scrollHeight ? ((scrollTop + clientHeight) / scrollHeight) * 100 : 0);
    };
    addEventListener("scroll", look, { passive: true, signal });
    document.addEventListener("mouseout", (event) => (this.leaving ||= !event.relatedTarget && event.clientY <= 0), { signal });
  }

  /** Counts this page, for whoever allowed it. */
  count(): void {
    const { it } = this.store;
    const last = Date.parse(it.first?.split(" ")[1] ?? "");
    const now = new Date().toISOString();
    const fresh = !(Date.now() - last < HALF_HOUR);
    it.visits = (it.visits ?? 0) + (fresh ? 1 : 0);
    it.first = `${fresh ? now : it.first!.split(" ")[0]} ${now}`;
    it.pages = [...(it.pages ?? []), location.href].slice(-PAGES);
    this.store.begin();
  }

  stop(): void {
    this.off.abort();
  }

  /** The first greeting whose time has come. */
  due(greetings: Greeting[]): Greeting | undefined {
    const now = Date.now();
    const { greeted = [] } = this.store.it;
    return greetings.find(({ id, once, needs_tracking, active_from, active_until, match, conditions }) => {
      if ((once !== "always" && greeted.includes(id)) || (needs_tracking && !mayTrack())) return false;
      if ((active_from && Date.parse(active_from) > now) || (active_until && Date.parse(active_until) < now)) return false;
      return conditions[match === "any" ? "some" : "every"]((one) => this.holds(one));
    });
  }

  private holds({ kind, op, value }: Condition): boolean {
    const { pages = [], visits = 0, first } = this.store.it;
    const enough = (count: number): boolean => count >= Number(value);
    const text = (known: string): boolean => compare(known, op, String(value));
    switch (kind) {
      case "time_on_page": return enough((Date.now() - this.here) / 1000);
      case "time_on_site": return enough((Date.now() - Date.parse(first?.split(" ")[0] ?? "")) / 1000);
      case "scroll": return enough(this.scrolled);
      case "exit_intent": return this.leaving;
      case "url": return text(location.href) || text(decoded(location.href));
      case "referrer": return text(document.referrer);
      case "language": return compare(this.lang, op, String(value).split("-")[0]!);
      // The server names the time zones of the countries that are meant.
      case "country": return (value as string[]).includes(zone());
      case "page_views": return enough(pages.length);
      case "visits": return enough(visits);
      case "visited_url": return op === "not_contains" ? pages.every(text) : pages.some(text);
      case "matching_views": {
        const { count, url } = value as { count: number; url: string };
        return pages.filter((page) => page.includes(url)).length >= count;
      }
      case "url_funnel": return funnel(pages, value as string[]);
      case "attribute": {
        const { name, value: wanted } = value as { name: string; value: string };
        return name in this.attributes && compare(this.attributes[name]!, op, wanted);
      }
      default: return false;
    }
  }
}

export function compare(known: string, op: string, value: string): boolean {
  if (op === "is") return known === value;
  if (op === "starts") return known.startsWith(value);
  return known.includes(value) === (op !== "not_contains");
}

/** Whether pages were opened in this order, whatever lay between them. */
export function funnel(pages: string[], steps: string[]): boolean {
  let at = 0;
  for (const page of pages) if (at < steps.length && page.includes(steps[at]!)) at++;
  return at === steps.length;
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
