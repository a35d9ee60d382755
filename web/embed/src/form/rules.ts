import type { Display, View } from "./view";

const DAY = 86_400_000;
const today = (): number => Math.floor(Date.now() / DAY);

/** What was closed or answered since the page came, where nothing else may be remembered. */
const session = new Set<string>();

/** What is remembered in the browser: the day on which the form was last closed or seen, and whether it was answered. */
interface Memory {
  day: number;
  sent?: boolean;
}

const key = (view: View): string => `barid.form.${view.id}`;

function recall<T>(name: string): T | undefined {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Where nothing can be stored, the session's memory has to do.
  }
}

/** Whether the visitor allowed that something is remembered which they did not ask for. */
function consented(): boolean {
  const barid = window.Barid as { consent?: { get(): { preferences?: boolean } } } | undefined;
  return barid?.consent?.get().preferences === true;
}

/** The form was merely seen: remembered only with consent. */
export function seen(view: View): void {
  if (consented() && view.display.frequency.show !== "always") keep(key(view), { ...recall<Memory>(key(view)), day: today() });
}

/** The form does not come up again on this page. */
export function rest(view: View): void {
  session.add(view.id);
}

/** The visitor closed or answered the form, and is not to be asked again so soon. */
export function acted(view: View, sent: boolean): void {
  rest(view);
  const { show } = view.display.frequency;
  if (show === "always" || (show === "until_subscribed" && !sent)) return;
  const before = recall<Memory>(key(view));
  keep(key(view), { day: today(), sent: sent || before?.sent } as Memory);
}

function often({ frequency: { show, days } }: Display, memory: Memory | undefined): boolean {
  if (show === "always" || !memory) return true;
  if (memory.sent || show === "once") return false;
  return show === "until_subscribed" || today() - memory.day >= days!;
}

function known({ visitors }: Display): boolean {
  if (visitors === "all") return true;
  if (!consented()) return false;
  let first = recall<number>("barid.first");
  if (first === undefined) keep("barid.first", (first = today()));
  return first < today() === (visitors === "returning");
}

function here({ pages, device, languages, referrers }: Display): boolean {
  const { href, pathname } = location;
  const holds = (value: string, equal: boolean): boolean =>
    equal ? href === value || pathname === value : decode(href).includes(value) || href.includes(value);
  const wanted = pages.filter((rule) => rule.match !== "not_contains");
  if (wanted.length && !wanted.some((rule) => holds(rule.value, rule.match === "equals"))) return false;
  if (pages.some((rule) => rule.match === "not_contains" && holds(rule.value, false))) return false;
  if (device !== "all" && matchMedia("(max-width:767.98px)").matches !== (device === "phone")) return false;
  const language = (document.documentElement.lang || navigator.language).split("-")[0]!.toLowerCase();
  if (languages.length && !languages.some((tag) => tag.split("-")[0]!.toLowerCase() === language)) return false;
  return !referrers.length || referrers.some((part) => document.referrer.includes(part));
}

function decode(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/** Whether the form may come up by itself now. */
export function may(view: View): boolean {
  const { display } = view;
  return !session.has(view.id) && here(display) && known(display) && often(display, recall<Memory>(key(view)));
}

/** Calls `up` when the form is to come up; `asked` says that the visitor pressed something for it. */
export function watch(view: View, up: (asked: boolean) => void): () => void {
  const { on, seconds, percent, selector } = view.display.trigger;
  const off = new AbortController();
  const { signal } = off;
  const own = (): void => {
    if (may(view)) {
      off.abort();
      up(false);
    }
  };
  if (on === "delay") {
    const timer = setTimeout(own, seconds! * 1000);
    signal.addEventListener("abort", () => clearTimeout(timer));
  } else if (on === "scroll") {
    const look = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
      if (scrollTop + clientHeight >= (scrollHeight * percent!) / 100) own();
    };
    addEventListener("scroll", look, { passive: true, signal });
    look();
  } else if (on === "exit") {
    document.addEventListener("mouseout", (event) => !event.relatedTarget && event.clientY <= 0 && own(), { signal });
  } else {
    const pressed = (event: Event): void => {
      try {
        if (!(event.target as Element).closest?.(selector!)) return;
      } catch {
        return;
      }
      event.preventDefault();
      up(true);
    };
    document.addEventListener("click", pressed, { signal });
  }
  return () => off.abort();
}
