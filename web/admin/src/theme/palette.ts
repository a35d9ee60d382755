/**
 * The colours. Every pair in `PAIRS` is read as text on ground and meets WCAG 2.2 AA (4.5 : 1), which a
 * test holds them to.
 */
export type Scale = readonly [string, string, string, string, string, string, string, string, string, string];

/** Deep teal: the one confident colour. */
export const TEAL: Scale = [
  "#e9f6f3", "#d3ece7", "#a8d9d0", "#7ac4b7", "#4fae9f", "#2c9585", "#157e70", "#0b6e63", "#095b52", "#064840",
];

/** Ink with a little warmth. */
export const INK: Scale = [
  "#f8f7f4", "#efede8", "#dedad2", "#c4beb3", "#9c968b", "#767067", "#5d5850", "#46423c", "#2f2c28", "#1b1917",
];

/** What waits for attention. */
export const AMBER: Scale = [
  "#fff6e0", "#ffeac0", "#fbd88a", "#f3c04f", "#e2a42a", "#c48712", "#a06c0a", "#7f5507", "#654305", "#4b3103",
];

/** What failed or destroys. */
export const RED: Scale = [
  "#fdeeec", "#fad9d5", "#f3b3ab", "#ea887d", "#df6153", "#cf4235", "#b93226", "#a02a20", "#82211a", "#631913",
];

/** Night: grounds of the dark scheme, lightest first as Mantine wants them. */
export const NIGHT: Scale = [
  "#e8e6e1", "#c9c6c0", "#a8a49c", "#7d7a73", "#4d4a45", "#3a3834", "#2b2926", "#211f1d", "#191816", "#121110",
];

/** What is read on what, by scheme: name, text, ground. */
export const PAIRS: ReadonlyArray<readonly [name: string, text: string, ground: string]> = [
  ["light text", INK[9], INK[0]],
  ["light dimmed", INK[6], INK[0]],
  ["light dimmed on tint", INK[6], INK[1]],
  ["light link", TEAL[7], INK[0]],
  ["light filled button", "#ffffff", TEAL[7]],
  ["light teal tint", TEAL[8], TEAL[0]],
  ["light amber tint", AMBER[8], AMBER[0]],
  ["light red tint", RED[7], RED[0]],
  ["light gray tint", INK[7], INK[1]],
  ["light red filled", "#ffffff", RED[6]],
  ["dark text", NIGHT[0], NIGHT[8]],
  ["dark dimmed", NIGHT[2], NIGHT[8]],
  ["dark dimmed on card", NIGHT[2], NIGHT[7]],
  ["dark link", TEAL[3], NIGHT[8]],
  ["dark filled button", "#ffffff", TEAL[7]],
  ["dark teal tint", TEAL[2], "#12332e"],
  ["dark amber tint", AMBER[2], "#3a2c0c"],
  ["dark red tint", RED[2], "#431d19"],
  ["dark gray tint", NIGHT[0], NIGHT[6]],
];

const channel = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => channel(parseInt(hex.slice(at, at + 2), 16) / 255)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** How far two colours stand apart, 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
