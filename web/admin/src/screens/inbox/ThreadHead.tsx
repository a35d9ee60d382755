import { ActionIcon, Badge, Box, Button, Group, Menu, Text, Title, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { AlarmClock, ArrowLeft, Check, Ellipsis, Eye, FileDown, RotateCcw, Tag, UserRound, UserRoundPlus } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, got } from "@/api/client";
import { Presence } from "@/app/Presence";
import { useMay, useSession } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/i18n/format";
import { download } from "@/ui/download";
import { refused, undoable } from "@/ui/notify";
import { DirIcon, When } from "@/ui/text";
import { act, acts, snoozeTimes } from "./actions";
import { AssignMenu } from "./AssignMenu";
import type { Full } from "./api";
import { TagsDialog } from "./TagsDialog";

/** Who the conversation is with, how it stands, and what can be done: assign, put off, close. */
export function ThreadHead({ full, back, showPerson }: { full: Full; back?: () => void; showPerson?: () => void }) {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const may = useMay();
  const writes = may("conversations:write");
  const { id, person, state, subject, waiting_since } = full;
  useEffect(() => { document.title = `${person.name || t("visitor")} · Barid`; }, [person.name, t]);
  return (
    <Group justify="space-between" p="xs" gap={6} style={{ borderBottom: "1px solid var(--mantine-color-default-border)" }}>
      <Group gap="xs" wrap="nowrap" style={{ minWidth: 0, flex: "1 1 14rem" }}>
        {back && <ActionIcon aria-label={t("app_shell:back")} onClick={back} size={44}><DirIcon icon={ArrowLeft} size={20} /></ActionIcon>}
        <Box style={{ minWidth: 0 }}>
          <Title order={back ? 1 : 2} size="h3" id="conversation" style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}><bdi>{person.name || person.address || t("visitor")}</bdi></Title>
          <Group gap={6} wrap="nowrap">
            <Text size="xs" c="dimmed" truncate>{t(`channel.${full.channel as "web_chat"}`, { defaultValue: full.channel })}{full.line && <> · <bdi dir="ltr">{full.line.address}</bdi> · {t("line.ours", { name: full.line.account_name })}</>}{subject && <> · <bdi>{subject}</bdi></>}{waiting_since && state === "open" && <> · {t("waits")} <When at={waiting_since} /></>}</Text>
            {state !== "open" && <Badge size="sm" color="gray">{t(`state.${state as "open"}`)}</Badge>}
          </Group>
        </Box>
      </Group>
      <Group gap={4} wrap="nowrap">
        <Box visibleFrom="sm"><Presence object={`conversation:${id}`} mode="viewing" /></Box>
        {writes && <Acts full={full} />}
        {showPerson && <Tooltip label={t("person")}><ActionIcon aria-label={t("person")} onClick={showPerson} size={36}><UserRound aria-hidden size={18} /></ActionIcon></Tooltip>}
      </Group>
    </Group>
  );
}

function Acts({ full }: { full: Full }) {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const { id, state, tags } = full;
  const [assigning, assign] = useDisclosure(false);
  const [snoozing, snooze] = useDisclosure(false);
  const [tagging, tag] = useDisclosure(false);
  const close = async () => {
    if (await act(acts.close(id))) undoable(t("closed.done"), () => void act(acts.reopen(id)));
  };
  const reopen = () => void act(acts.reopen(id));
  useShortcuts({ KeyE: () => (state === "closed" ? reopen() : void close()), KeyA: assign.open, KeyZ: snooze.open, KeyL: tag.open });
  return (
    <>
      <AssignMenu full={full} opened={assigning} change={(open) => (open ? assign.open() : assign.close())}>
        <Button title={t("assign.keys")} variant="default" size="compact-md" leftSection={<UserRoundPlus aria-hidden size={16} />} aria-label={t("assign.now", { who: full.assignee?.name ?? t("nobody") })}><Box component="span" visibleFrom="lg" maw={110} style={{ overflow: "hidden", textOverflow: "ellipsis" }}><bdi>{full.assignee?.name ?? t("nobody")}</bdi></Box></Button>
      </AssignMenu>
      {state !== "closed" && <SnoozeMenu id={id} opened={snoozing} change={(open) => (open ? snooze.open() : snooze.close())} />}
      <Box visibleFrom="sm"><Tooltip label={t("tags.keys")}><ActionIcon aria-label={t("tags.keys")} onClick={tag.open} size={36}><Tag aria-hidden size={18} /></ActionIcon></Tooltip></Box>
      {tagging && <TagsDialog id={id} tags={tags} close={tag.close} />}
      {state === "closed"
        ? <Button size="compact-md" variant="light" leftSection={<RotateCcw aria-hidden size={16} className="dir-icon" />} onClick={reopen}>{t("reopen")}</Button>
        : <Tooltip label={t("close.keys")}><Button size="compact-md" variant="light" leftSection={<Check aria-hidden size={16} />} onClick={() => void close()}>{t("close")}</Button></Tooltip>}
      <MoreMenu full={full} tag={tag.open} />
    </>
  );
}

function SnoozeMenu({ id, opened, change }: { id: string; opened: boolean; change: (open: boolean) => void }) {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const format = useFormat();
  const put = async (until: Date) => {
    if (await act(acts.snooze(id, { until: until.toISOString() }))) undoable(t("snoozed.done", { when: format.dateTime(until) }), () => void act(acts.reopen(id)));
  };
  return (
    <Menu opened={opened} onChange={change} position="bottom-end">
      <Menu.Target><Tooltip label={t("snooze.keys")}><ActionIcon aria-label={t("snooze.keys")} size={36}><AlarmClock aria-hidden size={18} /></ActionIcon></Tooltip></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("snooze")}</Menu.Label>
        {snoozeTimes(new Date()).map(({ code, until }) => <Menu.Item key={code} onClick={() => void put(until)}>{t(`snooze.${code}`)} <Text span size="xs" c="dimmed">{format.dateTime(until)}</Text></Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}

const FORMATS = ["text", "json", "csv"] as const;

function MoreMenu({ full, tag }: { full: Full; tag: () => void }) {
  const { t } = useTranslation(["app_inbox", "app_shell"]);
  const { user } = useSession();
  const { id, participants } = full;
  const watching = participants.some((one) => one.role === "supervisor" && one.id === user.id);
  const save = async (format: (typeof FORMATS)[number]) => {
    await got<Blob>(fetchClient.GET("/v1/conversations/{id}/transcript", { params: { path: { id }, query: { format } }, parseAs: "blob" })).then((data) => download(`${id}.${format === "text" ? "txt" : format}`, data), refused);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon aria-label={t("more")} size={36}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item hiddenFrom="sm" leftSection={<Tag aria-hidden size={16} />} onClick={tag}>{t("tags")}</Menu.Item>
        <Menu.Item leftSection={<Eye aria-hidden size={16} />} onClick={() => void act(acts.supervise(id, { on: !watching }))}>{t(watching ? "supervise.stop" : "supervise")}</Menu.Item>
        <Menu.Divider />
        {FORMATS.filter((format) => !full.encryption || format === "json").map((format) => <Menu.Item key={format} leftSection={<FileDown aria-hidden size={16} />} onClick={() => void save(format)}>{t(`transcript.${format}`)}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
