import { ActionIcon, Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { FilterX, Search as SearchIcon, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { useWord } from "@/ui/words";
import { FILTERS, isNarrowed, STATUSES, TOPIC_STATES, type Filter } from "./filter";

interface Props {
  filter: Filter;
  change: (part: Partial<Record<(typeof FILTERS)[number], string>>) => void;
}

const named = (items: ReadonlyArray<{ id: string; name: string }> | undefined) => (items ?? []).map(({ id, name }) => ({ value: id, label: name }));
const SETTLED = 200;

function Words({ value, change }: { value: string; change: (text: string) => void }) {
  const { t } = useTranslation("app_audience");
  const [text, setText] = useState(value);
  const settle = useDebouncedCallback(change, SETTLED);
  useEffect(() => setText(value), [value]);
  const type = (next: string) => {
    setText(next);
    settle(next);
  };
  return (
    <TextInput type="search" dir="auto" value={text} onChange={(event) => type(event.currentTarget.value)} aria-label={t("filter.search")} placeholder={t("filter.search")}
      leftSection={<SearchIcon aria-hidden size={16} />} style={{ flex: "1 1 200px" }}
      rightSection={text && <ActionIcon size="sm" aria-label={t("filter.clear_search")} onClick={() => type("")}><X aria-hidden size={14} /></ActionIcon>} />
  );
}

/** Narrows the list: words, status, topic with its state, tag, segment. */
export function FilterBar({ filter, change }: Props) {
  const { t } = useTranslation("app_audience");
  const word = useWord();
  const may = useMay();
  const topics = api.useQuery("get", "/v1/topics", {}, { enabled: may("topics:read") });
  const tags = api.useQuery("get", "/v1/tags", {}, { enabled: may("tags:read") });
  const segments = api.useQuery("get", "/v1/segments", { params: { query: { limit: 200 } } }, { enabled: may("segments:read") });
  const words = (family: string, codes: readonly string[]) => codes.map((value) => ({ value, label: word(family, value) }));
  const select = (name: keyof Filter, label: string, data: Array<{ value: string; label: string }>) => (
    <Select aria-label={label} placeholder={label} data={data} value={filter[name] ?? null} onChange={(value) => change({ [name]: value ?? "" })} clearable searchable={data.length > 8}
      clearButtonProps={{ "aria-label": t("filter.clear_one", { name: label }) }} w={145} nothingFoundMessage={t("filter.nothing")} />
  );
  return (
    <Group gap="xs" role="search" aria-label={t("filter")} style={{ flex: "1 1 300px" }}>
      <Words value={filter.q ?? ""} change={(q) => change({ q })} />
      {select("status", word("field", "status"), words("contact_status", STATUSES))}
      {select("topic", t("filter.topic"), named(topics.data?.items))}
      {filter.topic && select("topic_state", t("filter.topic_state"), words("topic_state", TOPIC_STATES))}
      {select("tag", t("filter.tag"), named(tags.data?.items))}
      {select("segment", t("filter.segment"), named(segments.data?.items))}
      {isNarrowed(filter) && (
        <Button variant="subtle" color="gray" leftSection={<FilterX aria-hidden size={16} />} onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, ""])))}>{t("filter.clear")}</Button>
      )}
    </Group>
  );
}
