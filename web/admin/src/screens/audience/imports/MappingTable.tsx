import { Alert, Badge, Card, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Ltr } from "@/ui/text";
import { useWord } from "@/ui/words";
import type { FileColumn, Inspection } from "../shapes";
import { faults, TARGETS, type Mapping, type OwnField, type Target } from "./mapping";
import { useReason } from "./useReason";

const NEW = "new";

interface Props {
  inspection: Inspection;
  mapping: Mapping;
  own: readonly OwnField[];
  change: (mapping: Mapping) => void;
}

function codeOf(target: Target): string {
  switch (target.to) {
    case "field": return `field:${target.name}`;
    case "own": return `own:${target.key}`;
    default: return target.to;
  }
}

function targetOf(code: string, column: FileColumn): Target {
  const name = code.slice(code.indexOf(":") + 1);
  if (code === NEW) return { to: "new", label: column.name };
  if (code.startsWith("field:")) return { to: "field", name };
  return code.startsWith("own:") ? { to: "own", key: name } : { to: "drop" };
}

function ColumnRow({ column, target, own, change }: { column: FileColumn; target: Target; own: readonly OwnField[]; change: (target: Target) => void }) {
  const { t } = useTranslation("app_import");
  const word = useWord();
  const format = useFormat();
  const data = [
    { group: t("map.none"), items: [{ value: "drop", label: t("map.drop") }] },
    { group: t("map.fields"), items: TARGETS.map((name) => ({ value: `field:${name}`, label: word("field", name) })) },
    { group: t("map.own"), items: [...own.map(({ key, label }) => ({ value: `own:${key}`, label })), { value: NEW, label: t("map.new") }] },
  ];
  return (
    <Group align="flex-start" gap="md" py="sm" style={{ borderBlockEnd: "1px solid var(--mantine-color-default-border)" }}>
      <Stack gap={2} style={{ flex: "1 1 220px", minWidth: 0 }}>
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}><bdi>{column.name || t("map.unnamed", { n: format.number(column.index + 1) })}</bdi></Text>
        <Text size="xs" c="dimmed">{t("map.filled", { count: column.filled, n: format.number(column.filled) })}</Text>
        <Group gap={4}>{column.samples.map((sample, place) => <Badge key={place} color="gray" fw={400} maw="100%" miw={0}><bdi>{sample}</bdi></Badge>)}</Group>
      </Stack>
      <Stack gap={6} style={{ flex: "1 1 220px" }}>
        <Select aria-label={t("map.becomes", { name: column.name })} data={data} value={codeOf(target)} allowDeselect={false} searchable maxDropdownHeight={340} onChange={(code) => code && change(targetOf(code, column))} />
        {target.to === "new" && <TextInput dir="auto" aria-label={t("map.label")} placeholder={t("map.label")} maxLength={100} value={target.label} onChange={(event) => change({ to: "new", label: event.currentTarget.value })} />}
        {target.to === "drop" && <Text size="xs" c="dimmed">{t("map.why_drop")}</Text>}
      </Stack>
    </Group>
  );
}

/** What was found in the file before anything is read in: problems first, in words. */
function Found({ inspection }: { inspection: Inspection }) {
  const { t, i18n } = useTranslation("app_import");
  const format = useFormat();
  const reason = useReason();
  const delimiter = inspection.delimiter === "\t" ? t("found.tab") : inspection.delimiter;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Badge color="gray">{t("found.encoding")}: <Ltr>{inspection.encoding}</Ltr></Badge>
        <Badge color="gray">{t("found.delimiter")}: <Ltr>{delimiter}</Ltr></Badge>
        <Badge color="gray">{t("found.rows", { count: inspection.rows_seen, n: format.number(inspection.rows_seen) })}</Badge>
      </Group>
      {inspection.problems.map(({ code, detail }) => {
        const key = `problem.${code}`;
        return (
          <Alert key={code + detail} color="amber" title={i18n.exists(key, { ns: "app_import" }) ? t(key as "problem.header") : t("problem.other")}>
            <Text size="sm" dir="auto">{detail}</Text>
          </Alert>
        );
      })}
      {inspection.rejected > 0 && (
        <Alert color="amber" title={t("found.rejected", { count: inspection.rejected, n: format.number(inspection.rejected) })}>
          <Stack gap={2}>{inspection.rejects.slice(0, 5).map(({ line, reason: why, value }) => <Text key={line} size="sm">{t("found.line", { n: format.number(line) })}: {reason(why)} <bdi>{value}</bdi></Text>)}</Stack>
        </Alert>
      )}
    </Stack>
  );
}

/** Column by column: what it is called, what is in it, what becomes of it. */
export function MappingTable({ inspection, mapping, own, change }: Props) {
  const { t } = useTranslation("app_import");
  const word = useWord();
  const wrong = faults(mapping);
  const dropped = Object.values(mapping).filter(({ to }) => to === "drop").length;
  return (
    <Card component="section" aria-label={t("columns")}>
      <Stack gap="sm">
        <Title order={2}>{t("columns")}</Title>
        <Found inspection={inspection} />
        <Text size="sm" c="dimmed" maw={680}>{t("columns.about")}</Text>
        <div>{inspection.columns.map((column) => <ColumnRow key={column.index} column={column} own={own} target={mapping[column.index] ?? { to: "drop" }} change={(target) => change({ ...mapping, [column.index]: target })} />)}</div>
        {dropped > 0 && <Text size="sm" c="dimmed">{t("columns.dropped", { count: dropped })}</Text>}
        {wrong.map((fault) => (
          <Alert key={JSON.stringify(fault)} color="red" role="alert">
            {fault.code === "no_identifier" ? t("fault.no_identifier") : fault.code === "no_label" ? t("fault.no_label") : t("fault.twice", { name: word("field", fault.target) })}
          </Alert>
        ))}
      </Stack>
    </Card>
  );
}
