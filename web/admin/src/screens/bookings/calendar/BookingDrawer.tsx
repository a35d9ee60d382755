import { Alert, Anchor, Button, Checkbox, Drawer, Group, Stack, Text, Textarea } from "@mantine/core";
import { CalendarClock, Check, TriangleAlert, Undo2, UserRound, UserX, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { Loaded } from "@/ui/Loaded";
import { refused, told, undoable } from "@/ui/notify";
import { Status, type Tone } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { approve, cancel, decline, noShow, refund, useBooking, useEventTypes, useMailAnswers, useMovedByZones, useResources } from "../server";
import type { Booking } from "../shapes";
import { isLive, standing, TONE, useClock } from "../words";
import { Both } from "./Move";
import { Reassign } from "./Reassign";
import { CalendarState } from "../accounts/CalendarState";

interface Props { id: string; zone: string; close: () => void; move: (booking: Booking) => void }

/** Everything about one booking, and what can be done with it. */
export default function BookingDrawer({ id, zone, close, move }: Props) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const booking = useBooking(id);
  return (
    <Drawer opened onClose={close} size="md" title={<Text fw={600} component="span"><bdi>{booking.data?.title ?? t("booking")}</bdi></Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Loaded query={booking} lines={8}>{(data) => <Body booking={data} zone={zone} move={move} />}</Loaded>
    </Drawer>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return <div><Text size="xs" c="dimmed" component="dt">{label}</Text><Text size="sm" component="dd" m={0} style={{ overflowWrap: "anywhere" }}>{children}</Text></div>;
}

/** What became of the money: what needs nobody, what waits, what needs a member. */
const PAID: Record<string, Tone> = { paid: "good", refunded: "off", expired: "off", failed: "attention", mismatched: "bad", refund_failed: "bad" };

function Body({ booking, zone, move }: { booking: Booking; zone: string; move: (booking: Booking) => void }) {
  const { t } = useTranslation("app_bookings");
  const now = standing(booking);
  return (
    <Stack>
      <Group gap="xs"><Status tone={TONE[now]}>{t(`state.${now}`)}</Status>{booking.payment && <Status tone={PAID[booking.payment] ?? "waiting"}>{t(`payment.${booking.payment as "paid"}`, { defaultValue: booking.payment })}</Status>}</Group>
      <Both label={t("fact.when")} booking={booking} start={booking.start} end={booking.end} zone={zone} strong />
      <Shifted booking={booking} />
      <Acts booking={booking} move={move} />
      <Facts booking={booking} zone={zone} />
      <CalendarState booking={booking} />
      <MailAnswers booking={booking} zone={zone} />
    </Stack>
  );
}

/** The clocks of the host's country were changed after the booking: what was agreed, and what it is now. */
function Shifted({ booking }: { booking: Booking }) {
  const { t } = useTranslation("app_bookings");
  const clock = useClock(booking.timezone);
  const agreed = useClock("UTC");
  const moved = useMovedByZones();
  if (!moved.data?.items.some(({ id }) => id === booking.id)) return null;
  return (
    <Alert color="amber" icon={<TriangleAlert aria-hidden />} title={t("shifted")}>
      <Text size="sm">{t("shifted.text", { agreed: agreed.moment(`${booking.civil.slice(0, 16)}:00Z`), now: clock.moment(booking.start) })}</Text>
    </Alert>
  );
}

type Asking = "cancel" | "decline" | "reassign" | null;

function Acts({ booking, move }: { booking: Booking; move: (booking: Booking) => void }) {
  const { t } = useTranslation("app_bookings");
  const writes = useMay()("bookings:write");
  const [asking, setAsking] = useState<Asking>(null);
  const owes = useMay()("bookings:manage") && (booking.payment === "refund_failed" || booking.payment === "mismatched" || (booking.payment === "paid" && !isLive(booking)));
  const giveBack = <Button size="xs" variant="default" leftSection={<Undo2 aria-hidden size={15} className="dir-icon" />} onClick={() => void payBack()}>{t("refund")}</Button>;
  const payBack = () => confirm({ title: t("refund"), text: t("refund.text"), button: t("refund"), act: async () => { await refund(booking.id); told(t("refund.done")); } });
  if (writes && owes && !isLive(booking)) return <Group gap="xs">{giveBack}</Group>;
  if (!writes || !isLive(booking)) return null;
  const begun = Date.parse(booking.start) <= Date.now();
  const accept = () => approve(booking.id).then(() => told(t("approved")), refused);
  const absent = (no_show: boolean) => noShow(booking.id, no_show).then(() => undoable(t(no_show ? "no_show.done" : "no_show.undone"), () => void noShow(booking.id, !no_show).catch(refused)), refused);
  if (asking === "cancel" || asking === "decline") return <Reason booking={booking} act={asking} back={() => setAsking(null)} />;
  if (asking === "reassign") return <Reassign booking={booking} back={() => setAsking(null)} />;
  return (
    <Group gap="xs">
      {booking.state === "pending" && <Button size="xs" leftSection={<Check aria-hidden size={15} />} onClick={() => void accept()}>{t("approve")}</Button>}
      {owes && giveBack}
      {booking.state === "pending" && <Button size="xs" variant="default" leftSection={<X aria-hidden size={15} />} onClick={() => setAsking("decline")}>{t("decline")}</Button>}
      <Button size="xs" variant="default" leftSection={<CalendarClock aria-hidden size={15} />} onClick={() => move(booking)}>{t("move.button")}</Button>
      {booking.state === "confirmed" && booking.hosts.length > 0 && <Button size="xs" variant="default" leftSection={<UserRound aria-hidden size={15} />} onClick={() => setAsking("reassign")}>{t("reassign")}</Button>}
      {begun && booking.state === "confirmed" && <Button size="xs" variant="default" leftSection={<UserX aria-hidden size={15} />} onClick={() => void absent(!booking.no_show)}>{t(booking.no_show ? "no_show.undo" : "no_show")}</Button>}
      <Button size="xs" variant="default" color="red" leftSection={<X aria-hidden size={15} />} onClick={() => setAsking("cancel")}>{t("cancel")}</Button>
    </Group>
  );
}

/** Calling off and refusing cannot be taken back: the attendee is told, with this reason. */
function Reason({ booking, act, back }: { booking: Booking; act: "cancel" | "decline"; back: () => void }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const [reason, setReason] = useState("");
  const manages = useMay()("bookings:manage");
  const paid = act === "cancel" && manages && booking.payment === "paid";
  const [money, setMoney] = useState(true);
  const clock = useClock(booking.timezone);
  const go = () => confirm({
    title: t(`${act}.title`), button: t(`${act}.button`), destroys: true,
    text: t(`${act}.text`, { who: booking.name || t("attendee.gone"), when: clock.moment(booking.start) }),
    act: async () => {
      const why = reason.trim() ? { reason: reason.trim() } : {};
      await (act === "cancel" ? cancel(booking.id, { ...why, ...(paid ? { refund: money } : {}) }) : decline(booking.id, why));
      told(t(`${act}.done`));
      back();
    },
  });
  return (
    <Stack gap="xs">
      <Textarea data-autofocus autosize minRows={2} dir="auto" label={t("reason")} description={t("reason.note")} value={reason} maxLength={500} onChange={(event) => setReason(event.currentTarget.value)} />
      {paid && <Checkbox label={t("refund.with")} checked={money} onChange={(event) => setMoney(event.currentTarget.checked)} />}
      <Group gap="xs"><Button size="xs" variant="default" onClick={back}>{t("app_shell:back")}</Button><Button size="xs" color="red" onClick={go}>{t(`${act}.button`)}</Button></Group>
    </Stack>
  );
}

const shown = (value: unknown) => (Array.isArray(value) ? value.map(String) : [String(value)]);
const isUrl = (value: string) => /^https?:\/\//.test(value);

function Facts({ booking, zone }: { booking: Booking; zone: string }) {
  const { t, i18n } = useTranslation("app_bookings");
  const types = useEventTypes();
  const resources = useResources();
  const questions = types.data?.items.find(({ id }) => id === booking.event_type)?.definition.questions ?? [];
  const labelOf = (key: string) => { const found = questions.find((one) => one.key === key); return (i18n.language === "ar" ? found?.label_ar : found?.label_en) || key; };
  const name = <bdi>{booking.name || t("attendee.gone")}</bdi>;
  return (
    <Stack gap="sm" component="dl" m={0}>
      <Fact label={t("column.who")}>
        {booking.contact ? <Anchor component={Link} to={to(`/audience/people/${booking.contact}`)} size="sm">{name}</Anchor> : name}
        {booking.email && <> · <Ltr>{booking.email}</Ltr></>}{booking.phone && <> · <Ltr>{booking.phone}</Ltr></>}
      </Fact>
      {booking.guests.length > 0 && <Fact label={t("fact.guests")}>{booking.guests.map((guest) => <div key={guest}><Ltr>{guest}</Ltr></div>)}</Fact>}
      <Fact label={t("column.host")}>{booking.hosts.map(({ id, name: host }) => <div key={id}><bdi>{host ?? t("host.gone")}</bdi></div>)}</Fact>
      {booking.resources.length > 0 && <Fact label={t("fact.resources")}>{booking.resources.map((id) => <div key={id}><bdi>{resources.data?.items.find((one) => one.id === id)?.name ?? t("resource.gone")}</bdi></div>)}</Fact>}
      {booking.location && <Fact label={t("fact.location")}>{isUrl(booking.location) ? <Anchor href={booking.location} target="_blank" rel="noreferrer" size="sm"><Ltr>{booking.location}</Ltr></Anchor> : <span dir="auto">{booking.location}</span>}</Fact>}
      {Object.entries(booking.answers).map(([key, value]) => <Fact key={key} label={labelOf(key)}>{shown(value).map((line) => <div key={line} dir="auto" style={{ whiteSpace: "pre-wrap" }}>{line}</div>)}</Fact>)}
      {booking.reason && <Fact label={t(booking.ended_by ? `ended_by.${booking.ended_by as "member"}` : "reason")}><span dir="auto">{booking.reason}</span></Fact>}
      <Fact label={t("fact.source")}>{t(`source.${booking.source as "page"}`, { defaultValue: booking.source })} · <Moment at={booking.created_at} /></Fact>
      {booking.timezone !== zone && <Fact label={t("fact.host_zone")}><Ltr>{booking.timezone.replaceAll("_", " ")}</Ltr></Fact>}
    </Stack>
  );
}

function MailAnswers({ booking, zone }: { booking: Booking; zone: string }) {
  const { t } = useTranslation("app_bookings");
  const clock = useClock(zone);
  const answers = useMailAnswers(booking.id).data?.items ?? [];
  if (answers.length === 0) return null;
  return (
    <Alert color="gray" title={t("answers")}>
      {answers.map((answer) => (
        <Text key={answer.at} size="sm">{t(`partstat.${answer.partstat as "accepted"}`, { defaultValue: answer.partstat })} · <Moment at={answer.at} />{answer.proposed_start && <> · {t("answers.proposed", { when: clock.moment(answer.proposed_start) })}</>}</Text>
      ))}
    </Alert>
  );
}

