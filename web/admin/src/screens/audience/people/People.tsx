import { Alert, Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { ContactRound, UserPlus } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { api, queryClient } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { DataTable } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Waiting } from "@/ui/Waiting";
import { AudiencePage } from "../AudiencePage";
import type { Field, Table } from "../shapes";
import { AddPerson } from "./AddPerson";
import { BulkBar } from "./BulkBar";
import { BulkJobs } from "./BulkJobs";
import { ColumnChooser, useChosenColumns } from "./ColumnChooser";
import { useColumns } from "./columns";
import { FILTERS, isNarrowed, NEWEST, readFilter, searchOf, type Filter } from "./filter";
import { FilterBar } from "./FilterBar";
import { QuickSegment } from "./QuickSegment";
import { SavedViews } from "@/ui/SavedViews";

/** Filter, order and place in the list: all in the address. */
function usePlace() {
  const [parameters, set] = useSearchParams();
  const filter = useMemo(() => readFilter(parameters), [parameters]);
  const change = (part: Record<string, string>) =>
    set((now) => {
      const next = new URLSearchParams(now);
      if (!("cursor" in part)) next.delete("cursor");
      for (const [name, value] of Object.entries(part)) value ? next.set(name, value) : next.delete(name);
      return next;
    }, { replace: !("cursor" in part) });
  return { filter, sort: parameters.get("sort") ?? NEWEST, cursor: parameters.get("cursor") ?? "", change };
}

const SEARCH = "/v1/contacts/search";
const NONE: Field[] = [];

/** The page asked for; while it is on its way the one before stays, and the page after it is fetched ahead. */
function usePeople(filter: Filter, sort: string, columns: readonly string[], cursor: string) {
  const query = api.useQuery("post", SEARCH, { body: searchOf(filter, sort, columns, cursor) }, { placeholderData: keepPreviousData });
  const next = query.isPlaceholderData ? undefined : query.data?.next;
  useEffect(() => {
    if (next) void queryClient.prefetchQuery(api.queryOptions("post", SEARCH, { body: searchOf(filter, sort, columns, next) }));
  }, [next, filter, sort, columns]);
  return query;
}

function Empty({ narrowed, clear, add }: { narrowed: boolean; clear: () => void; add?: () => void }) {
  const { t } = useTranslation("app_audience");
  const may = useMay();
  if (narrowed) return <Nothing icon={ContactRound} title={t("none_found.title")} text={t("none_found.text")} action={{ label: t("filter.clear"), act: clear }} />;
  const action = may("contacts:import") ? { label: t("import"), href: to("/audience/import") } : undefined;
  return <Nothing icon={ContactRound} title={t("empty.title")} text={t("empty.text")} action={action} example={add && { label: t("add"), act: add }} />;
}

export default function People() {
  const { t } = useTranslation("app_audience");
  const may = useMay();
  const navigate = useNavigate();
  const { filter, sort, cursor, change } = usePlace();
  const [chosen, choose] = useChosenColumns();
  const fields = api.useQuery("get", "/v1/fields", {}, { enabled: may("fields:read") });
  const known = fields.data?.items ?? NONE;
  const people = usePeople(filter, sort, chosen, cursor);
  // A page that is there already is drawn behind the press that asked for it.
  const shown = useDeferredValue(people.data);
  const columns = useColumns(chosen, known, t("column.name"));
  const [selected, select] = useState<Set<string>>(new Set());
  const [everybody, setEverybody] = useState(false);
  const [adding, { open: add, close: added }] = useDisclosure(false);
  const asked = JSON.stringify(filter);
  useEffect(() => { select(new Set()); setEverybody(false); }, [asked]);
  const writes = may("contacts:write");
  useShortcuts({ KeyC: add }, writes);
  const clear = () => change(Object.fromEntries(FILTERS.map((name) => [name, ""])));
  const list = (table: Table) => (
    <DataTable label={t("place.people")} columns={columns} rows={table.items} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/audience/people/${id}`))}
      sort={sort} onSort={(order) => change({ sort: order === NEWEST ? "" : order })}
      {...(writes || may("contacts:export") ? { selected, onSelect: (keys: Set<string>) => { setEverybody(false); select(keys); } } : {})}
      empty={<Empty narrowed={isNarrowed(filter)} clear={clear} add={writes ? add : undefined} />}
      footer={<Pager total={table.total} back={table.prev ? () => change({ cursor: table.prev ?? "" }) : undefined} on={table.next ? () => change({ cursor: table.next ?? "" }) : undefined} />} />
  );
  return (
    <AudiencePage code="people" permission="contacts:read" actions={<>
      <SavedViews screen="audience" place="/audience" query={new URLSearchParams({ ...filter, ...(sort === NEWEST ? {} : { sort }) }).toString()} />
      {writes && <Button leftSection={<UserPlus aria-hidden size={16} />} onClick={add}>{t("add")}</Button>}
    </>}>
      <Group gap="xs" align="flex-start" justify="space-between">
        <FilterBar filter={filter} change={change} />
        <Group gap="xs">
          {may("segments:write") && isNarrowed(filter) && <QuickSegment filter={filter} />}
          <ColumnChooser fields={known} chosen={chosen} choose={choose} />
        </Group>
      </Group>
      <BulkJobs />
      {selected.size > 0 && people.data && (
        <BulkBar selected={selected} filter={filter} total={people.data.total} everybody={everybody} takeEverybody={() => setEverybody(true)} done={() => { select(new Set()); setEverybody(false); }} />
      )}
      {people.data?.complete === false && <Alert color="amber">{t("incomplete")}</Alert>}
      {people.error && !people.isPlaceholderData && people.data === undefined
        ? <Failed error={people.error} again={() => (cursor ? change({ cursor: "" }) : void people.refetch())} />
        : shown ? list(shown) : <Waiting lines={8} />}
      {adding && <AddPerson close={added} />}
    </AudiencePage>
  );
}
