import { Alert, Button, Card, Group, Stack, Table, Text, Title } from "@mantine/core";
import { Download, ShieldCheck, UserX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { Nothing } from "@/ui/Nothing";
import { Page } from "@/ui/Page";
import { CopyText, Ltr, Moment } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { download } from "@/ui/download";
import type { Certificate as Signed } from "../shapes";

/** What became of one table; the description of the API leaves it open. */
interface ErasedTable { table: string; class: string; erased: boolean; kept?: string; until?: string; held?: string }

function Tables({ tables }: { tables: ErasedTable[] }) {
  const { t } = useTranslation("app_contact");
  const format = useFormat();
  const kept = tables.filter((table) => table.kept || table.held || !table.erased);
  const gone = tables.filter((table) => !kept.includes(table));
  return (
    <Stack gap="xs">
      <Text size="sm">{t("certificate.gone", { count: gone.length, n: format.number(gone.length) })}</Text>
      {kept.length > 0 && (
        <Table.ScrollContainer minWidth={480}>
          <Table>
            <Table.Thead><Table.Tr><Table.Th>{t("certificate.table")}</Table.Th><Table.Th>{t("certificate.kept")}</Table.Th><Table.Th>{t("certificate.until")}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {kept.map((table) => (
                <Table.Tr key={table.table}><Table.Td><Ltr>{table.table}</Ltr></Table.Td><Table.Td><span dir="auto">{table.held ?? table.kept ?? "–"}</span></Table.Td><Table.Td>{table.until ? format.date(table.until) : "–"}</Table.Td></Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

/** The signed statement that somebody was erased. It names nobody. */
function Statement({ certificate }: { certificate: Signed }) {
  const { t } = useTranslation("app_contact");
  const format = useFormat();
  const save = () => download(`erasure-${certificate.id}.json`, JSON.stringify(certificate, null, 2), "application/json");
  return (
    <Card>
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{t("certificate")}</Title>
          <Button variant="default" leftSection={<Download aria-hidden size={16} />} onClick={save}>{t("certificate.download")}</Button>
        </Group>
        <Alert color="teal" icon={<ShieldCheck aria-hidden />}>{t("certificate.text")}</Alert>
        <Text size="sm">{t("certificate.completed")}: <Moment at={certificate.completed_at} /></Text>
        <Text size="sm">{t("certificate.suppressed", { count: certificate.suppressed, n: format.number(certificate.suppressed) })}</Text>
        <Tables tables={certificate.tables as ErasedTable[]} />
        <Text size="sm" c="dimmed" dir="auto">{certificate.note}</Text>
        <Text size="sm" fw={600}>{t("certificate.key")}</Text><CopyText value={certificate.public_key} label={t("certificate.key")} />
        <Text size="sm" fw={600}>{t("certificate.signature")}</Text><CopyText value={certificate.signature} label={t("certificate.signature")} />
      </Stack>
    </Card>
  );
}

/** In the place of a person who was erased: the certificate; of one who never was: nothing. */
export function ErasedPerson({ id }: { id: string }) {
  const { t } = useTranslation("app_contact");
  const certificate = api.useQuery("get", "/v1/privacy/erasures/{contact}", { params: { path: { contact: id } } }, { retry: false });
  return (
    <Page title={certificate.data ? t("erased") : t("person")} above={[{ label: t("audience"), href: to("/audience") }]} permission="privacy:read">
      {certificate.data ? <Statement certificate={certificate.data} /> : certificate.isPending ? <Waiting /> : (
        <Nothing icon={UserX} title={t("gone.title")} text={t("gone.text")} action={{ label: t("gone.back"), href: to("/audience") }} />
      )}
    </Page>
  );
}
