import { Alert, Badge, Box, Button, Group, List, Modal, Stack, Text, UnstyledButton } from "@mantine/core";
import { ChevronDown, History } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { summary, type Design } from "@/screens/content/document";
import { Thumbnail } from "@/screens/content/Thumbnail";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { When } from "@/ui/text";
import { differences, isSame, usePiece, usePieces, type Kept } from "./pieces";

interface StatesProps {
  about: string;
  design: Design;
  restore: (design: Design) => void;
  close: () => void;
}

/** Earlier states of the message: what is different since, and the way back. */
export function States({ about, design, restore, close }: StatesProps) {
  const { t } = useTranslation(["app_content", "app_shell"]);
  const states = usePieces("state", about);
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span">{t("states")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        <Text size="sm" c="dimmed">{t("states.about")}</Text>
        <Loaded query={states} lines={3}>
          {({ items }) => (items.length === 0 ? <Nothing icon={History} title={t("states.none")} text={t("states.none.text")} /> : (
            <Stack gap="xs">{items.map((state) => <State key={state.id} state={state} design={design} open={open === state.id} toggle={() => setOpen(open === state.id ? null : state.id)} restore={restore} />)}</Stack>
          ))}
        </Loaded>
      </Stack>
    </Modal>
  );
}

function State({ state, design, open, toggle, restore }: { state: Kept; design: Design; open: boolean; toggle: () => void; restore: (design: Design) => void }) {
  const { t } = useTranslation("app_content");
  const found = usePiece(state.id, open);
  return (
    <Box p="xs" style={{ border: "1px solid var(--mantine-color-default-border)", borderRadius: 8 }}>
      <UnstyledButton w="100%" aria-expanded={open} onClick={toggle}>
        <Group justify="space-between"><Text size="sm" fw={600}><When at={state.created_at} /></Text><ChevronDown aria-hidden size={16} style={{ transform: open ? "rotate(180deg)" : undefined }} /></Group>
      </UnstyledButton>
      {open && found.data && (
        <Group align="flex-start" mt="xs">
          <Box w={180} style={{ flexShrink: 0 }}><Thumbnail content={{ subject: "", design: found.data }} language={found.data.lang} height={240} /></Box>
          <Stack gap="xs" style={{ flex: "1 1 240px", minWidth: 0 }}>
            <Changes before={found.data} after={design} />
            <Group><Button size="xs" onClick={() => restore(found.data)}>{t("states.restore")}</Button></Group>
          </Stack>
        </Group>
      )}
    </Box>
  );
}

const SHOWN = 6;
const WORDS = 60;

/** What became of the message since, in words. */
function Changes({ before, after }: { before: Design; after: Design }) {
  const { t } = useTranslation("app_content");
  const found = differences(before, after);
  if (isSame(found)) return <Alert color="gray">{t("states.same")}</Alert>;
  const blocks = [...before.rows, ...after.rows].flatMap(({ cols }) => cols.flat());
  const name = (id: string, was = "") => {
    const block = blocks.findLast((one) => one.id === id);
    return block ? <><bdi>{t(`block.${block.type}`)}</bdi>{summary(block) && <Text span size="xs" c="dimmed"> <bdi>{summary(block).slice(0, WORDS)}</bdi></Text>}{was && <Text size="xs" c="dimmed"><bdi>{t("states.was", { words: was })}</bdi></Text>}</> : id;
  };
  // Of words that were rewritten, those of then stand below those of now.
  const wordsOfThen = (id: string) => {
    const [was, is] = [before, after].map(({ rows }) => rows.flatMap(({ cols }) => cols.flat()).find((one) => one.id === id));
    const words = was ? summary(was) : "";
    return is && words !== summary(is) ? words.slice(0, WORDS) : "";
  };
  const group = (label: string, ids: readonly string[]) => ids.length > 0 && (
    <div>
      <Badge size="sm" color="gray">{label}</Badge>
      <List size="sm">{ids.slice(0, SHOWN).map((id) => <List.Item key={id}>{name(id, found.changed.includes(id) ? wordsOfThen(id) : "")}</List.Item>)}{ids.length > SHOWN && <List.Item>…</List.Item>}</List>
    </div>
  );
  return (
    <Stack gap={6}>
      <Text size="xs" c="dimmed">{t("states.since")}</Text>
      {group(t("states.added"), found.added)}
      {group(t("states.removed"), found.removed)}
      {group(t("states.changed"), found.changed)}
      {group(t("states.moved"), found.moved.filter((id) => !found.changed.includes(id)))}
      {found.theme && <Text size="sm">{t("states.theme")}</Text>}
    </Stack>
  );
}
