import { ActionIcon, Badge, Box, Card, Collapse, Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { ArrowDown, ArrowUp, ChevronDown, Copy, Lock, Trash2, type LucideIcon } from "lucide-react";
import { Suspense, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Waiting } from "@/ui/Waiting";
import { summary, type Block, type Dir } from "../document";
import { BlockFields } from "./BlockFields";
import { ICONS } from "./look";

export interface BlockActions {
  change: (block: Block, what: string) => void;
  move: (step: -1 | 1) => void;
  duplicate: () => void;
  remove: () => void;
}

interface BlockCardProps extends BlockActions {
  block: Block;
  dir: Dir;
  lang: string;
  open: boolean;
  toggle: () => void;
  /** What was found wrong in it. */
  wrong: number;
  /** In a row that is locked: it is shown and not changed. */
  fixed?: boolean;
}

export const cardId = (id: string) => `block-${id}`;

/** One block: a line that tells it from the others, and its form when it is open. Alt with the arrows moves it. */
export function BlockCard({ block, dir, lang, open, toggle, wrong, fixed = false, change, move, duplicate, remove }: BlockCardProps) {
  const { t } = useTranslation("app_content");
  const Icon = ICONS[block.type];
  const locked = block.type === "footer" || fixed;
  const name = t(`block.${block.type}`);
  const press = (event: KeyboardEvent) => {
    if (locked || !event.altKey || (event.code !== "ArrowUp" && event.code !== "ArrowDown")) return;
    event.preventDefault();
    move(event.code === "ArrowUp" ? -1 : 1);
  };
  const button = (label: string, Glyph: LucideIcon, act: () => void, color = "gray") => (
    <Tooltip label={label}><ActionIcon size="md" color={color} aria-label={`${label}: ${name}`} onClick={act}><Glyph aria-hidden size={16} /></ActionIcon></Tooltip>
  );
  return (
    <Card padding={0} onKeyDown={press} data-block={block.id} role="listitem">
      <Group gap={2} wrap="nowrap" px="xs" py={4}>
        <UnstyledButton id={cardId(block.id)} aria-expanded={open && !fixed} disabled={fixed} onClick={toggle} py={6} style={{ flex: 1, minWidth: 0 }}>
          <Group gap="xs" wrap="nowrap">
            <Icon aria-hidden size={17} style={{ flexShrink: 0 }} />
            <Text size="sm" fw={600} style={{ whiteSpace: "nowrap" }}>{name}</Text>
            <Text size="sm" c="dimmed" truncate dir="auto" style={{ flex: 1 }}>{summary(block)}</Text>
            {wrong > 0 && <Badge size="sm" color="red">{t("block.wrong", { count: wrong })}</Badge>}
            {locked && <Lock aria-label={t(fixed ? "row.locked" : "footer.locked")} size={14} />}
            <ChevronDown aria-hidden size={16} style={{ transform: open ? "rotate(180deg)" : undefined, flexShrink: 0 }} />
          </Group>
        </UnstyledButton>
        {!locked && (
          <Group gap={0} wrap="nowrap">
            {button(t("move.up"), ArrowUp, () => move(-1))}
            {button(t("move.down"), ArrowDown, () => move(1))}
            {button(t("duplicate"), Copy, duplicate)}
            {button(t("remove"), Trash2, remove, "red")}
          </Group>
        )}
      </Group>
      <Collapse expanded={open}>{open && !fixed && <Box p="sm" style={{ borderBlockStart: "1px solid var(--mantine-color-default-border)" }}><Suspense fallback={<Waiting lines={2} />}><BlockFields block={block} dir={dir} lang={lang} change={change} /></Suspense></Box>}</Collapse>
    </Card>
  );
}
