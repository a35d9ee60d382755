import { Button, Group, Modal, Text } from "@mantine/core";
import { ClipboardPaste, History, LibraryBig, Link2, MailCheck, Rows3 } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Design, Row } from "@/screens/content/document";
import { undoable } from "@/ui/notify";
import { KeptBlocks } from "./KeptBlocks";
import { LinkList } from "./LinkList";
import { States } from "./States";
import { linksOf } from "./links";
import { useStates } from "./useStates";

interface ToolsProps {
  design: Design;
  change: (design: Design, what: string) => boolean;
  undo: () => void;
  /** The row of what is chosen. */
  row: Row | null;
  insert: (rows: Row[]) => void;
  paste: () => void;
  isLocked: (row: Row) => boolean;
  /** Leads to a block. */
  go: (block: string) => void;
  /** Whose earlier states are kept: an id, a colon, the language. */
  about?: string;
  /** How a test of it is sent, where it can be. */
  test?: ReactNode;
  /** The form of the chosen row, where there is no place for it beside the message. */
  rowForm?: ReactNode;
}

/** What is asked for now and then: the library, earlier states, what was copied, the links, a test. */
export function Tools({ design, change, undo, row, insert, paste, isLocked, go, about, test, rowForm }: ToolsProps) {
  const { t } = useTranslation(["app_content", "app_shell"]);
  const [shown, setShown] = useState<"links" | "test" | "kept" | "states" | "row" | null>(null);
  const keepState = useStates(about, design);
  const faulty = useMemo(() => linksOf(design).filter(({ state }) => state === "missing" || state === "wrong").length, [design]);
  const close = () => setShown(null);
  const dialog = (title: string, inside: ReactNode) => <Modal opened onClose={close} title={<Text fw={600} component="span">{title}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>{inside}</Modal>;
  return (
    <>
      <Group gap="xs">
        {rowForm !== undefined && <Button size="xs" variant="default" leftSection={<Rows3 aria-hidden size={14} />} onClick={() => setShown("row")}>{t("row")}</Button>}
        <Button size="xs" variant="default" leftSection={<LibraryBig aria-hidden size={14} />} onClick={() => setShown("kept")}>{t("kept")}</Button>
        {about && <Button size="xs" variant="default" leftSection={<History aria-hidden size={14} />} onClick={() => setShown("states")}>{t("states")}</Button>}
        <Button size="xs" variant="default" leftSection={<ClipboardPaste aria-hidden size={14} />} onClick={paste}>{t("paste")}</Button>
        <Button size="xs" variant="default" color={faulty > 0 ? "red" : undefined} leftSection={<Link2 aria-hidden size={14} />} onClick={() => setShown("links")}>{faulty > 0 ? t("links.faulty", { count: faulty }) : t("links")}</Button>
        {test && <Button size="xs" variant="default" leftSection={<MailCheck aria-hidden size={14} />} onClick={() => setShown("test")}>{t("editor.test")}</Button>}
      </Group>
      {shown === "kept" && <KeptBlocks design={design} row={row} insert={insert} isLocked={isLocked} dress={(next) => { keepState(); if (change(next, `brand ${Date.now()}`)) undoable(t("kept.dressed"), undo); }} close={close} />}
      {shown === "states" && about && <States about={about} design={design} close={close} restore={(next) => { keepState(); if (!change(next, `restore ${Date.now()}`)) return; close(); undoable(t("states.restored"), undo); }} />}
      {shown === "links" && <LinkList design={design} go={(block) => { close(); go(block); }} close={close} />}
      {shown === "test" && dialog(t("editor.test"), test)}
      {shown === "row" && dialog(t("row"), rowForm)}
    </>
  );
}
