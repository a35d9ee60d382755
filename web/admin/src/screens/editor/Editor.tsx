import { Box, Card, Group, ScrollArea, SegmentedControl, Stack, VisuallyHidden } from "@mantine/core";
import { useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Block, Design, Row } from "@/screens/content/document";
import { addColumns, blockOfPointer, placeOf } from "@/screens/content/edits";
import { Preview, Size } from "@/screens/content/Preview";
import type { Content, Finding } from "@/screens/content/server";
import { Canvas } from "./canvas/Canvas";
import { Inspector } from "./Inspector";
import { Palette } from "./Palette";
import { Tools } from "./Tools";
import { useDrag, type Carried } from "./useDrag";
import { useEditing } from "./useEditing";
import type { Target } from "./arrange";

interface EditorProps {
  design: Design;
  /** False when it was not done, for it touches what is locked. */
  change: (design: Design, what: string) => boolean;
  undo: () => void;
  content: Content;
  language: string;
  findings: readonly Finding[];
  /** How large the message is when it leaves, once it was rendered. */
  bytes?: number;
  /** Undo, redo and the way back to the designs. */
  tools: ReactNode;
  /** How a test of it is sent, where it can be. */
  test?: ReactNode;
  /** Whose earlier states are kept: an id, a colon, the language. */
  about?: string;
  /** Whether whoever writes may lock rows, and unlock them. */
  mayLock: boolean;
  /** Whether it is a template's. */
  template: boolean;
}

const HEIGHT = "calc(100vh - 150px)";
const never = () => false;
const isRowLocked = (row: Row) => row.locked === true;

/** The editor of a message: its blocks as they will arrive, what can be added, and the form of what is chosen. */
export default function Editor({ design, change, undo, content, language, findings, bytes, tools, test, about, mayLock, template }: EditorProps) {
  const { t } = useTranslation("app_content");
  const [mode, setMode] = useState<"edit" | "preview">("edit");
  const isLocked = mayLock && template ? never : isRowLocked;
  const dropped = useRef<(carried: Carried, target: Target) => void>(() => {});
  const { dragging, press } = useDrag(useCallback((carried: Carried, target: Target) => dropped.current(carried, target), []));
  const editing = useEditing({ design, change, undo, isLocked, press });
  dropped.current = editing.drop;
  const place = editing.selected ? placeOf(design, editing.selected) : null;
  const row = place ? (design.rows[place.row] ?? null) : null;
  const block: Block | null = place ? (row?.cols[place.col]?.[place.at] ?? null) : null;
  // Findings come when writing rests, and are about the message of then; between them no row is drawn anew for them.
  const latest = useRef(design);
  latest.current = design;
  const wrong = useMemo(() => {
    const counted = new Map<string, number>();
    for (const { at, severity } of findings) {
      const id = at && severity === "error" ? blockOfPointer(latest.current, at) : null;
      if (id) counted.set(id, (counted.get(id) ?? 0) + 1);
    }
    return counted;
  }, [findings]);
  const go = (id: string) => {
    setMode("edit");
    editing.open(id);
  };
  const goTo = (finding: Finding) => {
    const id = finding.at ? blockOfPointer(design, finding.at) : null;
    if (id) go(id);
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <SegmentedControl size="xs" aria-label={t("editor.mode")} value={mode} onChange={(next) => setMode(next === "preview" ? "preview" : "edit")} data={[{ value: "edit", label: t("editor.edit") }, { value: "preview", label: t("editor.preview") }]} />
          {tools}
        </Group>
        <Tools design={design} change={change} undo={undo} row={row} insert={editing.pasteRows} paste={editing.paste} isLocked={isLocked} go={go} about={about} test={test} />
      </Group>
      <VisuallyHidden role="status" aria-live="polite">{editing.said}</VisuallyHidden>
      {mode === "preview" ? <Preview content={content} language={language} go={goTo} height={720} /> : (
        <Box style={{ display: "grid", gridTemplateColumns: "72px minmax(0, 1fr) 308px", gap: 14, alignItems: "start" }}>
          <Box style={{ position: "sticky", insetBlockStart: 68 }}>
            <Palette add={editing.add} columns={() => change(addColumns(design), `columns ${Date.now()}`)} press={(type, event) => press({ kind: "new", type }, event)} height={HEIGHT} />
          </Box>
          <Canvas design={design} selected={editing.selected} editing={editing.editing} wrong={wrong} dragging={dragging} acts={editing.blocks} none={() => editing.choose(null)} isLocked={isLocked} />
          <Card padding="sm" style={{ position: "sticky", insetBlockStart: 68 }} component="section" aria-label={t("inspector")}>
            {bytes !== undefined && <Box mb="sm"><Size bytes={bytes} /></Box>}
            <ScrollArea.Autosize mah={`calc(${HEIGHT} - 60px)`} type="auto" offsetScrollbars viewportProps={{ tabIndex: -1 }}>
              <Inspector design={design} block={block} row={row} locked={row !== null && isLocked(row)} change={(next, what) => editing.blocks.change(next.id, next, what)} rows={editing.rows} theme={change} mayLock={mayLock} template={template} />
            </ScrollArea.Autosize>
          </Card>
        </Box>
      )}
      {dragging && <div className="barid-carried" style={{ insetBlockStart: dragging.y + 12, ...(document.documentElement.dir === "rtl" ? { insetInlineEnd: dragging.x + 12 } : { insetInlineStart: dragging.x + 12 }) }}>{t(`block.${dragging.carried.kind === "new" ? dragging.carried.type : kindOf(design, dragging.carried.id)}`)}</div>}
    </Stack>
  );
}

function kindOf(design: Design, id: string): Block["type"] {
  return design.rows.flatMap(({ cols }) => cols.flat()).find((block) => block.id === id)?.type ?? "text";
}
