import { ActionIcon, Alert, Box, Button, Code, Group, Menu, Select, Tooltip } from "@mantine/core";
import { Copy, EllipsisVertical, FolderInput, Trash2, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useWord } from "@/ui/words";
import { EventParts } from "./EventParts";
import { copy, group, isComplete, TAKES, type FieldRule, type Node, type OpaqueRule, type Rule, type TagRule, type TopicRule } from "./model";
import { Value } from "./Value";
import { ruleAbout, subjectOf, withOperator, type Names } from "./vocabulary";

/** Changes the place of a node: to another node, to nothing, or to itself and a copy. */
export type Put = (id: number, change: (node: Node) => Node | null) => void;

interface Parts<Kind> {
  rule: Kind;
  names: Names;
  change: (rule: Rule) => void;
}

function Subject({ rule, names, change }: Parts<Rule>) {
  const { t } = useTranslation("app_segments");
  const word = useWord();
  const value = subjectOf(rule);
  const own = names.fields.filter(({ name }) => name.startsWith("attributes."));
  const options = (fields: typeof own) => fields.map(({ name, label }) => ({ value: `field:${name}`, label }));
  const data = [
    { group: t("subject.belongs"), items: [{ value: "tag", label: t("subject.tag") }, { value: "topic", label: t("subject.topic") }] },
    { group: t("subject.happened"), items: names.events.map((event) => ({ value: `event:${event}`, label: word("event", event) })) },
    { group: t("subject.details"), items: options(names.fields.filter(({ name }) => !name.startsWith("attributes."))) },
    ...(own.length > 0 ? [{ group: t("subject.own"), items: options(own) }] : []),
  ];
  const known = data.some(({ items }) => items.some((item) => item.value === value));
  const all = known ? data : [...data, { group: t("subject.gone"), items: [{ value, label: value.slice(value.indexOf(":") + 1) }] }];
  return <Select aria-label={t("subject")} data={all} value={value} searchable allowDeselect={false} w={160} maxDropdownHeight={340} onChange={(next) => next && next !== value && change({ ...ruleAbout(next, names), id: rule.id })} />;
}

function FieldParts({ rule, names, change }: Parts<FieldRule>) {
  const { t } = useTranslation("app_segments");
  const known = names.field(rule.field);
  const operators = known && known.operators.length > 0 ? known.operators : Object.keys(TAKES);
  const codes = operators.includes(rule.op) ? operators : [rule.op, ...operators];
  const data = codes.filter((code) => code in TAKES).map((code) => ({ value: code, label: t(`op.${code}` as "op.is") }));
  return (
    <>
      <Select aria-label={t("operator")} data={data} value={rule.op} allowDeselect={false} w={170} maxDropdownHeight={340} onChange={(op) => op && change(withOperator(rule, op, (code) => TAKES[code] ?? "one"))} />
      <Value key={`${rule.field} ${rule.op}`} rule={rule} known={known} change={(value) => change({ ...rule, value })} />
    </>
  );
}

const named = (items: Names["tags"], held: string) => {
  const data = items.map(({ id, name }) => ({ value: id, label: name }));
  const byName = items.find(({ name }) => name === held);
  return { value: byName?.id ?? (held || null), data: held && !byName && !items.some(({ id }) => id === held) ? [...data, { value: held, label: held }] : data };
};

function TagParts({ rule, names, change }: Parts<TagRule>) {
  const { t } = useTranslation("app_segments");
  const has = [{ value: "has", label: t("tag.has") }, { value: "not", label: t("tag.has_not") }];
  return (
    <>
      <Select aria-label={t("operator")} data={has} value={rule.negated ? "not" : "has"} allowDeselect={false} w={150} onChange={(value) => change({ ...rule, negated: value === "not" })} />
      <Select aria-label={t("subject.tag")} searchable {...named(names.tags, rule.tag)} placeholder={t("tag.choose")} w={190} onChange={(tag) => change({ ...rule, tag: tag ?? "" })} />
    </>
  );
}

function TopicParts({ rule, names, change }: Parts<TopicRule>) {
  const { t } = useTranslation("app_segments");
  const states = names.states.flatMap((state) => [
    { value: state, label: t(`topic.${state}` as "topic.subscribed") },
    { value: `!${state}`, label: t(`topic.not_${state}` as "topic.not_subscribed") },
  ]);
  const put = (value: string) => change({ ...rule, negated: value.startsWith("!"), state: value.replace("!", "") });
  return (
    <>
      <Select aria-label={t("operator")} data={states} value={`${rule.negated ? "!" : ""}${rule.state || "subscribed"}`} allowDeselect={false} w={190} onChange={(value) => value && put(value)} />
      <Select aria-label={t("subject.topic")} searchable {...named(names.topics, rule.topic)} placeholder={t("topic.choose")} w={190} onChange={(topic) => change({ ...rule, topic: topic ?? "" })} />
    </>
  );
}

function Opaque({ rule }: { rule: OpaqueRule }) {
  const { t } = useTranslation("app_segments");
  return (
    <Alert color="amber" icon={<TriangleAlert aria-hidden size={16} />} title={t("opaque")} py="xs" style={{ flex: 1 }}>
      <Code dir="ltr" block>{JSON.stringify(rule.condition)}</Code>
    </Alert>
  );
}

/** One condition: what it speaks of, how it compares, with what. */
export function Row({ rule, names, put, after }: { rule: Rule; names: Names; put: Put; after: (node: Node) => void }) {
  const { t } = useTranslation(["app_segments", "app_shell"]);
  const change = (next: Rule) => put(rule.id, () => next);
  const turnable = rule.kind === "field" || rule.kind === "event" || rule.kind === "opaque";
  return (
    <Group gap="xs" align="center" wrap="nowrap">
      <Group gap="xs" style={{ flex: 1, minWidth: 0 }}>
        {turnable && rule.negated && (
          <Tooltip label={t("negated.undo")}><Button size="compact-sm" variant="light" color="amber" onClick={() => change({ ...rule, negated: false })}>{t("negated")}</Button></Tooltip>
        )}
        {rule.kind !== "opaque" && <Subject rule={rule} names={names} change={change} />}
        {rule.kind === "field" && <FieldParts rule={rule} names={names} change={change} />}
        {rule.kind === "tag" && <TagParts rule={rule} names={names} change={change} />}
        {rule.kind === "topic" && <TopicParts rule={rule} names={names} change={change} />}
        {rule.kind === "event" && <EventParts rule={rule} names={names} change={change} />}
        {rule.kind === "opaque" && <Opaque rule={rule} />}
        {!isComplete(rule) && <Box c="dimmed" fz="xs">{t("incomplete")}</Box>}
      </Group>
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon aria-label={t("app_shell:more")}><EllipsisVertical aria-hidden size={16} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {turnable && <Menu.Item onClick={() => change({ ...rule, negated: !rule.negated })}>{t(rule.negated ? "negated.undo" : "negated.do")}</Menu.Item>}
          <Menu.Item leftSection={<Copy aria-hidden size={14} />} onClick={() => after(copy(rule))}>{t("duplicate_row")}</Menu.Item>
          <Menu.Item leftSection={<FolderInput aria-hidden size={14} className="dir-icon" />} onClick={() => put(rule.id, (node) => group(false, [node]))}>{t("into_group")}</Menu.Item>
          <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={() => put(rule.id, () => null)}>{t("remove_row")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
