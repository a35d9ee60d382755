import { Alert, Badge, Button, Card, Group, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Download, Square } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { refused } from "@/ui/notify";
import { Ltr } from "@/ui/text";
import { useWord } from "@/ui/words";
import { download } from "@/ui/download";
import type { Import } from "../shapes";
import { ImportState } from "./ImportState";
import { useReason } from "./useReason";

const EVERY = 800;
const isMoving = (state: string | undefined) => state === "running" || state === "waiting";
const COUNTS = ["added", "updated", "unchanged", "rejected", "left_as_they_are", "without_basis"] as const;

function Running({ one }: { one: Import }) {
  const { t } = useTranslation(["app_import", "app_shell"]);
  const format = useFormat();
  const cancel = async () => {
    const { error } = await fetchClient.POST("/v1/imports/{id}/cancel", { params: { path: { id: one.id } } });
    if (error) refused(error);
    await stale("/v1/imports", "/v1/activity");
  };
  return (
    <Stack gap={6}>
      <Progress value={one.percent ?? 100} animated={one.percent === null || one.percent === undefined} aria-label={t("running")} />
      <Group justify="space-between">
        <Text size="sm" c="dimmed" aria-live="polite">
          {t("read", { count: one.read, n: format.number(one.read) })}
          {one.per_second ? ` · ${t("per_second", { n: format.number(Math.round(one.per_second)) })}` : ""}
          {one.eta_seconds ? ` · ${t("left", { when: format.relative(Date.now() + one.eta_seconds * 1000) })}` : ""}
        </Text>
        <Button size="xs" variant="default" leftSection={<Square aria-hidden size={12} />} onClick={() => void cancel()}>{t("stop")}</Button>
      </Group>
    </Stack>
  );
}

function Rejects({ one }: { one: Import }) {
  const { t } = useTranslation("app_import");
  const format = useFormat();
  const reason = useReason();
  const path = { path: { id: one.id } };
  const query = api.useQuery("get", "/v1/imports/{id}/rejects/preview", { params: path }, { enabled: !isMoving(one.state), retry: false });
  const save = async () => {
    const { data, error } = await fetchClient.GET("/v1/imports/{id}/rejects", { params: path, parseAs: "blob" });
    if (error) return refused(error);
    if (data) download(`rejects-${one.id}.csv`, data as unknown as Blob);
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={3}>{t("rejects", { count: one.rejected, n: format.number(one.rejected) })}</Title>
        <Button size="xs" variant="default" leftSection={<Download aria-hidden size={14} />} onClick={() => void save()}>{t("rejects.download")}</Button>
      </Group>
      <Text size="sm" c="dimmed">{t("rejects.about")}</Text>
      <Loaded query={query} lines={2}>
        {({ items, total }) => (
          <DataTable label={t("rejects.list")} height={360} rows={items} rowKey={({ line, reason: why }) => `${line} ${why}`} columns={[
            { key: "line", title: t("rejects.line"), cell: ({ line }) => format.number(line) },
            { key: "reason", title: t("rejects.reason"), cell: ({ reason: why }) => <span dir="auto">{reason(why)}</span> },
            { key: "value", title: t("rejects.value"), cell: ({ value }) => <bdi>{value}</bdi> },
          ]} footer={total > items.length ? <Text size="sm" c="dimmed">{t("rejects.more", { n: format.number(total - items.length), count: total - items.length })}</Text> : undefined} />
        )}
      </Loaded>
    </Stack>
  );
}

function Warnings({ one }: { one: Import }) {
  const { t } = useTranslation("app_import");
  const format = useFormat();
  const reason = useReason();
  const told = one.warnings as Array<{ line: number; column: string; reason: string }>;
  return (
    <Alert color="amber" title={t("warnings", { count: one.warning_count, n: format.number(one.warning_count) })}>
      <Stack gap={2}>{told.slice(0, 10).map(({ line, column, reason: why }) => <Text key={`${line} ${column}`} size="sm">{t("found.line", { n: format.number(line) })} · <bdi>{column}</bdi>: <span dir="auto">{reason(why)}</span></Text>)}</Stack>
    </Alert>
  );
}

function Mapped({ one }: { one: Import }) {
  const { t } = useTranslation("app_import");
  const word = useWord();
  const mapped = Object.entries(one.mapped);
  return (
    <Text size="sm" c="dimmed" component="div">
      {mapped.map(([column, field]) => <div key={column}><bdi>{column}</bdi>: <bdi>{word("field", field.toLowerCase().replaceAll(" ", "_"))}</bdi></div>)}
      {one.dropped.length > 0 && <div>{t("dropped", { count: one.dropped.length })}: {one.dropped.map((column) => <Badge key={column} color="gray" me={4}><bdi>{column}</bdi></Badge>)}</div>}
      {one.encoding && <div>{t("found.encoding")}: <Ltr>{one.encoding}</Ltr></div>}
    </Text>
  );
}

/** What an import did, or would do: counts, rows left out with reasons, values not taken. */
export function Outcome({ id }: { id: string }) {
  const { t } = useTranslation("app_import");
  const format = useFormat();
  const query = api.useQuery("get", "/v1/imports/{id}", { params: { path: { id } } }, { refetchInterval: ({ state }) => (isMoving(state.data?.state) ? EVERY : false) });
  const moving = isMoving(query.data?.state);
  const moved = useRef(false);
  useEffect(() => {
    if (moved.current && !moving) void stale("/v1/contacts", "/v1/topics", "/v1/tags", "/v1/activity");
    moved.current = moving;
  }, [moving]);
  return (
    <Loaded query={query}>
      {(one) => (
        <Card component="section" aria-label={t(one.dry_run ? "outcome.trial" : "outcome")}>
          <Stack>
            <Group justify="space-between"><Title order={2}>{t(one.dry_run ? "outcome.trial" : "outcome")}</Title><ImportState of={one} /></Group>
            {one.dry_run && !isMoving(one.state) && <Text size="sm">{t("outcome.nothing")}</Text>}
            {isMoving(one.state) && <Running one={one} />}
            {one.error && <Alert color="red" role="alert"><span dir="auto">{one.error}</span></Alert>}
            <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>{COUNTS.map((name) => <Figure key={name} label={t(`count.${name}`)} hint={t(`count.${name}_help`)} value={format.number(one[name])} />)}</SimpleGrid>
            {one.without_basis > 0 && <Alert color="amber">{t("without_basis", { count: one.without_basis, n: format.number(one.without_basis) })}</Alert>}
            {one.rejected > 0 && !isMoving(one.state) && <Rejects one={one} />}
            {one.warning_count > 0 && <Warnings one={one} />}
            <Mapped one={one} />
          </Stack>
        </Card>
      )}
    </Loaded>
  );
}
