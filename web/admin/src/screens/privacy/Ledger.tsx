import { Alert, Button, FileButton, Group, Stack, Text } from "@mantine/core";
import { CircleCheck, CircleX, Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { download } from "@/ui/download";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { refused } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { CopyText, Ltr, Moment } from "@/ui/text";
import type { components } from "@/api/schema";

type Certificate = components["schemas"]["Certificate"];

/** The evidence: the ledger checked, exported and signed; the certificates of erasures. */
export default function Ledger() {
  return <><Chain /><Suppressions /><Certificates /></>;
}

function Chain() {
  const { t } = useTranslation("app_privacy");
  const format = useFormat();
  const may = useMay();
  const verify = api.useMutation("post", "/v1/ledger/verify");
  const checkpoint = api.useMutation("post", "/v1/ledger/checkpoint");
  const result = verify.data;
  const save = async () => {
    const { data, error } = await fetchClient.GET("/v1/ledger/export", { parseAs: "blob" });
    if (error) return refused(error);
    download("ledger.jsonl", data);
  };
  return (
    <Section title={t("ledger.title")} about={t("ledger.about")}>
      <Group gap="xs">
        <Button loading={verify.isPending} onClick={() => verify.mutate({})}>{t("ledger.verify")}</Button>
        <Button variant="default" leftSection={<Download aria-hidden size={16} />} onClick={() => void save()}>{t("ledger.export")}</Button>
        {may("privacy:write") && <Button variant="default" loading={checkpoint.isPending} onClick={() => checkpoint.mutate({})}>{t("ledger.checkpoint")}</Button>}
      </Group>
      {verify.error ? <Failed error={verify.error} /> : null}
      {result && (
        <Alert role="status" color={result.ok ? "teal" : "red"} icon={result.ok ? <CircleCheck aria-hidden /> : <CircleX aria-hidden />} title={result.ok ? t("ledger.ok") : t("ledger.broken")}>
          {result.ok ? t("ledger.counted", { count: result.records ?? 0, n: format.number(result.records ?? 0) }) : t("ledger.first_bad", { n: String(result.first_bad_seq ?? "?") })}
          {result.why && <Text size="sm" dir="auto">{result.why}</Text>}
        </Alert>
      )}
      {checkpoint.error ? <Failed error={checkpoint.error} /> : null}
      {checkpoint.data && (
        <Stack gap="xs">
          <Text size="sm">{t("ledger.keep")}</Text>
          <CopyText block label={t("ledger.checkpoint")} value={JSON.stringify(checkpoint.data, null, 2)} />
        </Stack>
      )}
    </Section>
  );
}

function Suppressions() {
  const { t } = useTranslation("app_privacy");
  const format = useFormat();
  const suppressions = api.useQuery("get", "/v1/suppressions", {});
  return (
    <Section title={t("suppressions.title")} about={t("suppressions.about")}>
      <Loaded query={suppressions} lines={2}>
        {({ items }) => (
          <DataTable label={t("suppressions.title")} rows={items as Array<{ scope: string; reason: string; count: number }>} rowKey={({ scope, reason }) => scope + reason}
            empty={<Text size="sm" c="dimmed">{t("suppressions.none")}</Text>} columns={[
              { key: "reason", title: t("suppressions.reason"), cell: ({ reason }) => t(`suppression.${reason as "unsubscribe"}`) },
              { key: "scope", title: t("suppressions.scope"), cell: ({ scope }) => <Ltr>{scope}</Ltr> },
              { key: "count", title: t("suppressions.count"), numeric: true, cell: ({ count }) => format.number(count) },
            ]} />
        )}
      </Loaded>
    </Section>
  );
}

function Certificates() {
  const { t } = useTranslation("app_privacy");
  const erasures = api.useQuery("get", "/v1/privacy/erasures", { params: { query: { limit: 50 } } });
  const [checked, setChecked] = useState<{ genuine: boolean } | null>(null);
  const check = async (file: File | null) => {
    if (!file) return;
    try {
      const { data, error } = await fetchClient.POST("/v1/privacy/erasures/verify", { body: JSON.parse(await file.text()) as unknown });
      if (error) throw error;
      const { authentic, ours } = data as { authentic: boolean; ours: boolean };
      setChecked({ genuine: authentic && ours });
    } catch (error) {
      refused(error);
    }
  };
  const save = (certificate: Certificate) => download(`${certificate.id}.json`, new Blob([JSON.stringify(certificate, null, 2)], { type: "application/json" }));
  return (
    <Section title={t("certificates.title")} about={t("certificates.about")}
      actions={<FileButton accept="application/json" onChange={(file) => void check(file)}>{(props) => <Button variant="default" {...props}>{t("certificates.check")}</Button>}</FileButton>}>
      {checked && <Alert role="status" color={checked.genuine ? "teal" : "red"}>{t(checked.genuine ? "certificates.genuine" : "certificates.not_genuine")}</Alert>}
      <Loaded query={erasures}>
        {({ items }) => (
          <DataTable label={t("certificates.title")} rows={items} rowKey={({ id }) => id} empty={<Text size="sm" c="dimmed">{t("certificates.none")}</Text>} columns={[
            { key: "id", title: t("certificates.id"), cell: ({ id }) => <Ltr>{id}</Ltr> },
            { key: "at", title: t("certificates.at"), cell: ({ completed_at }) => <Moment at={completed_at} /> },
            { key: "save", title: "", cell: (certificate) => <Button size="compact-sm" variant="subtle" leftSection={<Download aria-hidden size={14} />} onClick={() => save(certificate)}>{t("certificates.save")}</Button> },
          ]} />
        )}
      </Loaded>
    </Section>
  );
}
