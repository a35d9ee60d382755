import { Badge } from "@mantine/core";
import { Mail, Smartphone } from "lucide-react";
import { useWord } from "@/ui/words";

/** By what a campaign goes out. */
export function ChannelBadge({ channel }: { channel: "email" | "sms" }) {
  const word = useWord();
  const Icon = channel === "sms" ? Smartphone : Mail;
  return <Badge color="gray" leftSection={<Icon aria-hidden size={13} />}>{word("channel", channel)}</Badge>;
}
