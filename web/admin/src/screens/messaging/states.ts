import type { Tone } from "@/ui/Status";

/** Every state of a message, in the order of its life. */
export const STATES = ["queued", "sending", "sent", "delivered", "failed", "denied", "cancelled", "in_doubt", "expired"] as const;

export const TONES: Record<string, Tone> = {
  held: "held", queued: "waiting", sending: "busy", sent: "busy", delivered: "good", failed: "bad", denied: "attention", cancelled: "off", in_doubt: "attention", expired: "bad",
  accepted: "waiting", attempt: "busy", part_sent: "busy", part_refused: "bad", part_in_doubt: "attention", part_ended: "good",
};
export const toneOf = (state: string): Tone => TONES[state] ?? "waiting";
