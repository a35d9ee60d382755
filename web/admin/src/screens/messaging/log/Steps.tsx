import { Stack, Text, Timeline } from "@mantine/core";
import { Ban, CheckCheck, CircleX, Clock, RefreshCw, Send, TriangleAlert, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Loaded } from "@/ui/Loaded";
import { Ltr } from "@/ui/text";
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
  const titleOf = useTitle();
  return (
    <Loaded query={steps} lines={4}>
      {({ items }) => (
        <Timeline active={items.length} bulletSize={28} lineWidth={2}>
          {items.map((step, place) => {
            const state = endOf(step) ?? step.kind;
            const Icon = ICON[state] ?? Clock;
            return (
              <Timeline.Item key={place} bullet={<Icon aria-hidden size={15} />} color={COLOR[toneOf(state)]} title={<Text size="sm" fw={600} span>{titleOf(step)}</Text>}>
                <About step={step} />
              </Timeline.Item>
            );
          })}
        </Timeline>
      )}
    </Loaded>
  );
}

/** How a part ended stands in its detail. */
const endOf = ({ kind, detail }: Step) => (kind === "part_ended" && detail ? detail : null);

/** A step is one of Barid's own words, or the state it led to. */
function useTitle(): (step: Step) => string {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const texts = useTexts();
  return ({ kind, part }) => {
    const own = texts("step", kind);
    const title = own !== kind ? own : texts("state", kind);
    return part ? t("step.part", { what: title, part: format.number(part) }) : title;
  };
}

function About({ step }: { step: Step }) {
  const { t } = useTranslation("app_messaging");
  const { tag } = useFormat();
  const texts = useTexts();
  const reason = useReason();
  const way = useWayNames();
  const { at, route, detail } = step;
  const end = endOf(step);
  const words = detail && !end ? reason(detail) : null;
  const exact = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "medium" });
  return (
    <Stack gap={0}>
      {end && <Text size="sm">{texts("state", end)}</Text>}
      {words && <Text size="sm">{words === detail ? <Ltr>{words}</Ltr> : words}</Text>}
      {route && <Text size="sm" c="dimmed">{t("step.route")} <bdi>{way(route)}</bdi></Text>}
      <Text size="xs" c="dimmed"><time dateTime={at}>{exact.format(new Date(at))}</time></Text>
    </Stack>
  );
}
