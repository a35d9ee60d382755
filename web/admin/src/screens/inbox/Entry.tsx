import { ActionIcon, Anchor, Badge, Box, Button, Group, Menu, Text } from "@mantine/core";
import { Bot, CircleAlert, Clock, Ellipsis, EyeOff, FileText, LockKeyhole, Trash2 } from "lucide-react";
import type { FileKey } from "@sealed/message";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, got } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { download } from "@/ui/download";
import { confirm } from "@/ui/confirm";
import { refused } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { paramsOf, readFile, type Full, type Happening, type SentFile } from "./api";
import { Delivered } from "./Delivered";
import type { Sending } from "./events";
import type { Read, SealedChat } from "./sealed/useSealed";

type OpenFile = SealedChat["openFile"];

const ADDRESS = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}»”])/;

/** Words as they were written; addresses lead there, and never with the reader's own address behind them. */
export function Words({ text }: { text: string }) {
  return <>{text.split(ADDRESS).map((part, at) => <Fragment key={at}>{at % 2 ? <Anchor href={part} target="_blank" rel="noopener noreferrer nofollow" dir="ltr" inherit c="inherit" underline="always">{part}</Anchor> : part}</Fragment>)}</>;
}

type Side = "them" | "we" | "note";
const GROUND: Record<Side, [string, string]> = {
  them: ["var(--barid-gray-tint)", "var(--barid-gray-on-tint)"],
  we: ["var(--barid-teal-tint)", "var(--barid-teal-on-tint)"],
  note: ["var(--barid-amber-tint)", "var(--barid-amber-on-tint)"],
};

function Bubble({ side, children, below }: { side: Side; children: ReactNode; below?: ReactNode }) {
  const [ground, ink] = GROUND[side];
  return (
    <Box style={{ display: "flex", flexDirection: "column", alignItems: side === "them" ? "flex-start" : "flex-end" }}>
      <Box px="sm" py={8} dir="auto" style={{ background: ground, color: ink, borderRadius: 14, maxWidth: "85%", whiteSpace: "pre-wrap", overflowWrap: "anywhere", unicodeBidi: "plaintext", textAlign: "start", fontSize: "var(--mantine-font-size-md)" }}>{children}</Box>
      {below}
    </Box>
  );
}

/** One event: what a visitor said, what we said, what only we may read, or what happened. */
export function Entry({ one, full, named, seen, openFile }: { one: Read; full: Full; named: boolean; seen: boolean; openFile: OpenFile }) {
  const { t, i18n } = useTranslation("app_inbox");
  const format = useFormat();
  if (one.kind === "system") {
    const key = `system.${one.code ?? ""}`;
    const words = i18n.exists(key, { ns: "app_inbox" }) ? t(key as "system.queued", { name: "–", score: "", group: "", ...paramsOf(one) }) : one.code;
    return <Text size="xs" c="dimmed" ta="center" my={4}><bdi>{words}</bdi> · {format.time(one.at)}</Text>;
  }
  const side: Side = one.visibility === "agents" ? "note" : one.author.kind === "visitor" ? "them" : "we";
  const name = one.author.name || (one.author.kind === "bot" ? t("bot") : side === "them" ? full.person.name || t("visitor") : t("agent"));
  return (
    <Box mt={named ? 8 : 0}>
      {named && (
        <Group gap={6} mb={2} justify={side === "them" ? "flex-start" : "flex-end"}>
          {side === "note" && <Badge size="sm" color="amber" leftSection={<EyeOff aria-hidden size={11} />}>{t("note")}</Badge>}
          {one.author.kind === "bot" && <Bot aria-hidden size={13} />}
          <Text size="xs" c="dimmed"><bdi>{name}</bdi> · {format.time(one.at)}</Text>
          {!one.deleted && <EntryMenu one={one} full={full} />}
        </Group>
      )}
      <Bubble side={side} below={one.delivery ? <Delivered delivery={one.delivery} /> : seen && <Text size="xs" c="dimmed">{t("seen")}</Text>}><Inside one={one} id={full.id} openFile={openFile} /></Bubble>
    </Box>
  );
}

function Inside({ one, id, openFile }: { one: Read; id: string; openFile: OpenFile }) {
  const { t } = useTranslation("app_inbox");
  if (one.deleted) return <Text component="em" size="sm" inherit>{t("deleted")}</Text>;
  if (one.kind === "form") return <>{t("form.asked", { form: t(`form.${(one.form?.kind ?? "ask_mail") as "ask_mail"}`) })}</>;
  if (one.kind === "filled_form") {
    return <>{one.form?.fields.map(({ key, label, value }) => <div key={key}><Text component="span" size="xs" inherit fw={600}>{label}</Text>: <bdi>{value}</bdi></div>)}</>;
  }
  if (one.kind === "encrypted" && one.text === null && !one.fileKey) return <Group gap={6} wrap="nowrap"><LockKeyhole aria-hidden size={14} /><Text component="em" size="sm" inherit>{t(one.locked === "wrong" ? "sealed.wrong" : one.locked ? "sealed.locked" : "sealed.opening")}</Text></Group>;
  return (
    <>
      {one.file && <FileLink file={one.file} id={id} open={one.fileKey && (async (data) => new Blob([await openFile(one.fileKey as FileKey, new Uint8Array(await data.arrayBuffer()))]))} />}
      {one.text && <Words text={one.text} />}
      {one.quick_replies && <Group gap={6} mt={6}>{one.quick_replies.map(({ label, value }) => <Badge key={value} variant="outline" color="gray" style={{ color: "inherit" }}><bdi>{label}</bdi></Badge>)}</Group>}
    </>
  );
}

function FileLink({ file, id, open = async (data) => data }: { file: SentFile; id: string; open?: (data: Blob) => Promise<Blob> }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const fetchIt = async () => {
    await readFile(id, file.id).then(open).then((data) => download(file.name, data)).catch(refused);
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <FileText aria-hidden size={18} style={{ flexShrink: 0 }} />
      {file.state === "clean" ? <Anchor component="button" type="button" onClick={() => void fetchIt()} c="inherit" underline="always" inherit><bdi>{file.name}</bdi></Anchor> : <bdi>{file.name}</bdi>}
      <Text size="xs" inherit>{format.bytes(file.size)}</Text>
      {file.state !== "clean" && <Status tone={file.state === "refused" ? "bad" : "waiting"}>{t(`file.${file.state as "checking"}`)}</Status>}
    </Group>
  );
}

function EntryMenu({ one, full }: { one: Happening; full: Full }) {
  const { t } = useTranslation("app_inbox");
  const may = useMay();
  if (!may("conversations:write")) return null;
  const destroy = () => confirm({
    title: t("destroy"), text: t("destroy.text"), button: t("destroy"), destroys: true,
    act: () => got(fetchClient.DELETE("/v1/conversations/{id}/events/{seq}", { params: { path: { id: full.id, seq: one.seq } } })),
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon size="sm" aria-label={t("entry.more")}><Ellipsis aria-hidden size={14} /></ActionIcon></Menu.Target>
      <Menu.Dropdown><Menu.Item color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={destroy}>{t("destroy")}</Menu.Item></Menu.Dropdown>
    </Menu>
  );
}

/** What has not reached the server yet; one that was refused can be sent again or taken back. */
export function Unsent({ one, retry, discard }: { one: Sending; retry: () => void; discard: () => void }) {
  const { t } = useTranslation("app_inbox");
  return (
    <Bubble side={one.kind === "note" ? "note" : "we"} below={
      <Group gap={4} role={one.failed ? "alert" : "status"}>
        {one.failed ? <><CircleAlert aria-hidden size={13} color="var(--mantine-color-error)" /><Text size="xs" c="var(--mantine-color-error)">{t("unsent")}</Text><Button size="compact-xs" variant="subtle" onClick={retry}>{t("retry")}</Button><Button size="compact-xs" variant="subtle" color="gray" onClick={discard}>{t("discard")}</Button></>
          : <><Clock aria-hidden size={13} /><Text size="xs" c="dimmed">{t("sending")}</Text></>}
      </Group>}>
      {one.text ?? t("preview.file")}
    </Bubble>
  );
}
