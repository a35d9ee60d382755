import "../editor.css";
import { Badge } from "@mantine/core";
import { Eye, Lock } from "lucide-react";
import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Design, Row } from "@/screens/content/document";
import { isGap, lastGap, type Target } from "../arrange";
import type { Dragging } from "../useDrag";
import type { Look } from "./BlockView";
import { CanvasBlock, type BlockActs } from "./CanvasBlock";
import { STACKS, toneOf } from "./tone";

interface CanvasProps {
  design: Design;
  selected: string | null;
  editing: boolean;
  /** How much is wrong, by block. */
  wrong: ReadonlyMap<string, number>;
  dragging: Dragging | null;
  acts: BlockActs;
  /** Called with a place of a press beside all blocks. */
  none: () => void;
  isLocked: (row: Row) => boolean;
}

/** The message as it will arrive, row by row, in the direction and colours of its own. */
export function Canvas({ design, selected, editing, wrong, dragging, acts, none, isLocked }: CanvasProps) {
  const { t } = useTranslation("app_content");
  const { theme, dir, lang } = design;
  const target = dragging?.target ?? null;
  const carried = dragging?.carried.kind === "block" ? dragging.carried.id : null;
  const last = lastGap(design);
  // One stop of the Tab key: from it the arrows go to the others, and Tab on to the form of what is chosen.
  const ids = design.rows.flatMap(({ cols }) => cols.flat().map(({ id }) => id));
  const entry = selected !== null && ids.includes(selected) ? selected : (ids[0] ?? null);
  const gap = (at: number) => <div className="barid-gap" data-gap={at} data-here={(target && isGap(target) && target.gap === at) || undefined} />;
  return (
    <div className="barid-canvas" data-dragging={dragging ? true : undefined} onClick={none} role="region" aria-label={t("canvas")} style={{ background: theme.bg, padding: "24px 12px", borderRadius: 12, border: "1px solid var(--mantine-color-default-border)" }}>
      <p id="canvas-keys" hidden>{t("canvas.keys")}</p>
      <div dir={dir} lang={lang} style={{ maxWidth: theme.width, marginInline: "auto", fontFamily: STACKS[theme.font] }}>
        {design.rows.map((row, r) => (
          <div key={row.id}>
            {r <= last && gap(r)}
            <RowView row={row} r={r} theme={theme} dir={dir} lang={lang} acts={acts} locked={isLocked(row)} wrong={wrong} carried={row.cols.some((col) => col.some(({ id }) => id === carried)) ? carried : null}
              entry={row.cols.some((col) => col.some(({ id }) => id === entry)) ? entry : null} selected={row.cols.some((col) => col.some(({ id }) => id === selected)) ? selected : null} editing={editing} target={target && !isGap(target) && target.row === r ? target : null} />
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowViewProps extends Pick<Look, "theme" | "dir" | "lang"> {
  row: Row;
  r: number;
  acts: BlockActs;
  locked: boolean;
  wrong: ReadonlyMap<string, number>;
  selected: string | null;
  editing: boolean;
  carried: string | null;
  /** The block that the Tab key stops at. */
  entry: string | null;
  target: Exclude<Target, { gap: number }> | null;
}

const RowView = memo(function RowView({ row, r, theme, dir, lang, acts, locked, wrong, selected, editing, carried, entry, target }: RowViewProps) {
  const { t } = useTranslation("app_content");
  const own = row.style.bg;
  const look = useMemo<Look>(() => ({ theme, dir, lang, tone: toneOf(theme, own) }), [theme, dir, lang, own]);
  const { block, inline } = row.style.padding ?? { block: 8, inline: 0 };
  const shares = row.layout.map((share) => `minmax(0, ${share}fr)`).join(" ");
  return (
    <div className="barid-row" data-row={row.id} data-shown={selected !== null || undefined} style={{ background: look.tone.bg, padding: `${block}px ${inline}px`, display: "grid", gridTemplateColumns: shares, alignItems: "start" }}>
      {(row.visible_if || locked) && (
        <div className="barid-row-note">
          {row.visible_if && <Badge size="sm" color="gray" leftSection={<Eye aria-hidden size={11} />}>{t("row.some")}</Badge>}
          {locked && <Badge size="sm" color="gray" leftSection={<Lock aria-hidden size={11} />}>{t("row.locked")}</Badge>}
        </div>
      )}
      {row.cols.map((blocks, c) => {
        const here = target?.col === c ? target.at : null;
        return (
          <div key={c}>
            {blocks.length === 0 && <div className="barid-column-empty" data-column={`${r},${c},0`} data-here={here !== null || undefined} style={{ color: look.tone.muted, fontSize: 13 }}>{t("canvas.empty")}</div>}
            {blocks.map((one, at) => (
              <CanvasBlock key={one.id} block={one} row={r} col={c} at={at} look={look} selected={one.id === selected} entry={one.id === entry} editing={editing && one.id === selected} wrong={wrong.get(one.id) ?? 0} carried={one.id === carried} locked={locked} acts={acts}
                mark={here === at ? "before" : here === blocks.length && at + 1 === blocks.length ? "after" : null} />
            ))}
          </div>
        );
      })}
    </div>
  );
});
