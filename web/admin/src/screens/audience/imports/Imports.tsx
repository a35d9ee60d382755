import { Alert, Button, Card, Group, Progress, Stack, Text } from "@mantine/core";
import { FileSpreadsheet, Play, TestTube } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { fieldErrors } from "@/api/problem";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useUnsaved } from "@/ui/unsaved";
import { AudiencePage } from "../AudiencePage";
import type { Inspection } from "../shapes";
import { DropArea } from "./DropArea";
import { Earlier } from "./Earlier";
import { faults, lacks, parameters, propose, queryOf, type Mapping, type Origin } from "./mapping";
import { MappingTable } from "./MappingTable";
import { OriginForm } from "./OriginForm";
import { Outcome } from "./Outcome";
import { upload } from "./upload";

const LOOKED_AT = 1 << 20;
const BLANK: Origin = { topic: "", basis: "", source: "", collected_on: "", sale_date: "", assessment: "", reason: "", purchased: false, vendor: "", contract: "", collection: "", tracking: false };
const KNOWN = Object.keys(BLANK);

interface Looked {
  file: File;
  inspection: Inspection;
}

async function inspect(file: File): Promise<Inspection> {
  const { data, error } = await fetchClient.POST("/v1/imports/inspect", {
    body: file.slice(0, LOOKED_AT) as unknown as string, bodySerializer: (body) => body as unknown as BodyInit, headers: { "Content-Type": "text/csv" },
  });
  if (error) throw error;
  return data;
}

/** One file on its way in: columns, right to write, trial, import. */
function Prepare({ looked: { file, inspection }, other }: { looked: Looked; other: () => void }) {
  const { t } = useTranslation("app_import");
  const format = useFormat();
  const navigate = useNavigate();
  const may = useMay();
  const fields = api.useQuery("get", "/v1/fields", {}, { enabled: may("fields:read") });
  const own = fields.data?.items ?? [];
  const [chosen, setChosen] = useState<Mapping | null>(null);
  const [origin, setOrigin] = useState(BLANK);
  const [asked, setAsked] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [trial, setTrial] = useState<string | null>(null);
  useUnsaved(true);
  const mapping = chosen ?? propose(inspection.columns, own);
  const missing = lacks(origin, mapping);
  const server = fieldErrors(trouble, KNOWN);
  const errors = { ...(asked ? Object.fromEntries(missing.map((name) => [name, t(`lacks.${name}` as "lacks.topic")])) : {}), ...server.fields };
  const run = async (dryRun: boolean) => {
    setAsked(true);
    setTrouble(null);
    if (missing.length > 0 || faults(mapping).length > 0) return;
    setSent(0);
    try {
      const { id } = await upload(queryOf(origin, parameters(inspection.columns, mapping), dryRun), file, setSent);
      await stale("/v1/imports", "/v1/activity");
      if (dryRun) setTrial(id);
      else void navigate(to(`/audience/import/${id}`));
    } catch (error) {
      setTrouble(error);
    } finally {
      setSent(null);
    }
  };
  const change = (next: Mapping) => { setChosen(next); setTrial(null); };
  return (
    <Stack>
      <Card padding="sm">
        <Group justify="space-between">
          <Group gap="xs"><FileSpreadsheet aria-hidden size={20} /><Text size="sm" fw={600}><bdi>{file.name}</bdi></Text><Text size="sm" c="dimmed">{format.bytes(file.size)}</Text></Group>
          <Button size="xs" variant="default" onClick={other}>{t("other_file")}</Button>
        </Group>
      </Card>
      <MappingTable inspection={inspection} mapping={mapping} own={own} change={change} />
      <OriginForm origin={origin} mapping={mapping} errors={errors} change={(part) => { setOrigin({ ...origin, ...part }); setTrial(null); }} />
      {asked && missing.length > 0 && <Alert color="red" role="alert">{t("lacks", { count: missing.length, n: format.number(missing.length) })}</Alert>}
      {trouble !== null && server.rest.length > 0 && <Failed error={trouble} />}
      {trouble !== null && Object.keys(server.fields).length === 0 && server.rest.length === 0 && <Failed error={trouble} />}
      {sent !== null && <Progress value={sent * 100} animated aria-label={t("uploading")} />}
      {trial && <Outcome id={trial} />}
      <Group justify="flex-end">
        <Button variant={trial ? "default" : "filled"} loading={sent !== null && !trial} leftSection={<TestTube aria-hidden size={16} />} onClick={() => void run(true)}>{t("try")}</Button>
        <Button variant={trial ? "filled" : "default"} disabled={sent !== null} leftSection={<Play aria-hidden size={16} />} onClick={() => void run(false)}>{t("go")}</Button>
      </Group>
      <Text size="sm" c="dimmed" ta="end">{t("try.about")}</Text>
    </Stack>
  );
}

export default function Imports() {
  const [looked, setLooked] = useState<Looked | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const take = async (file: File) => {
    setBusy(true);
    setTrouble(null);
    try {
      setLooked({ file, inspection: await inspect(file) });
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <AudiencePage code="import" permission="contacts:import">
      {looked ? <Prepare key={looked.file.name + looked.file.lastModified} looked={looked} other={() => setLooked(null)} /> : (
        <>
          <DropArea take={(file) => void take(file)} busy={busy} />
          {trouble !== null && <Failed error={trouble} />}
          <Earlier />
        </>
      )}
    </AudiencePage>
  );
}
