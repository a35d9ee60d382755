import { Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Status, type Tone } from "@/ui/Status";
import { When } from "@/ui/text";
import { useCodes } from "../registers/codes";
import type { Clock } from "./model";

const HURRY = 50;

const toneOf = ({ stopped_at, late, level }: Clock): Tone => (late ? "bad" : stopped_at ? "good" : level >= HURRY ? "attention" : "waiting");

/** The clocks of an incident: own assessment, users of the service, authority. */
export function Clocks({ clocks }: { clocks: readonly Clock[] }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  return (
    <Stack gap={4}>
      {clocks.map((clock) => (
        <Group key={clock.clock} gap={6} wrap="wrap">
          <Status tone={toneOf(clock)}>{t(clock.stopped_at ? (clock.late ? "clock.stopped_late" : "clock.stopped") : clock.late ? "clock.over" : "clock.runs")}</Status>
          <Text span size="sm">{say("clock_of", clock.clock)} ({t("clock.hours", { count: clock.hours, n: format.number(clock.hours) })})</Text>
          {!clock.stopped_at && <Text span size="xs" c="dimmed"><When at={clock.due_at} /></Text>}
        </Group>
      ))}
    </Stack>
  );
}
