import { ActionIcon, Button, Group, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { intervalOf, merged, spanOf, DAY, type Span } from "./week";

interface Props {
  /** What these hours are of, such as a day's name. */
  name: string;
  spans: readonly Span[];
  put: (spans: Span[]) => void;
  readOnly?: boolean;
}

const NINE_TO_FIVE: Span = [540, 1020];

/** The next free stretch after the last one, or office hours. */
function further(spans: readonly Span[]): Span {
  const last = spans.at(-1);
  if (!last) return NINE_TO_FIVE;
  const from = Math.min(last[1] + 60, DAY - 60);
  return [from, Math.min(from + 120, DAY)];
}

/** Hours as from and to, exact to the minute. */
export function IntervalRows({ name, spans, put, readOnly }: Props) {
  const { t } = useTranslation("app_bookings");
  const change = (at: number, end: "start" | "end", value: string) => {
    const span = spans[at];
    const next = span && spanOf({ ...intervalOf(span), [end]: value });
    if (next) put(spans.map((other, index) => (index === at ? next : other)));
  };
  return (
    <Stack gap={6} role="group" aria-label={name}>
      {spans.length === 0 && <Text size="sm" c="dimmed">{t("hours.closed")}</Text>}
      {spans.map((span, at) => {
        const { start, end } = intervalOf(span);
        return (
          <Group key={at} gap={6} wrap="nowrap" align="center">
            <TextInput type="time" size="xs" w={108} aria-label={t("hours.from", { name })} value={start} readOnly={readOnly} onChange={(event) => change(at, "start", event.currentTarget.value)} onBlur={() => put(merged(spans))} />
            <Text size="sm" aria-hidden>–</Text>
            <TextInput type="time" size="xs" w={108} aria-label={t("hours.to", { name })} value={end === "24:00" ? "00:00" : end} readOnly={readOnly} onChange={(event) => change(at, "end", event.currentTarget.value)} onBlur={() => put(merged(spans))} />
            {span[1] > DAY && <Text size="xs" c="dimmed" w={64}>{t("hours.next_day")}</Text>}
            {!readOnly && <Tooltip label={t("hours.remove")}><ActionIcon aria-label={`${t("hours.remove")} ${name} ${start}`} onClick={() => put(spans.filter((other) => other !== span))}><Trash2 aria-hidden size={16} /></ActionIcon></Tooltip>}
          </Group>
        );
      })}
      {!readOnly && <Group><Button size="compact-xs" variant="subtle" leftSection={<Plus aria-hidden size={13} />} onClick={() => put(merged([...spans, further(spans)]))} aria-label={`${t("hours.add")} ${name}`}>{t("hours.add")}</Button></Group>}
    </Stack>
  );
}
