import { Accordion, Button, Card, Group, Menu, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { Columns2, Palette, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { undoable } from "@/ui/notify";
import { BlockCard, cardId } from "./blocks/BlockCard";
import { Colour } from "./blocks/parts";
import { ICONS, OFFERED } from "./blocks/look";
import type { Block, Design, Row } from "./document";
import { addBlock, addColumns, blockOfPointer, duplicateBlock, freshId, moveBlock, newBlock, placeOf, removeBlock, replaceBlock, replaceRow, type Place } from "./edits";
import type { Finding } from "./server";
import { ThemeForm } from "./ThemeForm";

interface DesignFormProps {
  design: Design;
  change: (design: Design, what: string) => void;
  undo: () => void;
  open: string | null;
  setOpen: (id: string | null) => void;
  findings: readonly Finding[];
  /** Whether rows that are locked can be changed all the same. */
  free?: boolean;
}

/** Shows a block and puts the keyboard there, once it is on the page. */
export function reach(id: string) {
  requestAnimationFrame(() => {
    const card = document.getElementById(cardId(id));
    card?.scrollIntoView({ block: "nearest" });
    card?.focus();
  });
}

/** The message as a form: its look, and its blocks one below the other. */
export function DesignForm({ design, change, undo, open, setOpen, findings, free = false }: DesignFormProps) {
  const { t } = useTranslation("app_content");
  const wrong = new Map<string, number>();
  for (const { at, severity } of findings) {
    const id = at && severity === "error" ? blockOfPointer(design, at) : null;
    if (id) wrong.set(id, (wrong.get(id) ?? 0) + 1);
  }
  const add = (block: Block, after?: Place) => {
    change(addBlock(design, block, after), `add ${block.id}`);
    setOpen(block.id);
    reach(block.id);
  };
  const actions = (block: Block, place: Place) => ({
    change: (next: Block, what: string) => change(replaceBlock(design, place, next), what),
    move: (step: -1 | 1) => { change(moveBlock(design, place, step), `move ${block.id} ${Date.now()}`); reach(block.id); },
    duplicate: () => { const id = freshId(); change(duplicateBlock(design, place, id), `duplicate ${id}`); setOpen(id); reach(id); },
    remove: () => { change(removeBlock(design, place), `remove ${block.id}`); undoable(t("removed", { name: t(`block.${block.type}`) }), undo); },
  });
  const card = (block: Block, place: Place) => (
    <BlockCard key={block.id} block={block} dir={design.dir} lang={design.lang} open={open === block.id} fixed={!free && design.rows[place.row]?.locked === true} toggle={() => setOpen(open === block.id ? null : block.id)} wrong={wrong.get(block.id) ?? 0} {...actions(block, place)} />
  );
  const opened = open ? placeOf(design, open) : null;
  return (
    <Stack gap="sm">
      <Accordion variant="contained" radius="lg">
        <Accordion.Item value="theme">
          <Accordion.Control icon={<Palette aria-hidden size={18} />}>{t("theme")}</Accordion.Control>
          <Accordion.Panel><ThemeForm theme={design.theme} change={(theme, what) => change({ ...design, theme }, what)} /></Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      <Group justify="space-between"><Title order={2}>{t("blocks")}</Title><AddMenu add={(block) => add(block, opened ?? undefined)} columns={() => change(addColumns(design), `columns ${Date.now()}`)} /></Group>
      <Text size="sm" c="dimmed">{t("blocks.about")}</Text>
      <Stack gap="xs" role="list" aria-label={t("blocks")}>
        {design.rows.map((row, r) => row.cols.length === 1 || (!free && row.locked)
          ? row.cols.flatMap((blocks, col) => blocks.map((block, at) => card(block, { row: r, col, at })))
          : <Columns key={row.id} row={row} change={(next) => change(replaceRow(design, r, next), `row ${row.id}`)} card={(block, col, at) => card(block, { row: r, col, at })} put={(col, block) => { change(replaceRow(design, r, { ...row, cols: row.cols.map((blocks, c) => (c === col ? [...blocks, block] : blocks)) }), `add ${block.id}`); setOpen(block.id); reach(block.id); }} />)}
      </Stack>
    </Stack>
  );
}

function AddMenu({ add, columns }: { add: (block: Block) => void; columns?: () => void }) {
  const { t } = useTranslation("app_content");
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button size="xs" variant="light" leftSection={<Plus aria-hidden size={14} />}>{t("add")}</Button></Menu.Target>
      <Menu.Dropdown mah={400} style={{ overflowY: "auto" }}>
        {OFFERED.map((type) => { const Icon = ICONS[type]; return <Menu.Item key={type} leftSection={<Icon aria-hidden size={16} />} onClick={() => add(newBlock(type))}>{t(`block.${type}`)}</Menu.Item>; })}
        {columns && <><Menu.Divider /><Menu.Item leftSection={<Columns2 aria-hidden size={16} />} onClick={columns}>{t("add.columns")}</Menu.Item></>}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ColumnsProps {
  row: Row;
  change: (row: Row) => void;
  card: (block: Block, col: number, at: number) => React.ReactNode;
  put: (col: number, block: Block) => void;
}

/** Columns side by side: what they do on a telephone, and their blocks. */
function Columns({ row, change, card, put }: ColumnsProps) {
  const { t } = useTranslation("app_content");
  const format = useFormat();
  return (
    <Card padding="xs" role="listitem" bg="var(--barid-ground)">
      <Group gap="sm" mb="xs" align="flex-end">
        <Text size="sm" fw={600} style={{ flex: 1 }}>{t("columns", { count: row.cols.length, n: format.number(row.cols.length) })}</Text>
        <SegmentedControl size="xs" aria-label={t("columns.phone")} value={row.stack} onChange={(stack) => change({ ...row, stack: stack as Row["stack"] })} data={(["normal", "reverse", "none"] as const).map((value) => ({ value, label: t(`stack.${value}`) }))} />
        <Colour label={t("columns.bg")} value={row.style.bg} change={(bg) => change({ ...row, style: { ...row.style, bg } })} />
      </Group>
      <Stack gap="sm">
        {row.cols.map((blocks, col) => (
          <Stack key={col} gap="xs" ps="xs" style={{ borderInlineStart: "3px solid var(--mantine-color-default-border)" }}>
            <Group justify="space-between"><Text size="xs" c="dimmed">{t("column", { n: format.number(col + 1) })}</Text><AddMenu add={(block) => put(col, block)} /></Group>
            {blocks.length > 0 && <Stack gap="xs" role="list" aria-label={t("column", { n: format.number(col + 1) })}>{blocks.map((block, at) => card(block, col, at))}</Stack>}
          </Stack>
        ))}
      </Stack>
    </Card>
  );
}
