import "./richtext.css";
import { ActionIcon, Box, Button, Group, Popover, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { EditorContent, useEditor, useEditorState, type Editor } from "@tiptap/react";
import { Bold, Italic, Link as LinkIcon, List, ListOrdered, Quote, Underline, type LucideIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Dir, Doc } from "./document";
import { MergeEditor, MergeMenu } from "./MergeMenu";
import { asLink, cleanDoc, isLink, straight } from "./richtext";
import { lineExtensions, textExtensions } from "./tiptap";

const SCHEME = "https://";

/** Undo and redo are the whole message's; the editor would swallow their keys. */
const isHistoryKey = ({ code, ctrlKey, metaKey }: KeyboardEvent) => (ctrlKey || metaKey) && (code === "KeyZ" || code === "KeyY");

interface RichTextProps {
  label: string;
  value: Doc;
  change: (value: Doc) => void;
  dir: Dir;
  lang: string;
  /** A heading: one line, no lists. */
  line?: boolean;
  /** On the canvas: it looks like what surrounds it, and is written in at once. */
  inPlace?: boolean;
}

/** Words with what mail can show: bold, italic, links, lists, and values of the reader. */
export default function RichText({ label, value, change, dir, lang, line = false, inPlace = false }: RichTextProps) {
  const told = useRef(JSON.stringify(value));
  const editor = useEditor({
    extensions: line ? lineExtensions : textExtensions,
    content: value,
    immediatelyRender: true,
    autofocus: inPlace ? "end" : false,
    editorProps: { handleDOMEvents: { keydown: (_, event) => isHistoryKey(event) }, transformPastedHTML: straight, transformPastedText: straight, attributes: { "aria-label": label, role: "textbox", "aria-multiline": "true", dir, lang } },
    onUpdate: ({ editor: now }) => {
      const next = cleanDoc(now.getJSON());
      told.current = JSON.stringify(next);
      change(next);
    },
  });
  // What was undone, or came from somebody else, is shown; what was just written here is not set again.
  useEffect(() => {
    const json = JSON.stringify(value);
    if (json === told.current) return;
    told.current = json;
    editor.commands.setContent(value, { emitUpdate: false });
  }, [editor, value]);
  return (
    <Box className={inPlace ? "barid-rich barid-inplace" : "barid-rich"}>
      <Toolbar editor={editor} line={line} label={label} />
      <EditorContent editor={editor} />
      <MergeEditor editor={editor} />
    </Box>
  );
}

function Toolbar({ editor, line, label }: { editor: Editor; line: boolean; label: string }) {
  const { t } = useTranslation("app_content");
  const is = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      bold: now.isActive("bold"), italic: now.isActive("italic"), underline: now.isActive("underline"),
      bullets: now.isActive("bulletList"), numbers: now.isActive("orderedList"), quote: now.isActive("blockquote"),
    }),
  });
  const button = (name: string, Icon: LucideIcon, on: boolean, press: () => void, flips = false) => (
    <Tooltip key={name} label={name}>
      <ActionIcon size="md" variant={on ? "light" : "subtle"} color={on ? "teal" : "gray"} aria-label={name} aria-pressed={on} onMouseDown={(event) => event.preventDefault()} onClick={press}><Icon aria-hidden size={16} className={flips ? "dir-icon" : undefined} /></ActionIcon>
    </Tooltip>
  );
  const on = () => editor.chain().focus();
  return (
    <Group gap={2} p={4} role="toolbar" aria-label={t("rich.toolbar", { name: label })} style={{ borderBlockEnd: "1px solid var(--mantine-color-default-border)" }}>
      {button(t("rich.bold"), Bold, is.bold, () => on().toggleBold().run())}
      {button(t("rich.italic"), Italic, is.italic, () => on().toggleItalic().run())}
      {button(t("rich.underline"), Underline, is.underline, () => on().toggleUnderline().run())}
      {!line && button(t("rich.bullets"), List, is.bullets, () => on().toggleBulletList().run(), true)}
      {!line && button(t("rich.numbers"), ListOrdered, is.numbers, () => on().toggleOrderedList().run(), true)}
      {!line && button(t("rich.quote"), Quote, is.quote, () => on().toggleBlockquote().run(), true)}
      <LinkButton editor={editor} />
      <MergeMenu insert={(field, fallback) => on().insertContent({ type: "merge", attrs: { field, fallback } }).run()} />
    </Group>
  );
}

function LinkButton({ editor }: { editor: Editor }) {
  const { t } = useTranslation(["app_content", "app_shell"]);
  const [opened, setOpened] = useState(false);
  const [href, setHref] = useState("");
  const active = useEditorState({ editor, selector: ({ editor: now }) => now.isActive("link") });
  const open = () => {
    setHref(String(editor.getAttributes("link").href ?? ""));
    setOpened(true);
  };
  const url = asLink(href);
  const wrong = href !== "" && !isLink(url);
  const set = () => {
    if (wrong) return;
    const chain = editor.chain().focus().extendMarkRange("link");
    if (url === "") chain.unsetLink().run();
    else if (editor.state.selection.empty && !active) chain.insertContent({ type: "text", text: url, marks: [{ type: "link", attrs: { href: url } }] }).run();
    else chain.setLink({ href: url }).run();
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow shadow="md">
      <Popover.Target>
        <Tooltip label={t("rich.link")}><ActionIcon size="md" variant={active ? "light" : "subtle"} color={active ? "teal" : "gray"} aria-label={t("rich.link")} aria-pressed={active} onClick={open}><LinkIcon aria-hidden size={16} /></ActionIcon></Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={280}>
          <TextInput label={t("url")} dir="ltr" value={href} error={wrong ? t("url.wrong") : undefined} placeholder={SCHEME} onChange={({ currentTarget: { value } }) => setHref(value)}
            onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); set(); } }} />
          <Group justify="flex-end" gap="xs">
            {active && <Button size="xs" variant="subtle" color="red" onClick={() => { editor.chain().focus().extendMarkRange("link").unsetLink().run(); setOpened(false); }}>{t("rich.unlink")}</Button>}
            <Button size="xs" onClick={set} disabled={wrong}>{t("app_shell:done")}</Button>
          </Group>
          {!active && <Text size="xs" c="dimmed">{t("rich.link.about")}</Text>}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
