import { Text, VisuallyHidden } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { placeOf } from "@/screens/content/edits";
import type { Design, Row } from "@/screens/content/document";
import { RowFields } from "./Inspector";
import { Tools } from "./Tools";
import { useEditing } from "./useEditing";

interface NarrowProps {
  design: Design;
  change: (design: Design, what: string) => boolean;
  undo: () => void;
  /** The block whose form is open: its row is meant. */
  open: string | null;
  go: (block: string) => void;
  about?: string;
  test?: ReactNode;
  mayLock: boolean;
  template: boolean;
}

const never = () => false;
const isRowLocked = (row: Row) => row.locked === true;
const nothing = () => {};

/** What a narrow window has of the editor beside the form of its blocks. */
export default function Narrow({ design, change, undo, open, go, about, test, mayLock, template }: NarrowProps) {
  const { t } = useTranslation("app_content");
  const isLocked = mayLock && template ? never : isRowLocked;
  const { choose, rows, pasteRows, paste, said } = useEditing({ design, change, undo, isLocked, press: nothing });
  useEffect(() => choose(open), [open]);
  const place = open ? placeOf(design, open) : null;
  const row = place ? (design.rows[place.row] ?? null) : null;
  return (
    <>
      <VisuallyHidden role="status" aria-live="polite">{said}</VisuallyHidden>
      <Tools design={design} change={change} undo={undo} row={row} insert={pasteRows} paste={paste} isLocked={isLocked} go={go} about={about} test={test}
        rowForm={row ? <RowFields row={row} locked={isLocked(row)} acts={rows} mayLock={mayLock} template={template} /> : <Text size="sm">{t("row.none")}</Text>} />
    </>
  );
}
