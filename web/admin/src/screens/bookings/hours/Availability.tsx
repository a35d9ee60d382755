import { Anchor, Button, Stack, Text } from "@mantine/core";
import { Clock, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to } from "@/app/place";
import { useMay, useMembership } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Ltr, When } from "@/ui/text";
import { BookingsPage } from "../BookingsPage";
import { makeSchedule, useSchedules } from "../server";
import type { Rule, Schedule } from "../shapes";
import { homeZone, isZone } from "../zone";
import { Absences } from "./Absences";
import { Hosts } from "./Hosts";
import { Holidays } from "./Holidays";
import { useDayNames } from "./useDayNames";
import { spanOf } from "./week";

/** When hosts can be booked: schedules, who follows which, who is away, and holidays. */
export default function Availability() {
  return (
    <BookingsPage code="availability">
      <div><Schedules /><Hosts /><Absences /><Holidays /></div>
    </BookingsPage>
  );
}

const OFFICE: Rule = { days: [1, 2, 3, 4, 5], start: "09:00", end: "17:00" };
const GULF: Rule = { days: [7, 1, 2, 3, 4], start: "09:00", end: "17:00" };
const FRIDAY_OFF = new Set(["Asia/Riyadh", "Asia/Kuwait", "Asia/Qatar", "Asia/Bahrain", "Asia/Muscat", "Asia/Baghdad", "Asia/Amman", "Asia/Damascus", "Asia/Aden", "Africa/Cairo", "Africa/Tripoli", "Africa/Khartoum", "Africa/Algiers"]);

/** The working week as it is usual in a zone, to begin with. */
export const usualWeek = (zone: string): Rule => (FRIDAY_OFF.has(zone) ? GULF : OFFICE);

function Schedules() {
  const { t } = useTranslation("app_bookings");
  const writes = useMay()("bookings:manage");
  const navigate = useNavigate();
  const { time_zone } = useMembership();
  const schedules = useSchedules();
  const [adding, setAdding] = useState(false);
  const zone = time_zone && isZone(time_zone) ? time_zone : homeZone();
  const make = async ({ name }: { name: string }) => {
    const made = await makeSchedule({ name, hours: { timezone: zone, rules: [usualWeek(zone)], overrides: [], holidays: [] } });
    void navigate(to(`/bookings/availability/${made.id}`));
  };
  return (
    <Section title={t("schedules")} about={t("schedules.about")} actions={writes && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setAdding(true)}>{t("schedule.new")}</Button>}>
      <Loaded query={schedules}>
        {({ items }) => (
          <DataTable label={t("schedules")} rows={items} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/bookings/availability/${id}`))} empty={<Nothing icon={Clock} title={t("schedules.none")} text={t("schedules.none.text")} action={writes ? { label: t("schedule.new"), act: () => setAdding(true) } : undefined} />} columns={[
            { key: "name", title: t("schedule.name"), cell: ({ id, name }) => <Anchor component={Link} to={to(`/bookings/availability/${id}`)} fw={600} size="sm"><bdi>{name}</bdi></Anchor> },
            { key: "hours", title: t("hours.week"), cell: (schedule) => <InWords schedule={schedule} /> },
            { key: "zone", title: t("schedule.zone"), cell: ({ hours }) => <Ltr>{hours.timezone.replaceAll("_", " ")}</Ltr>, wideOnly: true },
            { key: "changed", title: t("changed"), cell: ({ updated_at }) => <When at={updated_at} />, wideOnly: true },
          ]} />
        )}
      </Loaded>
      {adding && <Dialog title={t("schedule.new")} about={t("schedule.new.about")} fields={[{ name: "name", label: t("schedule.name"), note: t("schedule.name.note"), needed: true }]} initial={{ name: "" }} button={t("schedule.new.button")} send={make} close={() => setAdding(false)} />}
    </Section>
  );
}

/** Weekly hours as people say them: `Mon, Tue 09:00–17:00`. */
function InWords({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation("app_bookings");
  const { tag, list } = useFormat();
  const names = useDayNames();
  const clock = new Intl.DateTimeFormat(tag, { timeStyle: "short", timeZone: "UTC" });
  if (schedule.hours.rules.length === 0) return <Text size="sm" c="dimmed">{t("hours.closed")}</Text>;
  return (
    <Stack gap={0}>
      {schedule.hours.rules.map((rule) => {
        const span = spanOf(rule);
        const days = names.order.filter((day) => rule.days.includes(day + 1)).map((day) => names.short[day] ?? "");
        return span && <Text key={`${rule.start} ${rule.end}`} size="sm">{list(days)} <span className="tabular">{clock.format(span[0] * 60_000)} – {clock.format(span[1] * 60_000)}</span></Text>;
      })}
    </Stack>
  );
}
