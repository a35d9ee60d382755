import { Anchor } from "@mantine/core";
import { CalendarDays } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DataTable, type Column } from "@/ui/DataTable";
import { Nothing } from "@/ui/Nothing";
import { Status } from "@/ui/Status";
import { useFormat } from "@/i18n/format";
import type { Booking } from "../shapes";
import { standing, TONE, useClock } from "../words";
import type { Shown } from "./Bookings";

/** The bookings of thirty days as a table. */
export function BookingList({ bookings, zone, show }: Pick<Shown, "bookings" | "zone" | "show">) {
  const { t } = useTranslation("app_bookings");
  const format = useFormat();
  const clock = useClock(zone);
  const columns: Array<Column<Booking>> = [
    { key: "when", title: t("column.when"), cell: (booking) => <Anchor component="button" type="button" size="sm" fw={600} onClick={() => show(booking)}>{clock.moments(booking.start, booking.end)}</Anchor> },
    { key: "who", title: t("column.who"), cell: ({ name }) => <bdi>{name || t("attendee.gone")}</bdi> },
    { key: "what", title: t("column.what"), cell: ({ title }) => <bdi>{title}</bdi> },
    { key: "host", title: t("column.host"), cell: ({ hosts }) => <bdi>{format.list(hosts.map(({ name }) => name ?? t("host.gone")))}</bdi>, wideOnly: true },
    { key: "state", title: t("column.state"), cell: (booking) => <Status tone={TONE[standing(booking)]}>{t(`state.${standing(booking)}`)}</Status> },
  ];
  return <DataTable label={t("place.calendar")} rows={bookings} rowKey={({ id }) => id} columns={columns} open={show} empty={<Nothing icon={CalendarDays} title={t("none")} text={t("none.text")} />} />;
}
