import { Anchor, Badge, Button, Group, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { MessageSquareText, SearchX, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { nameOf } from "@/screens/audience/contact/person";
import { DataTable } from "@/ui/DataTable";
import { CountryName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Status } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { useWord } from "@/ui/words";
import { useMoney } from "../money";
import { PersonName, usePerson } from "../PersonName";
import { useAllowed, useMessages, type Sms } from "../server";
import { STATES, toneOf } from "../states";
import { useReason, useTexts } from "../useTexts";
import { usePages } from "../usePages";

/** Messages that were handed in, newest first. */
export function SentList({ write }: { write: () => void }) {
  const { t } = useTranslation("app_messaging");
  const navigate = useNavigate();
  const [state, setState] = useUrlState("state");
  const [contact, setContact] = useUrlState("contact");
  const pages = usePages(`${state} ${contact}`);
  const list = useMessages({ state: state || undefined, contact: contact || undefined, cursor: pages.cursor });
  const texts = useTexts();
  const columns = useColumns();
  const filtered = state !== "" || contact !== "";
  const all = () => { setState(""); setContact(""); };
  const empty = filtered ? <Nothing icon={SearchX} title={t("log.none_found")} text={t("log.none_found.text")} action={{ label: t("log.all"), act: all }} /> : <NoneYet write={write} />;
  return (
    <Stack>
      <Group gap="sm" align="flex-end">
        <Select label={t("filter.state")} placeholder={t("filter.any")} clearable w={200} data={STATES.map((code) => ({ value: code, label: texts("state", code) }))} value={state || null} onChange={(code) => setState(code ?? "")}
          clearButtonProps={{ "aria-label": t("filter.clear") }} />
        <PersonFilter id={contact} change={setContact} />
      </Group>
      <Loaded query={list}>
        {({ items, next }) => (
          <DataTable label={t("log.sent")} columns={columns} rows={items} rowKey={({ id }) => id} empty={pages.back ? undefined : empty}
            open={({ id }) => void navigate(to(`/messaging/messages/${id}`))}
            footer={(next || pages.back) ? <Pager back={pages.back} on={next ? () => pages.on(next) : undefined} /> : undefined} />
        )}
      </Loaded>
    </Stack>
  );
}

/** Nothing was sent: perhaps because nothing may be sent anywhere yet. */
function NoneYet({ write }: { write: () => void }) {
  const { t } = useTranslation("app_messaging");
  const may = useMay();
  const sees = may("routes:read");
  const { data: allowed } = useAllowed(sees);
  const ready = !sees || (allowed?.countries.length ?? 0) > 0;
  const first = ready ? { label: t("new"), act: write } : { label: t("log.set_up"), href: to("/messaging/routes") };
  return <Nothing icon={MessageSquareText} title={t("log.none")} text={t(ready ? "log.none.text" : "log.none.set_up")} action={may("messages:send") ? first : undefined} />;
}

function useColumns() {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const texts = useTexts();
  const reason = useReason();
  const word = useWord();
  const money = useMoney();
  return [
    { key: "at", title: t("column.at"), cell: ({ id, created_at, due_at }: Sms) => (
      <Stack gap={0}>
        <Anchor component={Link} to={to(`/messaging/messages/${id}`)} size="sm" fw={600}><When at={created_at} /></Anchor>
        {due_at && new Date(due_at) > new Date() && <Text size="xs" c="dimmed">{t("due", { when: format.dateTime(due_at) })}</Text>}
      </Stack>
    ) },
    { key: "person", title: t("column.person"), cell: ({ contact, country }: Sms) => <Stack gap={0}><PersonName id={contact} /><Text size="xs" c="dimmed"><CountryName code={country} /></Text></Stack> },
    { key: "from", title: t("column.from"), cell: ({ from }: Sms) => <Ltr>{from}</Ltr>, wideOnly: true },
    { key: "purpose", title: t("column.purpose"), cell: ({ purpose }: Sms) => word("purpose", purpose), wideOnly: true },
    { key: "parts", title: t("column.parts"), numeric: true, cell: ({ parts, encoding }: Sms) => <Group gap={4} justify="flex-end" wrap="nowrap"><span>{format.number(parts)}</span><Text size="xs" c="dimmed">{texts("encoding.short", encoding)}</Text></Group> },
    { key: "price", title: t("column.price"), numeric: true, cell: ({ price_micros, trial, state }: Sms) => (trial || state === "denied" ? "–" : <bdi>{money(price_micros)}</bdi>) },
    { key: "state", title: t("column.state"), cell: ({ state, reason: why, trial }: Sms) => (
      <Stack gap={2} align="flex-start">
        <Group gap={4}><Status tone={toneOf(state)}>{texts("state", state)}</Status>{trial && <Badge color="gray">{t("trial")}</Badge>}</Group>
        {why && why !== "trial" && <Text size="xs" c="dimmed" maw={260}>{reason(why)}</Text>}
      </Stack>
    ) },
  ];
}

/** Narrows the list down to one person, found by name or number. */
function PersonFilter({ id, change }: { id: string; change: (id: string) => void }) {
  const { t } = useTranslation("app_messaging");
  const may = useMay()("contacts:read");
  const [asked, setAsked] = useState("");
  const [settled] = useDebouncedValue(asked.trim(), 200);
  const person = usePerson(id);
  const found = api.useQuery("post", "/v1/contacts/search", { body: { q: settled, limit: 8, columns: ["phone", "email"] } }, { enabled: may && id === "" && settled.length > 1, placeholderData: keepPreviousData });
  if (id !== "") {
    const name = (person.data && nameOf(person.data)) ?? t("person");
    return <Button variant="light" rightSection={<X aria-hidden size={14} />} onClick={() => change("")} aria-label={t("filter.person.clear", { name })}><bdi>{name}</bdi></Button>;
  }
  if (!may) return null;
  const data = (found.data?.items ?? []).map(({ id, display_name }) => ({ value: id, label: display_name }));
  return (
    <Select label={t("filter.person")} placeholder={t("filter.person.find")} searchable data={data} value={null} searchValue={asked} onSearchChange={setAsked} filter={({ options }) => options} w={260}
      nothingFoundMessage={settled.length > 1 && found.isSuccess ? t("filter.person.none") : undefined} onChange={(chosen) => { if (chosen) { setAsked(""); change(chosen); } }} />
  );
}
