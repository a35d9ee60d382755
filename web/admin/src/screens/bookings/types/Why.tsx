import { Alert, Group, Select, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { CircleCheck, Search, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Loaded } from "@/ui/Loaded";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { useReason } from "../reasons";
import { useHosts, useSlots } from "../server";
import type { EventType, Missing, Start } from "../shapes";
import { useClock, useLength } from "../words";
import { civil, instantAt, minutesOf, span } from "../zone";
import { useShownZone, ZoneSelect } from "../ZoneSelect";
import { complete } from "./draft";

/** Answers the question people ask most: why can this time not be booked? */
export default function Why({ type, unsaved }: { type: EventType; unsaved: boolean }) {
  const { t } = useTranslation("app_bookings");
  const length = useLength();
  const [zone, setZone] = useShownZone();
  const [day, setDay] = useState(civil(new Date(), zone).day);
  const [time, setTime] = useState("");
  const { duration, durations } = complete(type.definition);
  const lengths = [...new Set([duration, ...durations])];
  const [minutes, setMinutes] = useState(duration);
  const slots = useSlots({ event_type: type.id, ...span(day, day, zone), timezone: zone, duration: minutes, why: true });
  const wanted = minutesOf(time);
  return (
    <Section title={t("why")} about={t("why.about")}>
      {unsaved && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("why.unsaved")}</Alert>}
      <Group align="flex-start">
        <TextInput type="date" label={t("slots.day")} value={day} onChange={(event) => event.currentTarget.value && setDay(event.currentTarget.value)} />
        <TextInput type="time" label={t("why.time")} description={t("why.time.note")} inputWrapperOrder={["label", "input", "description"]} value={time} onChange={(event) => setTime(event.currentTarget.value)} />
        {lengths.length > 1 && <Select label={t("new.duration")} allowDeselect={false} w={150} data={lengths.map((one) => ({ value: String(one), label: length(one) }))} value={String(minutes)} onChange={(value) => setMinutes(Number(value))} />}
        <ZoneSelect label={t("zone.shown")} value={zone} onChange={setZone} w={260} />
      </Group>
      <Loaded query={slots} lines={6}>
        {({ days, why = [] }) => {
          const starts = days[day] ?? [];
          return (
            <Stack>
              {wanted !== null && <Verdict at={instantAt(day, wanted, zone).getTime()} starts={starts} why={why} zone={zone} />}
              <Day starts={starts} why={why} zone={zone} day={day} />
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}

function useHostName() {
  const { t } = useTranslation("app_bookings");
  const hosts = useHosts();
  return (id: string) => hosts.data?.items.find((one) => one.id === id)?.name ?? t("host.gone");
}

const covers = ({ from, to }: Missing, at: number) => Date.parse(from) <= at && at < Date.parse(to);

function Verdict({ at, starts, why, zone }: { at: number; starts: Start[]; why: Missing[]; zone: string }) {
  const { t } = useTranslation("app_bookings");
  const reason = useReason();
  const host = useHostName();
  const clock = useClock(zone);
  const found = starts.find(({ start }) => Date.parse(start) === at);
  const reasons = why.filter((one) => covers(one, at));
  if (found) return <Alert color="teal" icon={<CircleCheck aria-hidden />} role="status" title={t("why.offered", { time: clock.time(found.start) })} />;
  return (
    <Alert color="amber" icon={<Search aria-hidden />} role="status" title={t("why.not_offered", { time: clock.time(new Date(at)) })}>
      {reasons.length === 0 ? <Text size="sm">{t("move.not_on_grid")}</Text> : reasons.map((one) => <Text key={`${one.from} ${one.reason} ${one.host ?? ""}`} size="sm">{one.host && <><bdi>{host(one.host)}</bdi>: </>}{reason(one.reason)}</Text>)}
    </Alert>
  );
}

/** The whole day: what is offered, and what stands in the way when. */
function Day({ starts, why, zone, day }: { starts: Start[]; why: Missing[]; zone: string; day: string }) {
  const { t } = useTranslation("app_bookings");
  const format = useFormat();
  const reason = useReason();
  const host = useHostName();
  const clock = useClock(zone);
  const { from: first, to: last } = span(day, day, zone);
  const cut = why.filter(({ from, to }) => Date.parse(to) > Date.parse(first) && Date.parse(from) < Date.parse(last))
    .map((one) => ({ ...one, from: Date.parse(one.from) < Date.parse(first) ? first : one.from, to: Date.parse(one.to) > Date.parse(last) ? last : one.to }))
    .sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
  return (
    <Stack gap="md">
      <div>
        <Title order={3} mb={6}>{t("why.offered.title", { count: starts.length, n: format.number(starts.length) })}</Title>
        <Group gap={6}>{starts.map(({ start }) => <Status key={start} tone="good">{clock.time(start)}</Status>)}</Group>
      </div>
      {cut.length > 0 && (
        <div>
          <Title order={3} mb={6}>{t("why.missing.title")}</Title>
          <Table.ScrollContainer minWidth={320}>
            <Table>
              <Table.Thead><Table.Tr><Table.Th>{t("why.when")}</Table.Th><Table.Th>{t("why.because")}</Table.Th><Table.Th>{t("why.whom")}</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {cut.map((one) => (
                  <Table.Tr key={`${one.from} ${one.to} ${one.reason} ${one.host ?? ""}`}>
                    <Table.Td style={{ whiteSpace: "nowrap" }}>{clock.times(one.from, one.to)}</Table.Td><Table.Td>{reason(one.reason)}</Table.Td><Table.Td>{one.host ? <bdi>{host(one.host)}</bdi> : "–"}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </div>
      )}
    </Stack>
  );
}
