import type { Tone } from "@/ui/Status";

const TONES: Record<string, Tone> = { waiting: "waiting", charging: "busy", needs_action: "attention", paid: "good", failed: "bad", cancelled: "off", expired: "off", refused: "bad", mismatched: "attention", refunded: "off" };
export const toneOf = (state: string): Tone => TONES[state] ?? "waiting";
