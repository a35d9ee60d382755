import { Button, Card, Group, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Draft } from "./definition";
import { partsOf } from "./merging";
import type { Conflict } from "./useWork";

const NAMED = [
  "name", "topic", "fields", "title", "intro", "consent", "button", "thanks", "notice", "double_opt_in", "tags", "kind", "topics", "minimum_age",
  "origins", "success", "scheme", "background", "text", "dark_background", "dark_text", "dark_button", "radius", "image", "pages", "device",
  "languages", "referrers", "visitors", "trigger", "frequency",
] as const;
type Named = (typeof NAMED)[number];

/** Every word and number in something, one after another. */
function leaves(value: unknown): string[] {
  if (value === null || value === undefined || value === "") return [];
  if (Array.isArray(value)) return value.flatMap(leaves);
  return typeof value === "object" ? Object.values(value).flatMap(leaves) : [String(value)];
}

/** What both made of the same parts, one below the other; nothing is lost without being chosen. */
export function ConflictDialog({ conflict, mine, resolve }: { conflict: Conflict; mine: Draft; resolve: (theirs: readonly string[]) => void }) {
  const { t } = useTranslation("app_forms");
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const [own, other] = [partsOf(mine), partsOf(conflict.theirs)];
  const choose = (part: string, side: string) => {
    const next = new Set(theirs);
    if (side === "theirs") next.add(part);
    else next.delete(part);
    setTheirs(next);
  };
  return (
    <Modal opened onClose={() => {}} withCloseButton={false} closeOnEscape={false} size="lg" title={<Text fw={600}>{t("conflict.title")}</Text>}>
      <Stack>
        <Text size="sm">{t("conflict.text")}</Text>
        {conflict.parts.map((part) => (
          <Card key={part} padding="sm">
            <Radio.Group label={<PartName part={part} />} value={theirs.has(part) ? "theirs" : "mine"} onChange={(side) => choose(part, side)}>
              <Stack gap="xs" mt="xs">
                <Radio value="mine" label={<Choice who={t("conflict.mine")} value={own[part]} />} />
                <Radio value="theirs" label={<Choice who={t("conflict.theirs")} value={other[part]} />} />
              </Stack>
            </Radio.Group>
          </Card>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => resolve(conflict.parts)}>{t("conflict.all_theirs")}</Button>
          <Button onClick={() => resolve([...theirs])}>{t("conflict.go")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function PartName({ part }: { part: string }) {
  const { t } = useTranslation("app_forms");
  const [first = "", inner] = part.split("/");
  const own = (inner ?? first) as Named;
  const label = NAMED.includes(own) ? t(`part.${own}`) : own;
  const side = first === "en" || first === "ar" ? ` (${t(`language.${first}`)})` : "";
  return <>{label}{side}</>;
}

function Choice({ who, value }: { who: string; value: unknown }) {
  const { t } = useTranslation("app_forms");
  const text = leaves(value).join(" · ");
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">{who}</Text>
      {text ? <Text size="sm" dir="auto" style={{ overflowWrap: "anywhere" }}>{text}</Text> : <Text size="sm" c="dimmed">{t("conflict.empty")}</Text>}
    </Stack>
  );
}
