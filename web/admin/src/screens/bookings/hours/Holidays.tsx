import { Button, Text } from "@mantine/core";
import { PartyPopper, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { dayOf, noonOf } from "@/ui/days";
import { Dialog, entries } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { When } from "@/ui/text";
import { dropHolidays, saveHolidays, useHolidays } from "../server";
import type { HolidayList } from "../shapes";

/** Lists of dates on which schedules that follow them are closed. */
export function Holidays() {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const format = useFormat();
  const manages = useMay()("bookings:manage");
  const lists = useHolidays();
  const [editing, setEditing] = useState<HolidayList | "new" | null>(null);
  const next = ({ dates }: HolidayList) => dates.filter((date) => date >= dayOf(new Date())).sort()[0];
  const drop = ({ code, name }: HolidayList) => confirm({ title: t("holidays.drop.title", { name }), text: t("holidays.drop.text"), button: t("app_shell:delete"), destroys: true, act: () => dropHolidays(code) });
  return (
    <Section title={t("holidays")} about={t("holidays.lists.about")} actions={manages && <Button variant="default" leftSection={<Plus aria-hidden size={16} />} onClick={() => setEditing("new")}>{t("holidays.new")}</Button>}>
      <Loaded query={lists}>
        {({ items }) => (
          <DataTable label={t("holidays")} rows={items} rowKey={({ code }) => code} empty={<Nothing icon={PartyPopper} title={t("holidays.none")} text={t("holidays.none.text")} />} columns={[
            { key: "name", title: t("holidays.name"), cell: ({ name }) => <Text size="sm" fw={600}><bdi>{name}</bdi></Text> },
            { key: "dates", title: t("holidays.dates"), numeric: true, cell: ({ dates }) => format.number(dates.length) },
            { key: "next", title: t("holidays.next"), cell: (list) => { const date = next(list); return date ? format.date(noonOf(date)) : "–"; } },
            { key: "changed", title: t("changed"), cell: ({ updated_at }) => <When at={updated_at} />, wideOnly: true },
            ...(manages ? [{ key: "actions", title: t("actions"), cell: (list: HolidayList) => <><Button size="compact-sm" variant="subtle" aria-label={`${t("change")} ${list.name}`} onClick={() => setEditing(list)}>{t("change")}</Button><Button size="compact-sm" variant="subtle" color="red" aria-label={`${t("app_shell:delete")} ${list.name}`} onClick={() => drop(list)}>{t("app_shell:delete")}</Button></> }] : []),
          ]} />
        )}
      </Loaded>
      {editing && <Edit list={editing === "new" ? null : editing} close={() => setEditing(null)} />}
    </Section>
  );
}

function Edit({ list, close }: { list: HolidayList | null; close: () => void }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  return (
    <Dialog title={list?.name ?? t("holidays.new")} button={t("app_shell:save")} close={close}
      initial={{ code: list?.code ?? "", name: list?.name ?? "", dates: (list?.dates ?? []).join("\n") }}
      fields={[
        ...(list ? [] : [{ name: "code" as const, label: t("holidays.code"), note: t("holidays.code.note"), needed: true, code: true }]),
        { name: "name", label: t("holidays.name"), needed: true }, { name: "dates", label: t("holidays.dates"), note: t("holidays.dates.note"), kind: "lines", needed: true, code: true },
      ]}
      send={({ code, name, dates }) => saveHolidays(list?.code ?? code.trim(), { name, dates: entries(dates) })} />
  );
}
