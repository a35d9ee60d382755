import { Stack, Text, Timeline } from "@mantine/core";
import { Ban, CheckCheck, CircleX, Clock, RefreshCw, Send, TriangleAlert, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Loaded } from "@/ui/Loaded";
import { Ltr, Moment } from "@/ui/text";
import { useSteps, useWayNames, type Step } from "../server";
import { toneOf } from "../states";
import { useReason, useTexts } from "../useTexts";

const ICON: Record<string, LucideIcon> = {
  accepted: Clock, attempt: RefreshCw, part_sent: Send, part_refused: CircleX, part_in_doubt: TriangleAlert, part_ended: CheckCheck, delivered: CheckCheck, sent: Send,
  failed: CircleX, expired: CircleX, denied: Ban, cancelled: Ban, in_doubt: TriangleAlert, queued: Clock, sending: Send,
};
const COLOR: Record<string, string> = { good: "teal", busy: "teal", bad: "red", attention: "amber", off: "gray", waiting: "gray" };

/** A message's life, step by step, as far as it has come. */
export function Steps({ id, moving }: { id: string; moving: boolean }) {
  const steps = useSteps(id, moving);
  return (
    <Loaded query={steps} lines={4}>
      {({ items }) => (
        <Timeline active={items.length} bulletSize={28} lineWidth={2}>
          {items.map((step, place) => <One key={place} step={step} />)}
        </Timeline>
      )}
    </Loaded>
  );
}

/** A step is one of Barid's own words, or the state it led to; how a part ended stands in its detail. */
function One({ step: { at, kind, part, route, detail } }: { step: Step }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const texts = useTexts();
  const reason = useReason();
  const way = useWayNames();
  const own = texts("step", kind);
  const ended = kind === "part_ended" && detail ? texts("state", detail) : null;
  const tone = ended ? toneOf(detail ?? "") : toneOf(kind);
  const Icon = (kind === "part_ended" && detail && ICON[detail]) || ICON[kind] || Clock;
  const title = own !== kind ? own : texts("state", kind);
  const words = detail && !ended ? reason(detail) : null;
  return (
    <Timeline.Item bullet={<Icon aria-hidden size={15} />} color={COLOR[tone]} title={<Text size="sm" fw={600} span>{part ? t("step.part", { what: title, part: format.number(part) }) : title}</Text>}>
      <Stack gap={0}>
        {ended && <Text size="sm">{ended}</Text>}
        {words && <Text size="sm">{words === detail ? <Ltr>{words}</Ltr> : words}</Text>}
        {route && <Text size="sm" c="dimmed">{t("step.route")} <bdi>{way(route)}</bdi></Text>}
        <Text size="xs" c="dimmed"><Moment at={at} /></Text>
      </Stack>
    </Timeline.Item>
  );
}
