import { ActionIcon, Box, Button, Group as Line, Select, Stack, Text, Tooltip } from "@mantine/core";
import { FolderPlus, Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DEEPEST, fieldRule, group, replace, tagRule, type Group, type Node } from "./model";
import { Row, type Put } from "./Row";
import type { Names } from "./vocabulary";

interface Props {
  root: Group;
  names: Names;
  change: (root: Group) => void;
}

const asked = (node: Group) => `${node.negated ? "!" : ""}${node.all ? "and" : "or"}`;

function Head({ node, top, put, swap }: { node: Group; top: boolean; put: Put; swap: (part: Partial<Group>) => void }) {
  const { t } = useTranslation("app_segments");
  const choices = (top ? ["and", "or"] : ["and", "or", "!and", "!or"]).map((value) => ({ value, label: t(`group.${value.replace("!", "not_")}` as "group.and") }));
  return (
    <Line gap="xs">
      <Text size="sm">{top ? t("group.people") : t("group.where")}</Text>
      <Select aria-label={t("group.label")} data={choices} value={asked(node)} allowDeselect={false} w={230} onChange={(value) => value && swap({ negated: value.startsWith("!"), all: value.endsWith("and") })} />
      {!top && <Tooltip label={t("group.remove")}><ActionIcon aria-label={t("group.remove")} onClick={() => put(node.id, () => null)}><Trash2 aria-hidden size={16} /></ActionIcon></Tooltip>}
    </Line>
  );
}

interface GroupProps {
  node: Group;
  names: Names;
  depth: number;
  put: Put;
  swap: (part: Partial<Group>) => void;
}

function GroupBox({ node, names, depth, put, swap }: GroupProps) {
  const { t } = useTranslation("app_segments");
  const add = (part: Node) => swap({ parts: [...node.parts, part] });
  const after = (place: number) => (part: Node) => swap({ parts: [...node.parts.slice(0, place + 1), part, ...node.parts.slice(place + 1)] });
  return (
    <Box component="fieldset" m={0} p={depth === 0 ? 0 : "sm"} style={depth === 0 ? { border: 0, minWidth: 0 } : { border: "1px solid var(--mantine-color-default-border)", borderInlineStart: `3px solid var(--barid-${depth % 2 ? "teal" : "amber"}-text)`, borderRadius: 8, minWidth: 0 }}>
      <Stack gap="sm">
        <Head node={node} top={depth === 0} put={put} swap={swap} />
        {node.parts.map((part, place) => (
          <Stack key={part.id} gap={6}>
            {place > 0 && <Text size="xs" fw={600} c="dimmed" ps={4}>{t(node.all ? "join.and_word" : "join.or_word")}</Text>}
            {part.kind === "group"
              ? <GroupBox node={part} names={names} depth={depth + 1} put={put} swap={(change) => put(part.id, (old) => ({ ...(old as Group), ...change }))} />
              : <Row rule={part} names={names} put={put} after={after(place)} />}
          </Stack>
        ))}
        {node.parts.length === 0 && depth > 0 && <Text size="sm" c="dimmed">{t("group.empty")}</Text>}
        <Line gap="xs">
          <Button size="compact-sm" variant="default" leftSection={<Plus aria-hidden size={14} />} onClick={() => add(names.tags.length > 0 ? tagRule() : fieldRule("country", "is"))}>{t("add_row")}</Button>
          {depth < DEEPEST && <Button size="compact-sm" variant="subtle" leftSection={<FolderPlus aria-hidden size={14} />} onClick={() => add(group(!node.all, [names.tags.length > 0 ? tagRule() : fieldRule("country", "is")]))}>{t("add_group")}</Button>}
        </Line>
      </Stack>
    </Box>
  );
}

/** Conditions as sentences: groups of which all or any must hold, and rows in them. */
export function Builder({ root, names, change }: Props) {
  const put: Put = (id, act) => change(replace(root, id, act));
  return <GroupBox node={root} names={names} depth={0} put={put} swap={(part) => change({ ...root, ...part })} />;
}
