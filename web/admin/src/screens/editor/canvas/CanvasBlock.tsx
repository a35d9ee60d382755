import { ActionIcon, Tooltip } from "@mantine/core";
import { ArrowDown, ArrowUp, Copy, GripVertical, Lock, Trash2, type LucideIcon } from "lucide-react";
import { lazy, memo, Suspense, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Block } from "@/screens/content/document";
import { summary } from "@/screens/content/document";
import { docOfLine, lineOfDoc } from "@/screens/content/richtext";
import { BlockView, Quoted, type Look } from "./BlockView";

const RichText = lazy(() => import("@/screens/content/RichText"));

/** What can be done with blocks of the message; the same object for as long as the canvas is shown. */
export interface BlockActs {
  select: (id: string, editing: boolean) => void;
  change: (id: string, block: Block, what: string) => void;
  move: (id: string, step: -1 | 1) => void;
  go: (id: string, step: -1 | 1) => void;
  duplicate: (id: string) => void;
  remove: (id: string) => void;
  press: (id: string, event: PointerEvent) => void;
}

interface CanvasBlockProps {
  block: Block;
  row: number;
  col: number;
  at: number;
  look: Look;
  selected: boolean;
  editing: boolean;
  wrong: number;
  carried: boolean;
  /** Whether the Tab key stops here; the arrows reach every block. */
  entry: boolean;
  locked: boolean;
  /** Where a carried block would fall beside it. */
  mark: "before" | "after" | null;
  acts: BlockActs;
}

export const handleId = (id: string) => `handle-${id}`;
export const isRich = (block: Block): block is Extract<Block, { type: "heading" | "text" | "quote" }> => block.type === "heading" || block.type === "text" || block.type === "quote";

const LARGE = { 1: [30, 1.25, 1.5], 2: [23, 1.3, 1.55], 3: [18, 1.4, 1.6] } as const;

/** A block on the canvas: what will arrive, and a handle to take, move and open it by pointer or keyboard. */
export const CanvasBlock = memo(function CanvasBlock(props: CanvasBlockProps) {
  const { block, row, col, at, look, selected, editing, wrong, carried, entry, locked, mark, acts } = props;
  const { t } = useTranslation("app_content");
  const fixed = block.type === "footer" || locked;
  const name = t(`block.${block.type}`);
  const words = summary(block);
  const press = (event: KeyboardEvent) => {
    const { code, altKey, ctrlKey, metaKey } = event;
    if (ctrlKey || metaKey) return;
    const up = code === "ArrowUp" ? -1 : code === "ArrowDown" ? 1 : 0;
    if (up !== 0) {
      event.preventDefault();
      if (altKey) acts.move(block.id, up);
      else acts.go(block.id, up);
    } else if (code === "Delete" || code === "Backspace") {
      event.preventDefault();
      acts.remove(block.id);
    } else if (code === "Enter" || code === "Space") {
      event.preventDefault();
      acts.select(block.id, true);
    }
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    acts.select(block.id, false);
    document.getElementById(handleId(block.id))?.focus();
  };
  return (
    <div className="barid-block" data-block={block.id} data-place={`${row},${col},${at}`} data-selected={selected || undefined} data-wrong={wrong > 0 || undefined} data-carried={carried || undefined} role="group" aria-label={name}
      onClick={(event) => { event.stopPropagation(); if (!editing) acts.select(block.id, isRich(block) && !locked); }}>
      {mark && <div className="barid-mark" data-side={mark} />}
      <button id={handleId(block.id)} type="button" className="barid-handle" tabIndex={entry ? 0 : -1} aria-pressed={selected} aria-label={t("canvas.block", { name, words: wrong > 0 ? `${words} (${t("block.wrong", { count: wrong })})` : words })} aria-describedby="canvas-keys"
        onPointerDown={(event) => { if (!fixed) acts.press(block.id, event); }} onKeyDown={press} onFocus={() => { if (!selected) acts.select(block.id, false); }} onClick={(event) => { event.stopPropagation(); acts.select(block.id, false); }}>
        {fixed ? <Lock aria-hidden size={13} /> : <GripVertical aria-hidden size={15} />}
      </button>
      {selected && !fixed && <Bar name={name} id={block.id} acts={acts} />}
      {editing && isRich(block) && !locked ? <div onKeyDown={leave} role="presentation"><InPlace block={block} look={look} acts={acts} /></div> : <BlockView block={block} {...look} />}
    </div>
  );
});

function Bar({ id, name, acts }: { id: string; name: string; acts: BlockActs }) {
  const { t } = useTranslation("app_content");
  const button = (label: string, Icon: LucideIcon, act: () => void, color = "gray") => (
    <Tooltip label={label}><ActionIcon size="md" variant="subtle" color={color} aria-label={`${label}: ${name}`} onClick={(event) => { event.stopPropagation(); act(); }}><Icon aria-hidden size={15} /></ActionIcon></Tooltip>
  );
  return (
    <div className="barid-bar">
      {button(t("move.up"), ArrowUp, () => acts.move(id, -1))}
      {button(t("move.down"), ArrowDown, () => acts.move(id, 1))}
      {button(t("duplicate"), Copy, () => acts.duplicate(id))}
      {button(t("remove"), Trash2, () => acts.remove(id), "red")}
    </div>
  );
}

/** The words of a block, written where they stand and as they will look. */
function InPlace({ block, look, acts }: { block: Extract<Block, { type: "heading" | "text" | "quote" }>; look: Look; acts: BlockActs }) {
  const { t } = useTranslation("app_content");
  const dir = block.dir ?? look.dir;
  const rtl = dir === "rtl";
  const { block: above, inline } = block.padding ?? { block: 10, inline: 24 };
  const [size, latin, arabic] = block.type === "heading" ? LARGE[block.level] : ([block.type === "quote" ? 18 : (block.size ?? 16), 1.6, 1.85] as const);
  const style = {
    padding: `${above}px ${inline}px`, fontSize: size, lineHeight: rtl ? arabic : latin, fontWeight: block.type === "heading" ? 700 : 400, color: (block.type === "quote" ? undefined : block.color) ?? look.tone.text,
    textAlign: block.type === "quote" ? ("start" as const) : block.align, "--barid-link": look.tone.link,
  };
  const shared = { inPlace: true, label: t(`block.${block.type}`), dir, lang: look.lang };
  const words = (
    <Suspense fallback={<BlockView block={{ ...block, padding: { block: 0, inline: 0 } }} {...look} />}>
      {block.type === "heading"
        ? <RichText {...shared} line value={docOfLine(block.content)} change={(doc) => acts.change(block.id, { ...block, content: lineOfDoc(doc) }, `${block.id} content`)} />
        : <RichText {...shared} value={block.content} change={(content) => acts.change(block.id, { ...block, content }, `${block.id} content`)} />}
    </Suspense>
  );
  return (
    <div dir={dir} style={style}>
      {block.type === "quote" ? <Quoted block={block} tone={look.tone}>{words}</Quoted> : words}
    </div>
  );
}
