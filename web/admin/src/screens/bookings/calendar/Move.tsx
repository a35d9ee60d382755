import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { ArrowDown, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import { reschedule, useSlots } from "../server";
import type { Booking } from "../shapes";
import { useReason } from "../reasons";
import { useClock } from "../words";
import { civil, span } from "../zone";
import type { Moving } from "./Bookings";
import { SlotPicker } from "./SlotPicker";

/** Says what will change for whom, and moves a booking only then. */
export default function Move({ moving, zone, close }: { moving: Moving; zone: string; close: () => void }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const { booking } = moving;
  const [start, setStart] = useState<string | null>(moving.start ?? null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const length = Date.parse(booking.end) - Date.parse(booking.start);
  const minutes = Math.round(length / 60_000);
  const end = start && new Date(Date.parse(start) + length).toISOString();
  const go = async () => {
    if (!start) return;
    setBusy(true);
    setTrouble(null);
    try {
      await reschedule(booking.id, { start, duration: minutes });
      told(t("move.done"));
      close();
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span">{t("move.title")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        <Text size="sm"><bdi>{booking.name || t("attendee.gone")}</bdi> · <bdi>{booking.title}</bdi></Text>
        <Both label={t("move.from")} booking={booking} start={booking.start} end={booking.end} zone={zone} />
        {start && end && <><ArrowDown aria-hidden size={18} /><Both label={t("move.to")} booking={booking} start={start} end={end} zone={zone} strong /></>}
        {start && <NotOffered booking={booking} start={start} zone={zone} minutes={minutes} />}
        <SlotPicker eventType={booking.event_type} zone={zone} duration={minutes} rescheduleOf={booking.id} from={civil(moving.start ?? booking.start, zone).day} value={start} onChange={(chosen) => setStart(chosen.start)} />
        <Text size="sm" c="dimmed">{t("move.tells")}</Text>
        {trouble !== null && <Failed error={trouble} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{t("move.keep")}</Button>
          <Button onClick={() => void go()} loading={busy} disabled={!start || start === booking.start}>{t("move.button")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** A time as the member and as the attendee read it. */
export function Both({ label, booking, start, end, zone, strong }: { label: string; booking: Booking; start: string; end: string; zone: string; strong?: boolean }) {
  const { t } = useTranslation("app_bookings");
  const mine = useClock(zone);
  const other = booking.attendee_timezone ?? booking.timezone;
  const theirs = useClock(other);
  return (
    <div>
      <Text size="xs" c="dimmed">{label}</Text>
      <Text size="sm" fw={strong ? 600 : undefined}>{mine.day(start)}{t("comma")} <span className="tabular">{mine.times(start, end)}</span></Text>
      {other !== zone && <Text size="sm" c="dimmed">{t("move.theirs", { when: theirs.moment(start) })} <bdi dir="ltr">({other.replaceAll("_", " ")})</bdi></Text>}
    </div>
  );
}

/** A time that was dropped on may not be one that is offered; the reason is said before it is tried. */
function NotOffered({ booking, start, zone, minutes }: { booking: Booking; start: string; zone: string; minutes: number }) {
  const { t } = useTranslation("app_bookings");
  const reason = useReason();
  const { day } = civil(start, zone);
  const slots = useSlots({ event_type: booking.event_type, ...span(day, day, zone), timezone: zone, duration: minutes, reschedule_of: booking.id, why: true }, start !== booking.start);
  if (start === booking.start || !slots.data || (slots.data.days[day] ?? []).some((one) => Date.parse(one.start) === Date.parse(start))) return null;
  const at = Date.parse(start);
  const why = [...new Set((slots.data.why ?? []).filter(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to)).map((one) => one.reason))];
  return (
    <Alert color="amber" icon={<TriangleAlert aria-hidden />} title={t("move.not_offered")}>
      {why.length > 0 ? why.map((code) => <Text key={code} size="sm">{reason(code)}</Text>) : <Text size="sm">{t("move.not_on_grid")}</Text>}
    </Alert>
  );
}
