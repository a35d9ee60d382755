import { ActionIcon, Box, Button, Group, Menu, SegmentedControl, Text, Textarea, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ListPlus, MailQuestion, Paperclip, Plus, Send, Star } from "lucide-react";
import { useEffect, useId, useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, got } from "@/api/client";
import { useSession } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { fold } from "@/i18n/format";
import { refused } from "@/ui/notify";
import { DirIcon } from "@/ui/text";
import { acts, quietly } from "./actions";
import { about, cannedReplies, type CannedReply, type Full } from "./api";
import { Canned } from "./Canned";
import { filled, shortcutIn, type Sending } from "./events";
import { QuickReplies } from "./QuickReplies";
import { LineBar, WindowClosed } from "./LineBar";
import type { SealedChat } from "./sealed/useSealed";

type Mode = "message" | "note";
type Send_ = (sending: Omit<Sending, "client_id" | "at" | "failed">) => void;

const draftKey = (id: string, mode: Mode) => `barid.inbox.draft.${mode}.${id}`;
const TYPING_EVERY = 3000;
const SHOWN = 8;

/** What was written and not sent stays, through another conversation and a reload. */
function useDraft(id: string, mode: Mode): [string, (text: string) => void] {
  const key = draftKey(id, mode);
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  useEffect(() => setText(sessionStorage.getItem(key) ?? ""), [key]);
  const put = (next: string) => {
    setText(next);
    if (next) sessionStorage.setItem(key, next);
    else sessionStorage.removeItem(key);
  };
  return [text, put];
}

function useCanned(text: string, group: string | null | undefined): CannedReply[] {
  const { data } = useQuery(cannedReplies());
  const asked = shortcutIn(text);
  if (asked === null) return [];
  const wanted = fold(asked);
  const mine = (data?.items ?? []).filter((one) => !one.group || one.group === group);
  const starts = mine.filter(({ shortcut }) => fold(shortcut).startsWith(wanted));
  const holds = mine.filter((one) => !starts.includes(one) && (fold(one.text).includes(wanted) || one.tags.some((tag) => fold(tag).startsWith(wanted))));
  return [...starts, ...holds].slice(0, SHOWN);
}

/** Where members answer: to the visitor, or as a note that only members read. `/` brings canned replies. */
export function Composer({ full, send, sealed }: { full: Full; send: Send_; sealed?: SealedChat }) {
  const { t } = useTranslation("app_inbox");
  const { id } = full;
  const session = useSession();
  const [mode, setMode] = useState<Mode>("message");
  const [text, setText] = useDraft(id, mode);
  const [place, setPlace] = useState(0);
  const [closed, setClosed] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const typed = useRef(0);
  const [uploading, setUploading] = useState(false);
  const list = useId();
  const canned = useCanned(text, full.group);
  const options = closed ? [] : canned;
  const focus = (next: Mode) => {
    setMode(next);
    setTimeout(() => box.current?.focus());
  };
  useShortcuts({ KeyR: () => focus("message"), KeyN: () => focus("note") });
  const write = (next: string) => {
    setText(next);
    setClosed(false);
    setPlace(0);
    if (mode !== "message" || !next || Date.now() - typed.current < TYPING_EVERY) return;
    typed.current = Date.now();
    quietly(acts.typing(id, { on: true }));
  };
  const use = (reply: CannedReply) => {
    write(filled(reply.text, { name: full.person.name ?? "", agent: session.user.name }));
    setClosed(true);
    box.current?.focus();
  };
  const go = () => {
    const words = text.trim();
    if (!words) return;
    send({ kind: mode === "note" ? "note" : "message", text: words });
    setText("");
    if (mode === "message") quietly(acts.typing(id, { on: false }));
    box.current?.focus();
  };
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const reply = options[place];
    if (options.length > 0 && reply) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        setPlace((place + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length);
      } else if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault();
        use(reply);
      } else if (event.key === "Escape") setClosed(true);
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      go();
    } else if (event.key === "Escape") box.current?.blur();
  };
  const attach = async (files: readonly File[]) => {
    for (const file of files) {
      setUploading(true);
      const body = new FormData();
      try {
        const closed = await sealed?.sealFile(file);
        if (closed) body.append("file", new File([closed.octets], "encrypted", { type: "application/octet-stream" }));
        else body.append("file", file, file.name);
        const { id: sent } = await got(fetchClient.POST("/v1/conversations/{id}/files", { ...about(id), body: "", bodySerializer: () => body }));
        send({ kind: "file", file: closed ? { id: sent, ...closed.key } : sent, text: file.name });
      } catch (error) {
        refused(error);
      }
      setUploading(false);
    }
  };
  const dropped = (event: DragEvent | ClipboardEvent, files: FileList | undefined) => {
    if (!files?.length) return;
    event.preventDefault();
    void attach([...files]);
  };
  const ended = full.state === "closed" && full.channel === "web_chat";
  const shut = mode === "message" && full.line != null && !full.line.open;
  return (
    <Box p="sm" style={{ borderTop: "1px solid var(--mantine-color-default-border)", position: "relative" }} onDragOver={(event) => event.preventDefault()} onDrop={(event) => dropped(event, event.dataTransfer.files)}>
      {options.length > 0 && <Canned id={list} options={options} place={place} use={use} />}
      <Group justify="space-between" mb={6} gap="xs">
        <SegmentedControl size="xs" aria-label={t("mode")} value={mode} onChange={(value) => focus(value === "note" ? "note" : "message")} data={[{ value: "message", label: t("mode.reply") }, { value: "note", label: t("mode.note") }]} />
        {mode === "note" && <Text size="xs" c="dimmed">{t("note.about")}</Text>}
        {shut && <Text size="xs" c="dimmed">{t("line.closed")}</Text>}
        {mode === "message" && ended && <Text size="xs" c="dimmed">{t("closed.about")}</Text>}
      </Group>
      {shut ? <WindowClosed full={full} send={send} /> : <Group gap={6} align="flex-end" wrap="nowrap">
        <More full={full} send={send} choices={!sealed} busy={uploading} attach={() => picker.current?.click()} />
        <input ref={picker} type="file" multiple hidden aria-hidden tabIndex={-1} onChange={(event) => { void attach([...(event.currentTarget.files ?? [])]); event.currentTarget.value = ""; }} />
        <Textarea ref={box} style={{ flex: 1 }} autosize minRows={1} maxRows={10} dir="auto" maxLength={16000} value={text} aria-label={t(mode === "note" ? "write.note" : "write.reply")} placeholder={t(mode === "note" ? "write.note" : "write.reply")}
          aria-haspopup="listbox" aria-controls={options.length > 0 ? list : undefined} aria-autocomplete="list" aria-activedescendant={options.length > 0 ? `${list}-${place}` : undefined}
          styles={mode === "note" ? { input: { background: "var(--barid-amber-tint)", color: "var(--barid-amber-on-tint)" } } : undefined}
          onChange={(event) => write(event.currentTarget.value)} onKeyDown={keys} onPaste={(event) => dropped(event, event.clipboardData.files)} />
        <Tooltip label={t("send.keys")}><Button onClick={go} disabled={!text.trim()} color={mode === "note" ? "amber" : "teal"} variant={mode === "note" ? "light" : "filled"} aria-label={t(mode === "note" ? "send.note" : "send")} px="sm"><DirIcon icon={Send} size={18} /></Button></Tooltip>
      </Group>}
      {mode === "message" && !shut && <LineBar full={full} text={text} />}
    </Box>
  );
}

function More({ full, send, choices, busy, attach }: { full: Full; send: Send_; choices: boolean; busy: boolean; attach: () => void }) {
  const { t } = useTranslation("app_inbox");
  const [asking, setAsking] = useState(false);
  const web = full.channel === "web_chat";
  return (
    <>
      <Menu position="top-start">
        <Menu.Target><ActionIcon variant="default" size={36} loading={busy} aria-label={t("attach.more")}><Plus aria-hidden size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {full.channel !== "sms" && <Menu.Item leftSection={<Paperclip aria-hidden size={16} />} onClick={attach}>{t("attach")}</Menu.Item>}
          {(web || full.line) && choices && <Menu.Item leftSection={<ListPlus aria-hidden size={16} />} onClick={() => setAsking(true)}>{t("choices")}</Menu.Item>}
          {web && !full.person.email && <Menu.Item leftSection={<MailQuestion aria-hidden size={16} />} onClick={() => send({ kind: "form", form: "ask_mail" })}>{t("ask_mail")}</Menu.Item>}
          {web && <Menu.Item leftSection={<Star aria-hidden size={16} />} onClick={() => send({ kind: "form", form: "post_chat" })}>{t("ask_post")}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {asking && <QuickReplies close={() => setAsking(false)} send={(text, labels) => send({ kind: "rich", text, quick_replies: labels.map((label) => ({ label, value: label })) })} />}
    </>
  );
}
