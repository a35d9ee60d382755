import { Status, type Tone } from "@/ui/Status";
import { useWord } from "@/ui/words";

const TONE: Record<string, Tone> = {
  subscribed: "good", pending: "waiting", unsubscribed: "off", none: "draft", bounced: "attention", blocked: "bad", archived: "held",
};

/** How a person stands, in one word. */
export function ContactStatus({ code }: { code: string }) {
  const word = useWord();
  return <Status tone={TONE[code] ?? "draft"}>{word("contact_status", code)}</Status>;
}
