import { Box, Button, Card, Group, Stack, Text } from "@mantine/core";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { refused } from "@/ui/notify";
import { Status, type Tone } from "@/ui/Status";
import { CopyText, Ltr, When } from "@/ui/text";

type Domain = components["schemas"]["Domain"];

interface DnsRecord {
  purpose: string;
  type: string;
  name: string;
  value: string;
}

interface Check {
  purpose: string;
  name: string;
  finding: "found" | "missing" | "different" | "several" | "no_answer";
  remark: string | null;
}

const TONE: Record<Check["finding"], Tone> = { found: "good", missing: "attention", different: "bad", several: "bad", no_answer: "waiting" };

/** The DNS records of a sending domain, ready to be copied, and whether the world sees them. */
export function DomainRecords({ domain }: { domain: Domain }) {
  const { t } = useTranslation("app_settings");
  const [busy, setBusy] = useState(false);
  const records = domain.records as unknown as DnsRecord[];
  const checks = ((domain.report as { checks?: Check[] } | null)?.checks ?? []);
  const check = async () => {
    setBusy(true);
    const { error } = await fetchClient.POST("/v1/domains/{domain}/check", { params: { path: { domain: domain.domain } } });
    setBusy(false);
    if (error) refused(error);
    await stale("/v1/domains", "/v1/sending", "/v1/setup");
  };
  return (
    <Stack gap="sm">
      {records.map((record) => {
        const seen = checks.find(({ name, purpose }) => name === record.name && purpose === record.purpose);
        return (
          <Card key={record.purpose + record.name + record.value} padding="sm" component="section">
            <Group justify="space-between" mb={6}>
              <Text size="sm" fw={600}>{t(`record.${record.purpose as "spf"}`)} · <Ltr>{record.type}</Ltr></Text>
              {seen && <Status tone={TONE[seen.finding]}>{t(`finding.${seen.finding}`)}</Status>}
            </Group>
            <CopyText label={t("domain.record_name")} value={record.name} />
            <Box mt={6}><CopyText block label={t("domain.record_value")} value={record.value} /></Box>
            {seen?.remark && <Text size="sm" mt={4} dir="auto">{seen.remark}</Text>}
          </Card>
        );
      })}
      <Group>
        <Button variant="default" leftSection={<RefreshCw aria-hidden size={16} />} loading={busy} onClick={() => void check()}>{t("domain.check")}</Button>
        {domain.checked_at && <Text size="sm" c="dimmed">{t("domain.checked")} <When at={domain.checked_at} /></Text>}
      </Group>
    </Stack>
  );
}
