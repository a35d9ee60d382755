import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMembership } from "@/app/session";
import { useUrlState } from "@/app/place";
import { homeZone, isZone, shift, zones } from "./zone";

/** The zone whose clocks the screen shows: chosen in the address, else the member's own. */
export function useShownZone(): [string, (zone: string) => void] {
  const { time_zone } = useMembership();
  const own = time_zone && isZone(time_zone) ? time_zone : homeZone();
  const [zone, set] = useUrlState("zone", own);
  return [isZone(zone) ? zone : own, set];
}

interface Props {
  label: string;
  value: string;
  onChange: (zone: string) => void;
  note?: string;
  error?: React.ReactNode;
  required?: boolean;
  readOnly?: boolean;
  w?: number | string;
}

/** A choice among the world's time zones, found by name or by distance from Greenwich. */
export function ZoneSelect({ label, value, onChange, note, ...rest }: Props) {
  const { t } = useTranslation("app_bookings");
  const now = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const data = useMemo(() => zones(value, homeZone()).map((zone) => ({ value: zone, label: `${zone.replaceAll("_", " ")} (${shift(now, zone)})` })), [value, now]);
  return (
    <Select label={label} description={note} data={data} value={value} searchable allowDeselect={false} limit={60} nothingFoundMessage={t("zone.none")}
      onChange={(zone) => zone && onChange(zone)} styles={{ input: { textAlign: "start" } }} {...rest} />
  );
}
