import { useWord } from "@/ui/words";
import { Status, type Tone } from "@/ui/Status";
import type { State } from "./server";

const TONES: Record<State, Tone> = { draft: "draft", scheduled: "waiting", preparing: "busy", sending: "busy", paused: "held", sent: "good", cancelled: "off" };

export function StateBadge({ state }: { state: State }) {
  const word = useWord();
  return <Status tone={TONES[state] ?? "off"}>{word("campaign_state", state)}</Status>;
}
