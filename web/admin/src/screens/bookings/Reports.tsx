import { Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { ChartNoAxesCombined } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useUrlState } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { dayOf, plusDays } from "@/ui/days";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { BookingsPage } from "./BookingsPage";
import { useEventTypes, useHosts, useReport } from "./server";
import type { Report } from "./shapes";
import { useTitle } from "./words";
import { span } from "./zone";
import { useShownZone } from "./ZoneSelect";

const MONTH = 29;

/** What was booked, called off and missed, by event type and by host. */
export default function Reports() {
  const { t } = useTranslation("app_bookings");
  const today = dayOf(new Date());
  const [from, setFrom] = useUrlState("from", plusDays(today, -MONTH));
  const [until, setUntil] = useUrlState("to", today);
  const [zone] = useShownZone();
  const report = useReport(span(from, until < from ? from : until, zone));
  return (
    <BookingsPage code="reports">
      <Group align="flex-end">
        <TextInput type="date" label={t("report.from")} value={from} onChange={(event) => event.currentTarget.value && setFrom(event.currentTarget.value)} />
        <TextInput type="date" label={t("report.to")} value={until} min={from} onChange={(event) => event.currentTarget.value && setUntil(event.currentTarget.value)} />
      </Group>
      <Loaded query={report}>{(data) => data.booked + data.cancelled + data.declined === 0 ? <Nothing icon={ChartNoAxesCombined} title={t("report.none")} text={t("report.none.text")} /> : <Numbers report={data} />}</Loaded>
    </BookingsPage>
  );
}

function Numbers({ report }: { report: Report }) {
  const { t } = useTranslation("app_bookings");
  const format = useFormat();
  const title = useTitle();
  const hosts = useHosts();
  const types = useEventTypes();
  const all = report.booked + report.cancelled + report.declined;
  const host = (id: string) => hosts.data?.items.find((one) => one.id === id)?.name ?? t("host.gone");
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Figure label={t("report.booked")} value={format.number(report.booked)} />
        <Figure label={t("report.cancelled")} value={format.number(report.cancelled)} note={format.share(report.cancelled, all)} />
        <Figure label={t("report.declined")} value={format.number(report.declined)} note={format.share(report.declined, all)} />
        <Figure label={t("report.no_show")} value={format.number(report.no_show)} note={format.share(report.no_show, report.booked)} hint={t("report.no_show.hint")} />
      </SimpleGrid>
      <Section title={t("report.by_type")}>
        <DataTable label={t("report.by_type")} rows={report.by_event_type} rowKey={({ event_type }) => event_type} columns={[
          { key: "type", title: t("filter.type"), cell: ({ event_type }) => <bdi>{title(types.data?.items.find(({ id }) => id === event_type)) || t("type.gone")}</bdi> },
          { key: "booked", title: t("report.booked"), numeric: true, cell: ({ booked }) => format.number(booked) },
          { key: "cancelled", title: t("report.cancelled"), numeric: true, cell: ({ cancelled }) => format.number(cancelled) },
          { key: "no_show", title: t("report.no_show"), numeric: true, cell: ({ no_show }) => format.number(no_show) },
        ]} />
      </Section>
      <Section title={t("report.by_host")} about={t("report.by_host.about")}>
        <DataTable label={t("report.by_host")} rows={report.by_host} rowKey={(row) => row.host} columns={[
          { key: "host", title: t("column.host"), cell: (row) => <bdi>{host(row.host)}</bdi> },
          { key: "booked", title: t("report.booked"), numeric: true, cell: ({ sessions }) => format.number(sessions) },
          { key: "share", title: t("report.share"), numeric: true, cell: ({ sessions }) => format.share(sessions, report.by_host.reduce((sum, row) => sum + row.sessions, 0)) },
        ]} />
      </Section>
      <Text size="xs" c="dimmed">{t("report.note")}</Text>
    </Stack>
  );
}
