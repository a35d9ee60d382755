import { Alert, Button, FileInput, Group, Select, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { FileUp, Upload } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "@/api/schema";
import { isProblem } from "@/api/problem";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { bringIn, useEventTypes, useHosts } from "../server";
import { useTitle } from "../words";
import { homeZone, zones } from "../zone";

type Report = components["schemas"]["BookingImportReport"];

/** Event types and appointments out of Calendly: first what would happen, then the same for good. */
export function Import() {
  const { t } = useTranslation("app_bookings");
  const titleOf = useTitle();
  const manages = useMay()("bookings:manage");
  const hosts = useHosts(manages);
  const types = useEventTypes(manages);
  const [events, setEvents] = useState<File | null>(null);
  const [described, setDescribed] = useState<File | null>(null);
  const [host, setHost] = useState<string | null>(null);
  const [type, setType] = useState<string | null>(null);
  const [timezone, setZone] = useState<string | null>(homeZone());
  const [report, setReport] = useState<Report | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  if (!manages) return null;
  // What was looked through is not what is chosen any more.
  const fresh = <T,>(put: (value: T) => void) => (value: T) => { setReport(null); setTrouble(null); put(value); };
  const run = async (dry_run: boolean) => {
    setBusy(true);
    setTrouble(null);
    try {
      const found = await bringIn({ dry_run, host, event_type: type, timezone, events: events && (await events.text()), event_types: described && (await described.text()) });
      setReport(found);
      if (!dry_run) told(t("import.done"));
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  const wrong = (field: string) => (isProblem(trouble) ? trouble.fields?.find((one) => one.field === field)?.detail : undefined);
  return (
    <Section title={t("import")} about={t("import.about")}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <FileInput clearable label={t("import.events")} description={t("import.events.about")} placeholder={t("import.choose")} accept=".csv,text/csv" leftSection={<FileUp aria-hidden size={16} />} value={events} onChange={fresh(setEvents)} error={wrong("events")} clearButtonProps={{ "aria-label": t("import.clear") }} />
          <FileInput clearable label={t("import.types")} description={t("import.types.about")} placeholder={t("import.choose")} accept=".json,application/json" leftSection={<FileUp aria-hidden size={16} />} value={described} onChange={fresh(setDescribed)} error={wrong("event_types")} clearButtonProps={{ "aria-label": t("import.clear") }} />
          <Select clearable label={t("import.host")} description={t("import.host.about")} data={(hosts.data?.items ?? []).filter(({ left_at }) => !left_at).map(({ id, name }) => ({ value: id, label: name ?? t("host.gone") }))} value={host} onChange={fresh(setHost)} error={wrong("host")} />
          <Select clearable label={t("import.type")} description={t("import.type.about")} data={(types.data?.items ?? []).map((one) => ({ value: one.id, label: titleOf(one) }))} value={type} onChange={fresh(setType)} error={wrong("event_type")} />
          <Select searchable label={t("import.zone")} description={t("import.zone.about")} data={zones(timezone, homeZone())} value={timezone} onChange={fresh(setZone)} error={wrong("timezone")} styles={{ input: { direction: "ltr" } }} />
        </SimpleGrid>
        {report && <Found report={report} />}
        <Group>
          <Button variant={report?.dry_run ? "default" : "filled"} loading={busy} disabled={!events && !described} onClick={() => void run(true)}>{t("import.look")}</Button>
          {report?.dry_run && <Button leftSection={<Upload aria-hidden size={16} />} loading={busy} disabled={report.bookings.new + report.event_types.new === 0} onClick={() => void run(false)}>{t("import.run")}</Button>}
        </Group>
      </Stack>
    </Section>
  );
}

/** What a look through the files, or the import itself, came to. */
function Found({ report }: { report: Report }) {
  const { t } = useTranslation("app_bookings");
  const format = useFormat();
  const { dry_run, event_types, bookings, answers_left_out, rejected } = report;
  const line = (name: string, count: Report["bookings"]) => (
    <Table.Tr><Table.Th scope="row">{name}</Table.Th>{[count.rows, count.new, count.known, count.rejected].map((value, at) => <Table.Td key={at} ta="end" className="tabular">{format.number(value)}</Table.Td>)}</Table.Tr>
  );
  return (
    <Stack role="status">
      <Alert color={dry_run ? "gray" : "teal"}>{t(dry_run ? "import.would" : "import.did")}</Alert>
      <Table maw={620}>
        <Table.Thead><Table.Tr><Table.Th />{(["rows", "new", "known", "rejected"] as const).map((name) => <Table.Th key={name} ta="end">{t(`import.count.${name}`)}</Table.Th>)}</Table.Tr></Table.Thead>
        <Table.Tbody>{line(t("place.types"), event_types)}{line(t("place.calendar"), bookings)}</Table.Tbody>
      </Table>
      {answers_left_out > 0 && <Text size="sm">{t("import.left_out", { count: answers_left_out, n: format.number(answers_left_out) })}</Text>}
      {rejected.length > 0 && (
        <DataTable label={t("import.rejected")} height={320} rows={rejected.map((one, at) => ({ ...one, at }))} rowKey={({ at }) => String(at)} columns={[
          { key: "line", title: t("import.line"), numeric: true, cell: (one) => format.number(one.line) },
          { key: "file", title: t("import.file"), cell: (one) => t(one.file === "events" ? "place.calendar" : "place.types") },
          { key: "why", title: t("import.why"), cell: (one) => <Text size="sm" dir="auto">{one.field ? <><bdi dir="ltr">{one.field}</bdi>: </> : null}{one.detail}</Text> },
        ]} />
      )}
    </Stack>
  );
}
