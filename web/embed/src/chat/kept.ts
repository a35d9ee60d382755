import type { Values } from "./config";

/** What waits to be sent. Its id makes sending it twice the same as sending it once. */
export interface Out {
  id: string;
  /** Where to: `start`, `messages`, `forms/ask_mail`… */
  to: string;
  text: string;
  fields?: Values;
  more?: Record<string, unknown>;
  at: string;
  state: "waiting" | "sending" | "failed";
  why?: string;
}

export interface Kept {
  token?: string;
  /** Whether a conversation was begun that may still go on. */
  open?: boolean;
  out: Out[];
  draft?: string;
  quiet?: boolean;
  /** Greetings that were closed or answered. */
  greeted?: string[];
  first?: string;
  pages?: string[];
  visits?: number;
  /** Keys of encrypted conversations: `keys[conversation][key_id]`. */
  keys?: Record<string, Record<string, string>>;
}

/** The visitor's own browser. Nothing is written before `begin`, which an act of the visitor calls. */
export class Store {
  readonly it: Kept;
  private readonly key: string;
  private begun: boolean;
  /** What this page has seen waiting: what another page of the site put there is taken over. */
  private readonly met = new Set<string>();

  constructor(widget: string) {
    this.key = "barid.chat." + widget;
    const known = this.stored();
    this.begun = known !== null;
    this.it = { ...known, out: (known?.out ?? []).map((one) => ({ ...one, state: one.state === "failed" ? "failed" : "waiting" })) };
  }

  private stored(): Kept | null {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null") as Kept | null;
    } catch {
      // Where nothing can be stored, the page's own memory has to do.
      return null;
    }
  }

  begin(): void {
    this.begun = true;
    this.save();
  }

  save(): void {
    if (!this.begun) return;
    const { out } = this.it;
    out.forEach(({ id }) => this.met.add(id));
    out.push(...(this.stored()?.out ?? []).filter(({ id }) => !this.met.has(id)).map((one) => ({ ...one, state: "waiting" as const })));
    try {
      localStorage.setItem(this.key, JSON.stringify(this.it));
    } catch {
      // See above.
    }
  }

  forget(): void {
    this.begun = false;
    try {
      localStorage.removeItem(this.key);
    } catch {
      // See above.
    }
  }
}

/** A name that nobody else chooses: 96 random bits. */
export function fresh(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36).padStart(7, "0")).join("");
}

declare global {
  interface Window {
    Barid?: Record<string, unknown>;
    barid?: Record<string, unknown>;
  }
}

interface Consent {
  get(): { statistics?: boolean };
  wording?(category: string): string;
}
const consent = () => (window.Barid ?? window.barid)?.consent as Consent | undefined;

/** Whether the visitor allowed that visits are counted and pages remembered. */
export const mayTrack = (): boolean => consent()?.get().statistics === true;

/** Of the visitor's country the browser knows no more than this. */
export const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The words with which they were asked, for the proof; a banner of another maker may not say them. */
export const wording = (): string | null => consent()?.wording?.("statistics").slice(0, MOST_WORDS) || null;
const MOST_WORDS = 2000;
