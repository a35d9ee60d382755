import { Alert, Badge, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Languages } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Ltr } from "@/ui/text";
import { useCounted, type Counted } from "./server";
import { isArabic, plainer, ROOM, signOf } from "./text";

const SETTLE = 250;

/** Encoding, parts and room of a text: what will be paid. */
export function Count({ counted }: { counted: Pick<Counted, "encoding" | "parts" | "left"> }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const [alone, joined] = ROOM[counted.encoding] ?? [160, 153];
  const room = counted.parts > 1 ? joined : alone;
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <Badge color={counted.parts > 1 ? "amber" : "teal"}>{t("parts", { count: counted.parts, n: format.number(counted.parts) })}</Badge>
        <Badge color="gray">{t(counted.encoding === "UCS2" ? "encoding.UCS2" : "encoding.GSM_7BIT")}</Badge>
        <Text size="sm" c="dimmed">{t("count.left", { count: counted.left, n: format.number(counted.left) })}</Text>
      </Group>
      <Progress value={((room - counted.left) / room) * 100} size="sm" aria-label={t("count.room")} color={counted.parts > 1 ? "amber" : "teal"} />
    </Stack>
  );
}

/** Counts a text while it is written, says what makes it dearer, and offers what makes it cheaper. */
export function Counter({ text, change }: { text: string; change?: (text: string) => void }) {
  const { t } = useTranslation("app_messaging");
  const [settled] = useDebouncedValue(text, SETTLE);
  const { data: counted } = useCounted(settled);
  if (text === "" || !counted) return <Text size="sm" c="dimmed" aria-live="polite">{t("count.empty")}</Text>;
  return (
    <Stack gap="sm" aria-live="polite">
      <Count counted={counted} />
      {counted.encoding === "UCS2" && <Why text={settled} because={counted.because} parts={counted.parts} change={change} />}
    </Stack>
  );
}

/** Why the whole text is Unicode. Arabic is no mistake, so it is told in passing; a stray sign is one. */
export function Why({ text, because, parts, change }: { text: string; because: readonly string[]; parts: number; change?: (text: string) => void }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const plain = plainer(text);
  const { data: cheaper } = useCounted(!isArabic(text) && plain !== text ? plain : "");
  if (isArabic(because.join("") || text)) return <Text size="sm" c="dimmed">{t("count.arabic")}</Text>;
  const gains = cheaper && plain !== text && cheaper.encoding === "GSM_7BIT";
  const dearer = gains && cheaper.parts < parts;
  return (
    <Alert color="amber" icon={<Languages aria-hidden />} title={t(dearer ? "count.unicode" : "count.stray")}>
      <Stack gap="xs">
        <Text size="sm">{t("count.unicode.text", { count: because.length })}</Text>
        <Group gap={6}>{because.map((sign) => <Badge key={sign} color="amber" variant="outline" fz="sm"><Ltr>{signOf(sign)}</Ltr></Badge>)}</Group>
        {gains && change && (
          <Group><Button size="xs" variant="default" onClick={() => change(plain)}>{dearer ? t("count.plain", { count: cheaper.parts, from: format.number(parts), n: format.number(cheaper.parts) }) : t("count.plain.same")}</Button></Group>
        )}
      </Stack>
    </Alert>
  );
}
