import { Badge } from "@mantine/core";
import { Ban, Circle, CircleCheck, CircleDashed, CirclePause, CircleX, Clock, LoaderCircle, TriangleAlert, type LucideIcon } from "lucide-react";

/** How something stands: always an icon, a word and a colour. */
export type Tone = "good" | "busy" | "waiting" | "attention" | "bad" | "off" | "draft" | "held";

const LOOK: Record<Tone, readonly [color: string, icon: LucideIcon]> = {
  good: ["teal", CircleCheck],
  busy: ["teal", LoaderCircle],
  waiting: ["gray", Clock],
  attention: ["amber", TriangleAlert],
  bad: ["red", CircleX],
  off: ["gray", Ban],
  draft: ["gray", CircleDashed],
  held: ["amber", CirclePause],
};

export function Status({ tone, children }: { tone: Tone; children: string }) {
  const [color, Icon] = LOOK[tone] ?? (["gray", Circle] as const);
  return <Badge color={color} leftSection={<Icon aria-hidden size={13} />}>{children}</Badge>;
}
