import type { Tone } from "@/ui/Status";

const TONES: Record<string, Tone> = { pending: "busy", verified: "good", failed: "bad", expired: "off", cancelled: "off" };
export const toneOf = (state: string): Tone => TONES[state] ?? "waiting";
