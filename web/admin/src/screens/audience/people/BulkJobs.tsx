import { ActionIcon, Button, Card, Group, Progress, Stack, Text } from "@mantine/core";
import { Download, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { refused } from "@/ui/notify";
import { Status, type Tone } from "@/ui/Status";
import { useWord } from "@/ui/words";
import { download } from "@/ui/download";
import type { Bulk } from "../shapes";

const TONE: Record<string, Tone> = { running: "busy", finished: "good", cancelled: "off", failed: "bad" };
const PATH = "/v1/contacts/bulk";
const RECENT = 10 * 60_000;
const EVERY = 1000;

const isRecent = ({ state, updated_at }: Bulk) => state === "running" || Date.now() - new Date(updated_at).getTime() < RECENT;

function Job({ job, hide }: { job: Bulk; hide: () => void }) {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const may = useMay();
  const word = useWord();
  const format = useFormat();
  const path = { params: { path: { id: job.id } } };
  const cancel = async () => {
    const { error } = await fetchClient.POST("/v1/contacts/bulk/{id}/cancel", path);
    if (error) refused(error);
    await stale(PATH);
  };
  const file = async () => {
    const { data, error } = await fetchClient.GET("/v1/contacts/bulk/{id}/file", { ...path, parseAs: "blob" });
    if (error) refused(error);
    else if (data) download("people.csv", data);
  };
  const left = job.state === "running" && job.eta_seconds ? t("bulk.left", { when: format.relative(Date.now() + job.eta_seconds * 1000) }) : "";
  const name = word("bulk_action", job.action);
  return (
    <Card padding="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="xs"><Text size="sm" fw={600}>{name}</Text><Status tone={TONE[job.state] ?? "waiting"}>{word("bulk_state", job.state)}</Status></Group>
        <Group gap={4}>
          {job.state === "running" && <Button size="compact-sm" variant="default" onClick={() => void cancel()}>{t("app_shell:cancel")}</Button>}
          {job.file && job.state === "finished" && may("contacts:export") && <Button size="compact-sm" leftSection={<Download aria-hidden size={14} />} onClick={() => void file()}>{t("bulk.download")}</Button>}
          {job.state !== "running" && <ActionIcon size="sm" onClick={hide} aria-label={t("bulk.hide")}><X aria-hidden size={14} /></ActionIcon>}
        </Group>
      </Group>
      {job.state === "running" && <Progress my={6} value={job.percent} aria-label={name} />}
      <Text size="xs" c="dimmed" aria-live="polite">
        {t("bulk.counts", { done: format.number(job.done), total: format.number(job.total), changed: format.number(job.changed), skipped: format.number(job.skipped) })}
        {job.failed > 0 && ` · ${t("bulk.failed", { count: job.failed, n: format.number(job.failed) })}`}
        {left && ` · ${left}`}
      </Text>
      {job.error && <Text size="sm" dir="auto">{job.error}</Text>}
    </Card>
  );
}

/** Jobs over many people that run or ended just now; they are here again after a reload. */
export function BulkJobs() {
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const jobs = api.useQuery("get", PATH, {}, { refetchInterval: ({ state }) => (state.data?.items.some((job) => job.state === "running") ? EVERY : false) });
  const items = (jobs.data?.items ?? []).filter((job) => isRecent(job) && !hidden.includes(job.id));
  const running = items.filter(({ state }) => state === "running").length;
  const before = useRef(0);
  useEffect(() => {
    if (running < before.current) void stale("/v1/contacts", "/v1/tags", "/v1/topics");
    before.current = running;
  }, [running]);
  if (items.length === 0) return null;
  return <Stack gap="xs">{items.map((job) => <Job key={job.id} job={job} hide={() => setHidden([...hidden, job.id])} />)}</Stack>;
}
