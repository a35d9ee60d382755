import type { Theme } from "@/screens/content/document";

/** The colours of a row as the server's renderer chooses them (`design/render/look.rs`). */
export interface Tone {
  bg: string;
  text: string;
  muted: string;
  link: string;
  brand: string;
  line: string;
}

type Rgb = readonly [number, number, number];

const TEXT = 4.5;
const LARGE = 3;
const WHITE = "#ffffff";
const INK = "#1a1d21";

function rgb(colour: string): Rgb {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour);
  const digits = short ? short.slice(1).map((digit) => digit + digit).join("") : colour.slice(1);
  const number = Number.parseInt(digits, 16) || 0;
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

function luminance(colour: string): number {
  const [r, g, b] = rgb(colour).map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** White or ink, whichever is read better on a colour. */
export const readable = (on: string) => (contrast(on, WHITE) >= contrast(on, INK) ? WHITE : INK);

function mixed(one: string, other: string, percent: number): string {
  const theirs = rgb(other);
  const parts = rgb(one).map((mine, at) => Math.trunc((mine * (100 - percent) + (theirs[at] ?? 0) * percent) / 100));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

export function toneOf(theme: Theme, own: string | undefined): Tone {
  const bg = own ?? theme.surface;
  const or = (wanted: string, least: number, instead: string) => (contrast(wanted, bg) >= least ? wanted : instead);
  const text = or(theme.text, TEXT, readable(bg));
  return { bg, text, muted: or(mixed(text, bg, 30), TEXT, text), link: or(theme.link, TEXT, text), brand: or(theme.brand, LARGE, readable(bg)), line: mixed(text, bg, 84) };
}

export const STACKS: Record<Theme["font"], string> = {
  plex: "'IBM Plex Sans Arabic', 'IBM Plex Sans', Tahoma, Arial, sans-serif",
  system: "-apple-system, 'Segoe UI', Roboto, 'Noto Sans Arabic', Tahoma, Arial, sans-serif",
  arial: "Arial, Helvetica, sans-serif",
  tahoma: "Tahoma, Arial, sans-serif",
  verdana: "Verdana, Tahoma, Arial, sans-serif",
  georgia: "Georgia, 'Times New Roman', 'Noto Naskh Arabic', serif",
  times: "'Times New Roman', Times, 'Noto Naskh Arabic', serif",
};
