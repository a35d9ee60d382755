import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import type { Block, BlockType, Design, Row } from "@/screens/content/document";
import { addBlock, blockAt, duplicateBlock, freshId, moveBlock, moveRow, newBlock, placeOf, removeBlock, replaceBlock, replaceRow } from "@/screens/content/edits";
import { told, undoable } from "@/ui/notify";
import { insertAt, insertRows, isGap, lastGap, moveTo, neighbour, places, removeRow, renamed, type Target } from "./arrange";
import { handleId, isRich, type BlockActs } from "./canvas/CanvasBlock";
import { keep, kept, rowOfBlock, unpacked } from "./clipboard";
import type { RowActs } from "./Inspector";
import type { Carried } from "./useDrag";

type Offered = Exclude<BlockType, "footer">;

interface Source {
  design: Design;
  change: (design: Design, what: string) => boolean;
  undo: () => void;
  isLocked: (row: Row) => boolean;
  press: (carried: Carried, event: React.PointerEvent) => void;
}

/** Whether the keyboard belongs to something that is being written in. */
const isWriting = () => document.activeElement instanceof HTMLElement && (document.activeElement.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName));

const focusHandle = (id: string) => requestAnimationFrame(() => {
  const handle = document.getElementById(handleId(id));
  handle?.focus({ preventScroll: true });
  handle?.scrollIntoView({ block: "nearest" });
});

/** What is chosen on the canvas, and everything that can be done with it. */
export function useEditing(source: Source) {
  const { t } = useTranslation("app_content");
  const format = useFormat();
  const [selected, setSelected] = useState<string | null>(null);
  const [editing, setEditing] = useState(false);
  const [said, say] = useState("");
  const latest = useRef({ ...source, selected });
  latest.current = { ...source, selected };
  const choose = (id: string | null, edit = false) => {
    setSelected(id);
    setEditing(edit);
  };
  const helpers = useRef({ t, format });
  helpers.current = { t, format };

  const acts = useMemo(() => {
    const now = () => latest.current;
    const lockedAt = (id: string) => {
      const place = placeOf(now().design, id);
      const row = place && now().design.rows[place.row];
      return !row || now().isLocked(row);
    };
    const tellPlace = (design: Design, id: string) => {
      const all = places(design);
      const at = all.findIndex(({ block }) => block.id === id) + 1;
      say(helpers.current.t("canvas.moved", { n: helpers.current.format.number(at), of: helpers.current.format.number(all.length) }));
    };
    const blocks: BlockActs = {
      select: (id, edit) => choose(id, edit),
      change: (id, block, what) => {
        const place = placeOf(now().design, id);
        if (place && !lockedAt(id)) now().change(replaceBlock(now().design, place, block), what);
      },
      move: (id, step) => {
        const place = placeOf(now().design, id);
        if (!place || lockedAt(id)) return;
        const next = moveBlock(now().design, place, step);
        if (next === now().design) return;
        if (!now().change(next, `move ${id} ${Date.now()}`)) return;
        tellPlace(next, id);
        focusHandle(id);
      },
      go: (id, step) => {
        const next = neighbour(now().design, id, step);
        if (!next) return;
        choose(next);
        focusHandle(next);
      },
      duplicate: (id) => {
        const place = placeOf(now().design, id);
        if (!place || lockedAt(id)) return;
        const fresh = freshId();
        if (!now().change(duplicateBlock(now().design, place, fresh), `duplicate ${fresh}`)) return;
        choose(fresh);
        focusHandle(fresh);
      },
      remove: (id) => {
        const place = placeOf(now().design, id);
        const block = place && blockAt(now().design, place);
        if (!place || !block || block.type === "footer" || lockedAt(id)) return;
        const next = neighbour(now().design, id, 1) ?? neighbour(now().design, id, -1);
        if (!now().change(removeBlock(now().design, place), `remove ${id}`)) return;
        undoable(helpers.current.t("removed", { name: helpers.current.t(`block.${block.type}`) }), now().undo);
        choose(next);
        if (next) focusHandle(next);
      },
      press: (id, event) => { if (!lockedAt(id)) now().press({ kind: "block", id }, event); },
    };
    const put = (block: Block, target?: Target) => {
      const { design, selected: chosen } = now();
      const after = chosen ? placeOf(design, chosen) : null;
      const inLocked = after && design.rows[after.row] && now().isLocked(design.rows[after.row] as Row);
      const next = target ? insertAt(design, [block], target) : inLocked ? insertAt(design, [block], { gap: Math.min(after.row + 1, lastGap(design)) }) : addBlock(design, block, after ?? undefined);
      if (next === design) return;
      if (!now().change(next, `add ${block.id}`)) return;
      choose(block.id, isRich(block));
      if (!isRich(block)) focusHandle(block.id);
    };
    const pasteRows = (rows: Row[]) => {
      const { design, selected: chosen } = now();
      const after = chosen ? placeOf(design, chosen) : null;
      const gap = after ? after.row + 1 : lastGap(design);
      if (!now().change(insertRows(design, rows, gap), `paste ${Date.now()}`)) return;
      say(helpers.current.t("pasted", { count: rows.length, n: helpers.current.format.number(rows.length) }));
    };
    const chosenRows = (): Row[] => {
      const place = now().selected ? placeOf(now().design, now().selected ?? "") : null;
      const block = place && blockAt(now().design, place);
      return block && block.type !== "footer" ? [rowOfBlock(block)] : [];
    };
    const drop = (carried: Carried, target: Target) => {
      const { design } = now();
      const row = isGap(target) ? null : design.rows[target.row];
      if (row && now().isLocked(row)) return;
      if (carried.kind === "new") return put(newBlock(carried.type), target);
      const place = placeOf(design, carried.id);
      if (!place) return;
      const next = moveTo(design, place, target);
      if (next === design) return;
      if (!now().change(next, `move ${carried.id} ${Date.now()}`)) return;
      choose(carried.id);
      tellPlace(next, carried.id);
      focusHandle(carried.id);
    };
    const row = (): { row: Row; at: number } | null => {
      const place = now().selected ? placeOf(now().design, now().selected ?? "") : null;
      const found = place ? now().design.rows[place.row] : undefined;
      return place && found ? { row: found, at: place.row } : null;
    };
    const rows: RowActs = {
      change: (next, what) => { const here = row(); if (here) now().change(replaceRow(now().design, here.at, next), what); },
      move: (step) => { const here = row(); if (here) now().change(moveRow(now().design, here.at, step), `row ${here.row.id} ${Date.now()}`); },
      duplicate: () => { const here = row(); if (here) now().change(insertRows(now().design, [renamed(here.row)], here.at + 1), `row ${Date.now()}`); },
      copy: () => {
        const here = row();
        if (!here) return;
        void navigator.clipboard?.writeText(keep([here.row])).catch(() => {});
        told(helpers.current.t("row.copied"));
      },
      remove: () => {
        const here = row();
        if (!here) return;
        if (!now().change(removeRow(now().design, here.at), `remove ${here.row.id}`)) return;
        choose(null);
        undoable(helpers.current.t("row.removed"), now().undo);
      },
    };
    return { blocks, rows, drop, pasteRows, chosenRows, add: (type: Offered) => put(newBlock(type)) };
  }, []);

  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      const rows = acts.chosenRows();
      if (isWriting() || rows.length === 0 || !window.getSelection()?.isCollapsed) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", keep(rows));
      told(t("row.copied"));
      if (event.type === "cut" && latest.current.selected) acts.blocks.remove(latest.current.selected);
    };
    const paste = (event: ClipboardEvent) => {
      if (isWriting()) return;
      const rows = unpacked(event.clipboardData?.getData("text/plain") ?? "");
      if (rows.length === 0) return;
      event.preventDefault();
      acts.pasteRows(rows);
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", copy);
      document.removeEventListener("paste", paste);
    };
  }, [acts, t]);

  return {
    selected, editing, said, choose, ...acts,
    paste: () => { const rows = kept(); if (rows.length > 0) acts.pasteRows(rows); else told(t("paste.nothing")); },
    open: (id: string) => { choose(id); focusHandle(id); },
  };
}
