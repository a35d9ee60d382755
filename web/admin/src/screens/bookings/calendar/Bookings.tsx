import { Alert, Anchor, Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure, useMediaQuery } from "@mantine/hooks";
import { CalendarPlus, Clock, Search, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUrlState } from "@/app/place";
import { usePreferences } from "@/app/preferences";
import { useMay } from "@/app/session";
import { matches } from "@/app/matching";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/i18n/format";
import { dayOf, firstWeekday } from "@/ui/days";
import { Loaded } from "@/ui/Loaded";
import { BookingsPage } from "../BookingsPage";
import { useBookings, useEventTypes, useHosts, useMovedByZones } from "../server";
import type { Booking } from "../shapes";
import { isLive, useClock, useTitle } from "../words";
import { civil, span } from "../zone";
import { useShownZone, ZoneSelect } from "../ZoneSelect";
import { Agenda } from "./Agenda";
import { BookingList } from "./BookingList";
import { MonthGrid } from "./MonthGrid";
import { moved, PeriodBar, shownDays, VIEWS, type View } from "./Period";
import { Suggestions } from "./Suggestions";
import { TimeGrid } from "./TimeGrid";

const BookingDrawer = lazy(() => import("./BookingDrawer"));
const NewBooking = lazy(() => import("./NewBooking"));
const Move = lazy(() => import("./Move"));

/** A booking that is about to be moved, with the time it was dropped on. */
export interface Moving { booking: Booking; start?: string }

/** Who comes when: the day, the week, the month or a list. */
export default function Bookings() {
  const { t } = useTranslation("app_bookings");
  const writes = useMay()("bookings:write");
  const [adding, { open: add, close: added }] = useDisclosure(false);
  useShortcuts({ KeyC: add }, writes);
  const actions = writes && <Button leftSection={<CalendarPlus aria-hidden size={16} />} onClick={add}>{t("new")}</Button>;
  return (
    <BookingsPage code="calendar" actions={actions}>
      <Suggestions />
      <ZoneChanges />
      <Diary />
      <Suspense fallback={null}>{adding && <NewBooking close={added} />}</Suspense>
    </BookingsPage>
  );
}

/** Bookings whose local time a change of a country's clocks moved: they are named, never moved silently. */
function ZoneChanges() {
  const { t } = useTranslation("app_bookings");
  const format = useFormat();
  const [, show] = useUrlState("booking");
  const [zone] = useShownZone();
  const clock = useClock(zone);
  const [more, setMore] = useState(false);
  const changed = useMovedByZones();
  const count = changed.data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <Alert color="amber" icon={<TriangleAlert aria-hidden />} title={t("tz_changed", { count, n: format.number(count) })}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t("tz_changed.text")}</Text>
        {changed.data?.items.slice(0, more ? count : 5).map((booking) => <Anchor key={booking.id} component="button" type="button" size="sm" onClick={() => show(booking.id)}>{clock.moment(booking.start)}</Anchor>)}
        {count > 5 && !more && <Button size="xs" variant="default" onClick={() => setMore(true)}>{t("tz_changed.all")}</Button>}
      </Stack>
    </Alert>
  );
}

function useFilters() {
  const [host, setHost] = useUrlState("host");
  const [type, setType] = useUrlState("type");
  const [state, setState] = useUrlState("state");
  const [q, setQ] = useUrlState("q");
  return { host, setHost, type, setType, state, setState, q, setQ };
}

function Filters({ filters, list }: { filters: ReturnType<typeof useFilters>; list: boolean }) {
  const { t } = useTranslation("app_bookings");
  const titleOf = useTitle();
  const hosts = useHosts();
  const types = useEventTypes();
  const search = useDebouncedCallback(filters.setQ, 300);
  return (
    <Group gap="xs" align="flex-end">
      <Select size="xs" w={180} label={t("filter.host")} placeholder={t("filter.every_host")} clearable value={filters.host || null} onChange={(value) => filters.setHost(value ?? "")}
        data={(hosts.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name ?? t("host.gone") }))} />
      <Select size="xs" w={180} label={t("filter.type")} placeholder={t("filter.every_type")} clearable value={filters.type || null} onChange={(value) => filters.setType(value ?? "")}
        data={(types.data?.items ?? []).map((type) => ({ value: type.id, label: titleOf(type) }))} />
      <Select size="xs" w={160} label={t("filter.state")} placeholder={t("filter.live")} clearable value={filters.state || null} onChange={(value) => filters.setState(value ?? "")}
        data={(["pending", "confirmed", "cancelled", "declined"] as const).map((value) => ({ value, label: t(`state.${value}`) }))} />
      {list && <TextInput size="xs" w={200} type="search" dir="auto" label={t("filter.q")} leftSection={<Search aria-hidden size={14} />} defaultValue={filters.q} onChange={(event) => search(event.currentTarget.value)} />}
    </Group>
  );
}

function Diary() {
  const { t } = useTranslation("app_bookings");
  const format = useFormat();
  const writes = useMay()("bookings:write");
  const phone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const { preferences } = usePreferences();
  const [zone, setZone] = useShownZone();
  const [wanted, setView] = useUrlState("view", phone ? "day" : "week");
  const view: View = (VIEWS as readonly string[]).includes(wanted) ? (wanted as View) : "week";
  const today = civil(new Date(), zone).day;
  const [day, setDay] = useUrlState("day", today);
  const [shown, show] = useUrlState("booking");
  const [moving, setMoving] = useState<Moving | null>(null);
  const filters = useFilters();
  const anchor = /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : dayOf(new Date());
  const days = shownDays(view, anchor, firstWeekday(preferences.first_weekday, format.tag));
  const [first, last] = [days[0] ?? anchor, days.at(-1) ?? anchor];
  const list = useBookings({
    ...span(first, last, zone), host: filters.host || undefined, event_type: filters.type || undefined,
    state: filters.state || undefined,
  });
  useShortcuts({
    KeyT: () => setDay(today), KeyD: () => setView("day"), KeyW: () => setView("week"), KeyM: () => setView("month"), KeyL: () => setView("list"),
    KeyN: () => setDay(moved(view, anchor, 1)), KeyP: () => setDay(moved(view, anchor, -1)),
  });
  const parts = { zone, days, today, anchor, show: (booking: Booking) => show(booking.id), move: writes ? setMoving : undefined, open: (to: string) => { setDay(to); setView("day"); } };
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="sm">
        <PeriodBar view={view} anchor={anchor} days={days} today={today} go={setDay} />
        <SegmentedControl size="xs" aria-label={t("view")} value={view} onChange={setView} data={VIEWS.map((value) => ({ value, label: t(`view.${value}`) }))} />
      </Group>
      <Group justify="space-between" align="flex-end" gap="sm">
        <Filters filters={filters} list={view === "list"} />
        <Group gap={6} wrap="nowrap" align="flex-end"><Clock aria-hidden size={16} style={{ marginBlockEnd: 8 }} /><ZoneSelect label={t("zone.shown")} value={zone} onChange={setZone} w={240} /></Group>
      </Group>
      <Loaded query={list} lines={8}>
        {({ items: all }) => {
          const items = all.filter((booking) => (filters.state ? true : isLive(booking)) && (view !== "list" || matches(`${booking.name} ${booking.email} ${booking.title}`, filters.q)));
          if (view === "list") return <BookingList {...parts} bookings={items} />;
          if (view === "month") return phone ? <Agenda {...parts} bookings={items} /> : <MonthGrid {...parts} bookings={items} />;
          if (view === "week" && phone) return <Agenda {...parts} bookings={items} />;
          return <TimeGrid {...parts} bookings={items} />;
        }}
      </Loaded>
      <Suspense fallback={null}>
        {shown && <BookingDrawer id={shown} zone={zone} close={() => show("")} move={(booking) => setMoving({ booking })} />}
        {moving && <Move moving={moving} zone={zone} close={() => setMoving(null)} />}
      </Suspense>
    </Stack>
  );
}

/** What each way of showing the bookings is given. */
export interface Shown {
  bookings: readonly Booking[];
  zone: string;
  days: readonly string[];
  today: string;
  anchor: string;
  show: (booking: Booking) => void;
  move?: (moving: Moving) => void;
  open: (day: string) => void;
}

