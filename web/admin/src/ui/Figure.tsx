import { Card, Group, Text, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

/** One number with its name, perhaps with what it was before. */
export function Figure({ label, value, note, hint, aside }: { label: string; value: ReactNode; note?: ReactNode; hint?: string; aside?: ReactNode }) {
  const name = <Text size="sm" c="dimmed" tabIndex={hint ? 0 : undefined}>{label}</Text>;
  return (
    <Card padding="md">
      {hint ? <Tooltip label={hint} multiline maw={280}>{name}</Tooltip> : name}
      <Group justify="space-between" align="flex-end" wrap="nowrap">
        <Text fz={26} fw={600} lh={1.4} className="tabular">{value}</Text>
        {aside}
      </Group>
      {note && <Text size="xs" c="dimmed">{note}</Text>}
    </Card>
  );
}

/** A line without axes beside a number; the number says what matters. */
export function Sparkline({ values, width = 96, height = 28 }: { values: number[]; width?: number; height?: number }) {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = (value: number) => height - 3 - ((value - low) / (high - low || 1)) * (height - 6);
  const points = values.map((value, place) => `${(place / (values.length - 1)) * width},${y(value).toFixed(1)}`).join(" ");
  return (
    <svg width={width} height={height} aria-hidden className="dir-icon" style={{ flexShrink: 0 }}>
      <polyline points={points} fill="none" stroke="var(--barid-teal-text)" strokeWidth={2} strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}
