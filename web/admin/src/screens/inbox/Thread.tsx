import { Box, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { useEffect, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { Waiting } from "@/ui/Waiting";
import { conversation, type Full, type Happening } from "./api";
import { acts, quietly } from "./actions";
import { Composer } from "./Composer";
import { Entry, Unsent } from "./Entry";
import { continues } from "./events";
import { ThreadHead } from "./ThreadHead";
import { SealedNotice } from "./sealed/SealedNotice";
import { useSealed, type SealedChat } from "./sealed/useSealed";
import { useOutbox, useThread, useWriting } from "./thread";

interface ThreadProps {
  id: string;
  /** Back to the list, where there is room for one thing only. */
  back?: () => void;
  /** Opens what is known about the person, where it is not beside. */
  showPerson?: () => void;
}

/** One conversation: who, what was said, and where to answer. */
export function Thread({ id, back, showPerson }: ThreadProps) {
  const query = useQuery(conversation(id));
  if (!query.data) return <Box p="md" style={{ flex: 1 }}>{query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : <Waiting lines={8} />}</Box>;
  return (
    <Box component="section" aria-labelledby="conversation" style={{ display: "flex", flexDirection: "column", minHeight: 0, minWidth: 0, flex: 1 }}>
      <ThreadHead full={query.data} back={back} showPerson={showPerson} />
      <Talk full={query.data} />
    </Box>
  );
}

function Talk({ full }: { full: Full }) {
  const { id } = full;
  const writes = useMay()("conversations:write");
  const thread = useThread(id);
  const sealed = useSealed(full);
  const outbox = useOutbox(id, thread.items, thread.add, sealed.on ? sealed.seal : undefined);
  const { collect } = sealed;
  useEffect(() => collect(thread.items), [collect, thread.items]);
  const last = thread.items.at(-1)?.seq ?? 0;
  const seen = useRef(full.seen_seq);
  // Seen is what stands on a screen somebody looks at.
  useEffect(() => {
    const mark = () => {
      if (document.hidden || last <= seen.current) return;
      seen.current = last;
      quietly(acts.seen(id, { seq: last }));
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [id, last]);
  return (
    <>
      {sealed.on && <SealedNotice sealed={sealed} />}
      <Log full={full} thread={thread} outbox={outbox} sealed={sealed} />
      {writes && (!sealed.on || sealed.ready) && <Composer full={full} send={outbox.send} sealed={sealed.on ? sealed : undefined} />}
    </>
  );
}

type Parts = { full: Full; thread: ReturnType<typeof useThread>; outbox: ReturnType<typeof useOutbox>; sealed: SealedChat };

function Log({ full, thread, outbox, sealed }: Parts) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const { query, earlier, readEarlier } = thread;
  const items = sealed.read(thread.items);
  const box = useRef<HTMLDivElement>(null);
  const low = useRef(true);
  const first = useRef<number | undefined>(undefined);
  const height = useRef(0);
  // New words pull the view down only when it was down; older ones leave it where it was.
  useLayoutEffect(() => {
    const here = box.current;
    if (!here) return;
    if (low.current) here.scrollTop = here.scrollHeight;
    else if (first.current !== items[0]?.seq) here.scrollTop += here.scrollHeight - height.current;
    first.current = items[0]?.seq;
    height.current = here.scrollHeight;
  }, [thread.items, outbox.waiting.length]);
  if (query.error && items.length === 0) return <Box p="md" style={{ flex: 1 }}><Failed error={query.error} again={() => void query.refetch()} /></Box>;
  if (query.isPending) return <Box p="md" style={{ flex: 1 }}><Waiting lines={8} /></Box>;
  return (
    <Box ref={box} role="log" aria-label={t("log")} tabIndex={0} p="md" style={{ flex: 1, overflowY: "auto", minHeight: 0 }}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => { low.current = scrollHeight - scrollTop - clientHeight < 60; }}>
      {earlier !== "all" && <Group justify="center" mb="sm"><Button variant="subtle" size="compact-sm" loading={earlier === "reading"} onClick={() => void readEarlier()}>{t("earlier")}</Button></Group>}
      <Stack gap={4}>
        {items.map((one, at) => {
          const before = items[at - 1];
          const day = format.date(one.at);
          return (
            <Box key={one.seq}>
              {(!before || format.date(before.at) !== day) && <Text size="xs" c="dimmed" ta="center" my="xs">{day}</Text>}
              <Entry one={one} full={full} openFile={sealed.openFile} named={!continues(before, one)} seen={isLastSeen(items, one, full.seen.visitor)} />
            </Box>
          );
        })}
        {outbox.waiting.map((one) => <Unsent key={one.client_id} one={one} retry={() => outbox.retry(one.client_id)} discard={() => outbox.discard(one.client_id)} />)}
      </Stack>
      <Writing id={full.id} name={full.person.name ?? ""} />
    </Box>
  );
}

/** Whether this is the last of our messages that the visitor has seen. */
function isLastSeen(items: readonly Happening[], one: Happening, seen: number): boolean {
  if (one.author.kind === "visitor" || one.visibility === "agents" || one.kind === "system" || one.seq > seen) return false;
  return !items.some((other) => other.seq > one.seq && other.seq <= seen && other.author.kind !== "visitor" && other.visibility === "all" && other.kind !== "system");
}

function Writing({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation("app_inbox");
  const writing = useWriting(id);
  return (
    <Box mih={24} mt={6} aria-live="off">
      {writing && !writing.text && <Text size="sm" c="dimmed"><bdi>{t("writing", { name: writing.name || name || t("visitor") })}</bdi></Text>}
      {writing?.text && (
        <Box p="xs" maw="85%" style={{ border: "1px dashed var(--mantine-color-default-border)", borderRadius: 12 }}>
          <Group gap={4}><Eye aria-hidden size={13} /><Text size="xs" c="dimmed">{t("peek")}</Text></Group>
          <Text size="sm" dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", unicodeBidi: "plaintext" }}>{writing.text}</Text>
        </Box>
      )}
    </Box>
  );
}
