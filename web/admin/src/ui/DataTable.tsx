import { Box, Card, Checkbox, Group, ScrollArea, Stack, Table, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/shortcuts";

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end of their column. */
  numeric?: boolean;
  /** The name that the server sorts by; without it the column cannot be sorted. */
  sort?: string;
  width?: number | string;
  /** Left out of the cards that a phone shows. */
  wideOnly?: boolean;
}

interface DataTableProps<Row> {
  /** What the table lists, for those who do not see it. */
  label: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Opens a row: Enter or a click. The first column should hold a real link as well. */
  open?: (row: Row) => void;
  /** `name` or `-name`. */
  sort?: string;
  onSort?: (sort: string) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (keys: Set<string>) => void;
  empty?: ReactNode;
  /** Below the rows: paging, totals. */
  footer?: ReactNode;
  height?: number | string;
}

/** A list: a table with sorting and selection on a desk, cards on a phone. `j` and `k` move, `x` selects, Enter opens. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowKey, open, selected, onSelect, empty, footer } = props;
  const phone = useMediaQuery("(max-width: 48em)");
  const [at, setAt] = useState(-1);
  const move = (step: number) => setAt((now) => Math.max(0, Math.min(rows.length - 1, now + step)));
  const toggle = (key: string) => {
    if (!onSelect || !selected) return;
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect(next);
  };
  const here = rows[at];
  useShortcuts({
    KeyJ: () => move(1),
    KeyK: () => move(-1),
    KeyX: () => here && toggle(rowKey(here)),
    Enter: (event) => (event.target === document.body && here && open ? open(here) : undefined),
  });
  if (rows.length === 0 && empty) return empty;
  const parts = { ...props, at, toggle };
  return (
    <Stack gap="sm">
      {phone ? <Cards {...parts} /> : <Grid {...parts} />}
      {footer}
    </Stack>
  );
}

type Parts<Row> = DataTableProps<Row> & { at: number; toggle: (key: string) => void };

function Grid<Row>({ label, columns, rows, rowKey, open, sort, onSort, selected, onSelect, at, toggle, height }: Parts<Row>) {
  const { t } = useTranslation();
  const all = rows.length > 0 && rows.every((row) => selected?.has(rowKey(row)));
  const some = !all && rows.some((row) => selected?.has(rowKey(row)));
  const acts = useLatest<Acts<Row>>({ open: (row) => open?.(row), toggle: (row) => toggle(rowKey(row)) });
  return (
    <Card padding={0}>
      <ScrollArea.Autosize mah={height} type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
        <Table stickyHeader={height !== undefined} highlightOnHover={open !== undefined}>
          <Table.Caption style={{ position: "absolute", clipPath: "inset(50%)", height: 1, overflow: "hidden" }}>{label}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              {onSelect && (
                <Table.Th w={44}>
                  <Checkbox aria-label={t("table.select_all")} checked={all} indeterminate={some}
                    onChange={() => onSelect(all ? new Set() : new Set(rows.map(rowKey)))} />
                </Table.Th>
              )}
              {columns.map((column) => <Heading key={column.key} column={column} sort={sort} onSort={onSort} />)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, place) => (
              <Line key={rowKey(row)} row={row} columns={columns} here={place === at} opens={open !== undefined}
                chosen={onSelect && (selected?.has(rowKey(row)) ?? false)} acts={acts} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </Card>
  );
}

interface Acts<Row> {
  open: (row: Row) => void;
  toggle: (row: Row) => void;
}

/** The same two functions for as long as the table stands; each calls what was given last. */
function useLatest<All extends Acts<never>>(acts: All): All {
  const latest = useRef(acts);
  useEffect(() => { latest.current = acts; });
  return useMemo(() => ({
    open: (row: never) => latest.current.open(row),
    toggle: (row: never) => latest.current.toggle(row),
  }) as All, []);
}

interface LineProps<Row> {
  row: Row;
  columns: ReadonlyArray<Column<Row>>;
  here: boolean;
  opens: boolean;
  /** Undefined where nothing can be selected. */
  chosen?: boolean;
  acts: Acts<Row>;
}

/** Rows that did not change are not drawn again, as long as the table is given the same array of columns. */
const Line = memo(function Line<Row>({ row, columns, here, opens, chosen, acts }: LineProps<Row>) {
  const { t } = useTranslation();
  const click = (event: MouseEvent) => {
    if (opens && !(event.target as HTMLElement).closest("a,button,input,label")) acts.open(row);
  };
  return (
    <Table.Tr data-here={here || undefined} aria-selected={chosen} onClick={click}
      style={{ cursor: opens ? "pointer" : undefined, outline: here ? "2px solid var(--mantine-primary-color-filled)" : undefined, outlineOffset: -2 }}>
      {chosen !== undefined && <Table.Td><Checkbox aria-label={t("table.select_row")} checked={chosen} onChange={() => acts.toggle(row)} /></Table.Td>}
      {columns.map((column) => <Table.Td key={column.key} ta={column.numeric ? "end" : undefined}>{column.cell(row)}</Table.Td>)}
    </Table.Tr>
  );
}) as <Row>(props: LineProps<Row>) => ReactNode;

function Heading<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: string; onSort?: (sort: string) => void }) {
  const down = sort === `-${column.sort}`;
  const up = sort === column.sort;
  const Icon = down ? ArrowDown : up ? ArrowUp : ChevronsUpDown;
  const order = down ? "descending" : up ? "ascending" : undefined;
  const plain = !column.sort || !onSort;
  return (
    <Table.Th w={column.width} ta={column.numeric ? "end" : undefined} aria-sort={order} style={{ whiteSpace: "nowrap" }}>
      {plain ? (column.title || <VisuallyHidden>{column.key}</VisuallyHidden>) : (
        <UnstyledButton fz="sm" fw={600} onClick={() => onSort(up ? `-${column.sort}` : String(column.sort))}>
          <Group gap={4} wrap="nowrap" justify={column.numeric ? "flex-end" : undefined}>{column.title}<Icon aria-hidden size={14} /></Group>
        </UnstyledButton>
      )}
    </Table.Th>
  );
}

function Cards<Row>({ label, columns, rows, rowKey, open, selected, onSelect, toggle }: Parts<Row>) {
  const { t } = useTranslation();
  const [first, ...rest] = columns;
  const act = (row: Row) => (event: KeyboardEvent | React.MouseEvent) => {
    if (open && !(event.target as HTMLElement).closest("a,button,input,label")) open(row);
  };
  return (
    <Stack gap="xs" role="list" aria-label={label}>
      {rows.map((row) => (
        <Card key={rowKey(row)} role="listitem" padding="sm" onClick={act(row)}>
          <Group wrap="nowrap" align="flex-start" gap="sm">
            {onSelect && <Checkbox mt={2} aria-label={t("table.select_row")} checked={selected?.has(rowKey(row)) ?? false} onChange={() => toggle(rowKey(row))} />}
            <Box style={{ flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>
              {first?.cell(row)}
              {rest.filter((column) => !column.wideOnly).map((column) => (
                <Group key={column.key} justify="space-between" gap="xs" mt={4} align="baseline">
                  <Text size="xs" c="dimmed">{column.title}</Text>
                  <Text size="sm" component="div">{column.cell(row)}</Text>
                </Group>
              ))}
            </Box>
          </Group>
        </Card>
      ))}
    </Stack>
  );
}
