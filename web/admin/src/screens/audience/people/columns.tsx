import { Anchor, Badge, Group, Text } from "@mantine/core";
import { useMemo } from "react";
import { Link } from "react-router";
import { api, queryClient } from "@/api/client";
import { to } from "@/app/place";
import type { Column } from "@/ui/DataTable";
import { CountryName, LanguageName } from "@/ui/Language";
import { Ltr, When } from "@/ui/text";
import { useWord } from "@/ui/words";
import { ContactStatus } from "../ContactStatus";
import { AttributeValue } from "../AttributeValue";
import type { ContactRow, Field } from "../shapes";

export const STANDARD_COLUMNS = [
  "email", "status", "topics", "tags", "phone", "first_name", "last_name", "company", "language", "country", "time_zone",
  "recipient_type", "last_activity_at", "created_at", "updated_at",
] as const;
export const FIRST_COLUMNS = ["email", "status", "tags", "last_activity_at", "created_at"];

const SORTED = new Set(["created_at", "updated_at", "last_activity_at", "email", "company"]);
const WIDE = new Set(["created_at", "updated_at", "topics", "tags"]);

/** Has the contact page ready before it is opened. */
function prefetch(id: string) {
  void queryClient.prefetchQuery(api.queryOptions("get", "/v1/contacts/{id}", { params: { path: { id } } }));
}

function Name({ row }: { row: ContactRow }) {
  return (
    <Anchor component={Link} to={to(`/audience/people/${row.id}`)} fw={600} size="sm" onMouseEnter={() => prefetch(row.id)} onFocus={() => prefetch(row.id)}>
      <bdi>{row.display_name}</bdi>
    </Anchor>
  );
}

const MANY = 3;

function Few({ names }: { names: string[] }) {
  if (names.length === 0) return <Text size="sm" c="dimmed">–</Text>;
  return (
    <Group gap={4}>
      {names.slice(0, MANY).map((name) => <Badge key={name} color="gray"><bdi>{name}</bdi></Badge>)}
      {names.length > MANY && <Text size="xs" c="dimmed" title={names.join(", ")}><Ltr>{`+${names.length - MANY}`}</Ltr></Text>}
    </Group>
  );
}

const plain = (value: string | null | undefined) => (value ? <bdi>{value}</bdi> : <Text span c="dimmed">–</Text>);

function useCells(): Record<string, (row: ContactRow) => React.ReactNode> {
  const word = useWord();
  return useMemo(() => ({
    email: (row) => (row.email ? <Ltr>{row.email}</Ltr> : <Text span c="dimmed">–</Text>),
    phone: (row) => (row.phone ? <Ltr>{row.phone}</Ltr> : <Text span c="dimmed">–</Text>),
    status: (row) => (row.status ? <ContactStatus code={row.status} /> : plain(null)),
    topics: (row) => <Few names={(row.topics ?? []).filter(({ state }) => state === "subscribed").map(({ name }) => name)} />,
    tags: (row) => <Few names={(row.tags ?? []).map(({ name }) => name)} />,
    language: (row) => (row.language ? <LanguageName code={row.language} /> : plain(null)),
    country: (row) => (row.country ? <CountryName code={row.country} /> : plain(null)),
    time_zone: (row) => (row.time_zone ? <Ltr>{row.time_zone}</Ltr> : plain(null)),
    recipient_type: (row) => word("recipient_type", row.recipient_type),
    first_name: (row) => plain(row.first_name),
    last_name: (row) => plain(row.last_name),
    company: (row) => plain(row.company),
    last_activity_at: (row) => <When at={row.last_activity_at} />,
    created_at: (row) => <When at={row.created_at} />,
    updated_at: (row) => <When at={row.updated_at} />,
  }), [word]);
}

/** The table's columns: the name, and those that were chosen. The same array until something of it changes. */
export function useColumns(chosen: readonly string[], fields: readonly Field[], nameTitle: string): ReadonlyArray<Column<ContactRow>> {
  const word = useWord();
  const cells = useCells();
  return useMemo(() => {
    const first: Column<ContactRow> = { key: "name", title: nameTitle, sort: "name", cell: (row) => <Name row={row} /> };
    const rest = chosen.flatMap((key): Array<Column<ContactRow>> => {
      const cell = cells[key];
      if (cell) return [{ key, title: word("field", key), cell, sort: SORTED.has(key) ? key : undefined, wideOnly: WIDE.has(key) }];
      const field = fields.find((known) => `attributes.${known.key}` === key);
      if (!field) return [];
      return [{ key, title: field.label, cell: (row) => <AttributeValue value={row.attributes[field.key]} kind={field.kind} />, numeric: field.kind === "number", wideOnly: true }];
    });
    return [first, ...rest];
  }, [chosen, fields, nameTitle, word, cells]);
}
