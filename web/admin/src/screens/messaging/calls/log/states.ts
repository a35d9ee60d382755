import type { Tone } from "@/ui/Status";

const TONES: Record<string, Tone> = {
  queued: "waiting", starting: "busy", ringing: "busy", ongoing: "busy", ended: "good", busy: "attention", no_answer: "attention", failed: "bad", denied: "attention", cancelled: "off", in_doubt: "attention",
};
export const toneOf = (state: string): Tone => TONES[state] ?? "waiting";

/** Seconds as a clock shows them: `1:05`. */
export function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${hours > 0 ? two(Math.floor(whole / 60) % 60) : Math.floor(whole / 60)}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
