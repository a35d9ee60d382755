import { Accordion, Button, Group, SegmentedControl, Stack, Switch, Text, Title } from "@mantine/core";
import { ArrowDown, ArrowUp, ClipboardCopy, Copy, Trash2 } from "lucide-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { BlockFields } from "@/screens/content/blocks/BlockFields";
import { ICONS } from "@/screens/content/blocks/look";
import { Amount, Colour } from "@/screens/content/blocks/parts";
import type { Block, Design, Dir, Row } from "@/screens/content/document";
import { ThemeForm } from "@/screens/content/ThemeForm";
import { Waiting } from "@/ui/Waiting";
import { holdsFooter, LAYOUTS, relaid } from "./arrange";
import { Visibility } from "./Visibility";

export interface RowActs {
  change: (row: Row, what: string) => void;
  move: (step: -1 | 1) => void;
  duplicate: () => void;
  copy: () => void;
  remove: () => void;
}

interface InspectorProps {
  design: Design;
  block: Block | null;
  row: Row | null;
  /** Whether the row may not be changed here. */
  locked: boolean;
  change: (block: Block, what: string) => void;
  rows: RowActs;
  theme: (design: Design, what: string) => void;
  mayLock: boolean;
  template: boolean;
}

/** What is chosen, as a form: the block, the row around it, the look of the whole message. */
export function Inspector({ design, block, row, locked, change, rows, theme, mayLock, template }: InspectorProps) {
  const { t } = useTranslation("app_content");
  const Icon = block && ICONS[block.type];
  return (
    <Stack gap="sm">
      {block && Icon ? (
        <>
          <Group gap="xs"><Icon aria-hidden size={18} /><Title order={2} fz="md">{t(`block.${block.type}`)}</Title></Group>
          {locked ? <Text size="sm" c="dimmed">{t(mayLock ? "row.locked.free" : "row.locked.about")}</Text> : (
            <>
              <Suspense fallback={<Waiting lines={2} />}><BlockFields key={block.id} bare block={block} dir={design.dir} lang={design.lang} change={change} /></Suspense>
              <Place block={block} dir={design.dir} change={change} />
            </>
          )}
        </>
      ) : <Text size="sm" c="dimmed">{t("inspector.none")}</Text>}
      <Accordion variant="contained" radius="md" multiple defaultValue={block ? [] : ["theme"]} key={block ? "block" : "theme"}>
        {row && (
          <Accordion.Item value="row">
            <Accordion.Control>{t("row")}</Accordion.Control>
            <Accordion.Panel><RowFields row={row} locked={locked} acts={rows} mayLock={mayLock} template={template} /></Accordion.Panel>
          </Accordion.Item>
        )}
        <Accordion.Item value="theme">
          <Accordion.Control>{t("theme")}</Accordion.Control>
          <Accordion.Panel><ThemeForm theme={design.theme} change={(next, what) => theme({ ...design, theme: next }, what)} /></Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

/** What every block has: the space around it, and a direction of its own. */
function Place({ block, dir, change }: { block: Block; dir: Dir; change: (block: Block, what: string) => void }) {
  const { t } = useTranslation("app_content");
  const usual = { block: block.type === "footer" ? 20 : 10, inline: 24 };
  const padding = block.padding ?? usual;
  const pad = (part: Partial<typeof padding>) => change({ ...block, padding: { ...padding, ...part } }, `${block.id} padding`);
  return (
    <Group gap="sm" align="flex-end">
      <Amount label={t("padding.block")} value={padding.block} min={0} max={120} change={(value) => pad({ block: value ?? usual.block })} />
      <Amount label={t("padding.inline")} value={padding.inline} min={0} max={120} change={(value) => pad({ inline: value ?? usual.inline })} />
      <Stack gap={2}>
        <Text size="xs" fw={500}>{t("dir")}</Text>
        <SegmentedControl size="xs" aria-label={t("dir")} value={block.dir ?? dir} onChange={(next) => change({ ...block, dir: next === dir ? undefined : (next as Dir) }, "dir")} data={[{ value: "rtl", label: t("dir.rtl") }, { value: "ltr", label: t("dir.ltr") }]} />
      </Stack>
    </Group>
  );
}

/** A layout as small boxes. */
function Shares({ layout }: { layout: readonly number[] }) {
  return <Group gap={2} wrap="nowrap" w={44} aria-hidden>{layout.map((share, at) => <span key={at} style={{ flex: share, height: 16, borderRadius: 2, background: "currentColor", opacity: 0.55 }} />)}</Group>;
}

/** The form of a row: its columns, its look, and who sees it. */
export function RowFields({ row, locked, acts, mayLock, template }: { row: Row; locked: boolean; acts: RowActs; mayLock: boolean; template: boolean }) {
  const { t } = useTranslation("app_content");
  const footer = holdsFooter(row);
  const padding = row.style.padding ?? { block: 8, inline: 0 };
  const style = (part: Partial<Row["style"]>, what: string) => acts.change({ ...row, style: { ...row.style, ...part } }, `${row.id} ${what}`);
  return (
    <Stack gap="sm">
      {!footer && !locked && (
        <>
          <Stack gap={4} role="group" aria-label={t("row.layout")}>
            <Text size="xs" fw={500}>{t("row.layout")}</Text>
            <Group gap={4}>
              {LAYOUTS.map((layout) => <Button key={layout.join()} size="compact-md" px={6} variant={layout.join() === row.layout.join() ? "light" : "default"} aria-pressed={layout.join() === row.layout.join()} aria-label={t("row.layout.is", { shares: layout.join(" : ") })} onClick={() => acts.change(relaid(row, layout), `${row.id} layout ${layout.join()}`)}><Shares layout={layout} /></Button>)}
            </Group>
          </Stack>
          {row.cols.length > 1 && (
            <Stack gap={2}>
              <Text size="xs" fw={500}>{t("columns.phone")}</Text>
              <SegmentedControl size="xs" aria-label={t("columns.phone")} value={row.stack} onChange={(stack) => acts.change({ ...row, stack: stack as Row["stack"] }, "stack")} data={(["normal", "reverse", "none"] as const).map((value) => ({ value, label: t(`stack.${value}`) }))} />
            </Stack>
          )}
        </>
      )}
      {!locked && (
        <Group gap="sm" align="flex-end">
          <Colour label={t("columns.bg")} value={row.style.bg} change={(bg) => style({ bg }, "bg")} />
          <Amount label={t("padding.block")} value={padding.block} min={0} max={120} change={(value) => style({ padding: { ...padding, block: value ?? 8 } }, "padding")} />
          <Amount label={t("padding.inline")} value={padding.inline} min={0} max={120} change={(value) => style({ padding: { ...padding, inline: value ?? 0 } }, "padding")} />
        </Group>
      )}
      {mayLock && <Switch size="sm" label={t("row.lock")} description={t(template ? "row.lock.about" : "row.lock.here")} checked={row.locked === true} onChange={({ currentTarget: { checked } }) => acts.change({ ...row, locked: checked || undefined }, "lock")} />}
      {!footer && <Visibility key={row.id} locked={locked} value={row.visible_if ?? ""} change={(text) => acts.change({ ...row, visible_if: text || undefined }, `${row.id} visible`)} />}
      {!footer && (
        <Group gap={4}>
          {!locked && <>
            <Button size="compact-sm" variant="default" leftSection={<ArrowUp aria-hidden size={14} />} onClick={() => acts.move(-1)}>{t("move.up")}</Button>
            <Button size="compact-sm" variant="default" leftSection={<ArrowDown aria-hidden size={14} />} onClick={() => acts.move(1)}>{t("move.down")}</Button>
            <Button size="compact-sm" variant="default" leftSection={<Copy aria-hidden size={14} />} onClick={acts.duplicate}>{t("duplicate")}</Button>
          </>}
          <Button size="compact-sm" variant="default" leftSection={<ClipboardCopy aria-hidden size={14} />} onClick={acts.copy}>{t("row.copy")}</Button>
          {!locked && <Button size="compact-sm" variant="subtle" color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={acts.remove}>{t("row.remove")}</Button>}
        </Group>
      )}
    </Stack>
  );
}
