import { Box, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { useWord } from "@/ui/words";

const BAD = new Set(["denied", "unsubscribed", "complained"]);

/** How many came how far; the bars are for the eye, the numbers for everybody. */
export function Funnel({ steps }: { steps: ReadonlyArray<{ step: string; people: number }> }) {
  const { t } = useTranslation("app_campaigns");
  const word = useWord();
  const format = useFormat();
  const whole = Math.max(...steps.map(({ people }) => people), 1);
  return (
    <Stack gap={8} component="ol" m={0} p={0} style={{ listStyle: "none" }} aria-label={t("funnel")}>
      {steps.map(({ step, people }) => (
        <Box key={step} component="li">
          <Group justify="space-between" gap="xs"><Text size="sm">{word("outcome", step)}</Text><Text size="sm" className="tabular">{format.number(people)} <Text span c="dimmed" size="sm">({format.share(people, whole)})</Text></Text></Group>
          <Box aria-hidden h={10} style={{ borderRadius: 5, background: "var(--barid-gray-tint)" }}><Box h={10} style={{ borderRadius: 5, width: `${(people / whole) * 100}%`, minWidth: people > 0 ? 4 : 0, background: BAD.has(step) ? "var(--mantine-color-amber-5)" : "var(--mantine-primary-color-filled)" }} /></Box>
        </Box>
      ))}
    </Stack>
  );
}
