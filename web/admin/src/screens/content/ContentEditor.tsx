import { ActionIcon, Box, Button, Group, Modal, SegmentedControl, Stack, Text, Tooltip } from "@mantine/core";
import { useDebouncedValue, useDisclosure, useMediaQuery } from "@mantine/hooks";
import { LayoutTemplate, MailCheck, Redo2, Undo2 } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/shortcuts";
import { useMay } from "@/app/session";
import { touchesLocked } from "@/screens/editor/locks";
import { told, undoable } from "@/ui/notify";
import { DirIcon } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import type { Piece } from "@/screens/campaigns/fields";
import { contentOf } from "@/screens/campaigns/fields";
import { CodeView, type CodeHandle } from "./CodeView";
import { DesignForm, reach } from "./DesignForm";
import { codeOf, designOf, type Body } from "./document";
import { blockOfPointer, duplicateBlock, freshId, placeOf } from "./edits";
import { useHistory } from "./history";
import { Preview } from "./Preview";
import { usePreview, type Finding } from "./server";
import { StarterPicker } from "./StarterPicker";

interface ContentEditorProps {
  piece: Piece;
  language: string;
  /** Counts how often the message came from somebody else: there is no way back behind it. */
  epoch: number;
  change: (body: Body) => void;
  locked: boolean;
  /** How a test of it is sent, where it can be. */
  test?: ReactNode;
  /** The campaign or template whose message it is: earlier states are kept of it. */
  of?: string;
  /** Whether it is a template's: there, who may change locked rows changes them without unlocking them first. */
  template?: boolean;
}

const NONE: readonly Finding[] = [];

const Editor = lazy(() => import("@/screens/editor/Editor"));
const Narrow = lazy(() => import("@/screens/editor/Narrow"));

/** One message: its form or its code, beside what becomes of it. */
export function ContentEditor({ piece, language, epoch, change, locked, test, of, template = false }: ContentEditorProps) {
  const { t } = useTranslation(["app_content", "app_shell"]);
  const narrow = useMediaQuery("(max-width: 75em)");
  const [side, setSide] = useState<"form" | "preview">("form");
  const [picking, picker] = useDisclosure(piece.body === null);
  const [testing, tester] = useDisclosure(false);
  const [open, setOpen] = useState<string | null>(null);
  const code = useRef<CodeHandle>(null);
  const body = piece.body ?? { html: "" };
  const history = useHistory<Body>(body, change);
  const mayLock = useMay()("templates:lock");
  // What is locked is what the server has: it is held against that, not against the step before.
  const held = useRef(designOf(piece.body));
  const seen = useRef(epoch);
  useEffect(() => {
    if (seen.current === epoch) return;
    seen.current = epoch;
    held.current = designOf(body);
    history.reset(body);
  }, [epoch, history, body]);
  const { value } = history;
  const write = (next: Body, what: string): boolean => {
    const [before, after] = [held.current, designOf(next)];
    if (!mayLock && before && (after ? touchesLocked(before, after) : before.rows.some((row) => row.locked))) {
      told(t("row.locked.refused"));
      return false;
    }
    history.change(next, what);
    return true;
  };
  const design = designOf(value);
  const about = of && `${of}:${language}`;
  const written = codeOf(value);
  const content = contentOf({ ...piece, body: value });
  // Not at every letter: what is wrong is asked for when writing rests.
  const [settled] = useDebouncedValue(piece, 600);
  const rendered = usePreview(contentOf(settled), { language }).data;
  const findings = rendered?.findings ?? NONE;
  const go = (finding: Finding) => {
    if (narrow) setSide("form");
    if (written) return setTimeout(() => code.current?.goTo(finding.line, finding.column));
    const id = design && finding.at ? blockOfPointer(design, finding.at) : null;
    if (!id) return;
    setOpen(id);
    reach(id);
  };
  const copyOpen = () => {
    const place = design && open ? placeOf(design, open) : null;
    if (!design || !place) return;
    const id = freshId();
    if (!write({ design: duplicateBlock(design, place, id) }, `duplicate ${id}`)) return;
    setOpen(id);
    reach(id);
  };
  useShortcuts({ "Mod+KeyZ": () => history.undo(), "Mod+Shift+KeyZ": () => history.redo(), "Mod+KeyY": () => history.redo(), "Mod+KeyD": copyOpen }, !locked);
  const begin = (next: Body) => {
    picker.close();
    if (write(next, `begin ${Date.now()}`) && piece.body) undoable(t("begun"), history.undo);
  };
  const tools = (
    <>
        <Group gap={4}>
          <Tooltip label={t("undo")}><ActionIcon variant="default" aria-label={t("undo")} disabled={!history.canUndo} onClick={history.undo}><DirIcon icon={Undo2} size={18} /></ActionIcon></Tooltip>
          <Tooltip label={t("redo")}><ActionIcon variant="default" aria-label={t("redo")} disabled={!history.canRedo} onClick={history.redo}><DirIcon icon={Redo2} size={18} /></ActionIcon></Tooltip>
        </Group>
        <Button size="xs" variant="default" leftSection={<LayoutTemplate aria-hidden size={14} />} onClick={picker.open}>{t("begin.again")}</Button>
    </>
  );
  const form = (
    <Stack gap="sm" style={{ minWidth: 0 }}>
      <Group justify="space-between">{tools}</Group>
      {narrow && design && (
        <Suspense fallback={<Waiting lines={1} />}>
          <Narrow design={design} change={(next, what) => write({ design: next }, what)} undo={history.undo} open={open} go={(id) => { setOpen(id); reach(id); }} about={about} test={test} mayLock={mayLock} template={template} />
        </Suspense>
      )}
      {narrow && !design && test && <Button variant="default" size="xs" leftSection={<MailCheck aria-hidden size={14} />} onClick={tester.open}>{t("editor.test")}</Button>}
      {design && <DesignForm design={design} change={(next, what) => write({ design: next }, what)} undo={history.undo} open={open} setOpen={setOpen} findings={findings} free={template && mayLock} />}
      {written && <CodeView ref={code} kind={written.kind} text={written.text} change={(text) => history.change(written.kind === "mjml" ? { mjml: text } : { html: text }, "code")} findings={findings} />}
    </Stack>
  );
  const preview = <Preview content={content} language={language} go={locked ? undefined : go} />;
  return (
    <>
      {testing && <Modal opened onClose={tester.close} title={<Text fw={600} component="span">{t("editor.test")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>{test}</Modal>}
      {picking && !locked && <StarterPicker language={language} choose={begin} close={picker.close} />}
      {locked ? preview : design && !narrow ? (
        <Suspense fallback={<Waiting lines={10} />}>
          <Editor design={design} change={(next, what) => write({ design: next }, what)} undo={history.undo} content={content} language={language} findings={findings} bytes={rendered?.bytes} tools={tools} test={test} about={about} mayLock={mayLock} template={template} />
        </Suspense>
      ) : narrow ? (
        <Stack gap="sm">
          <SegmentedControl aria-label={t("side")} value={side} onChange={(next) => setSide(next === "preview" ? "preview" : "form")} data={[{ value: "form", label: t("side.form") }, { value: "preview", label: t("side.preview") }]} />
          {side === "form" ? form : preview}
        </Stack>
      ) : (
        <Box style={{ display: "grid", gridTemplateColumns: "minmax(0, 5fr) minmax(0, 6fr)", gap: 24, alignItems: "start" }}>
          {form}
          <Box style={{ position: "sticky", insetBlockStart: 76 }}>{preview}</Box>
        </Box>
      )}
    </>
  );
}
