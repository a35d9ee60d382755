import { Accordion, Button, Group, List, SimpleGrid, Stack, Text } from "@mantine/core";
import { Download, Printer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, fetchClient } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Loaded } from "@/ui/Loaded";
import { refused } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useCodes } from "./codes";

interface Activity {
  code: string;
  name: string;
  concept: string;
  basis: string;
  role: string;
  subjects: string[];
  retention: string;
  tables: Array<{ table: string; class: string; columns: string[]; kept: string | null }>;
  recipients: Array<{ name: string; location: string; mechanism: string | null }>;
}

interface Connector { code: string; role: string; carries: string[]; foreign: boolean; recipients: string[] }
interface Book { at: string; lacks: string[]; activities: Activity[]; connectors: Connector[]; disclosures: string[]; measures: string[] }

/** The record of processing activities (GDPR Art. 30), made from the schema and the registers. */
export default function Activities() {
  const { t } = useTranslation("app_registers");
  const book = api.useQuery("get", "/v1/privacy/activities", { params: { query: {} } });
  return (
    <Section title={t("activities.title")} about={t("activities.about")}
      actions={<Group gap="xs"><Save format="csv" /><Save format="html" /></Group>}>
      <Loaded query={book}>{(data) => <Shown book={data as unknown as Book} />}</Loaded>
    </Section>
  );
}

function Save({ format }: { format: "csv" | "html" }) {
  const { t } = useTranslation("app_registers");
  const Icon = format === "csv" ? Download : Printer;
  const save = async () => {
    const { data, error } = await fetchClient.GET("/v1/privacy/activities", { params: { query: { format } }, parseAs: "blob" });
    if (error) return refused(error);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(data as unknown as Blob);
    link.download = `activities.${format}`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return <Button variant="default" leftSection={<Icon aria-hidden size={16} />} onClick={() => void save()}>{t(`activities.${format}`)}</Button>;
}

function Shown({ book }: { book: Book }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  return (
    <Stack>
      {book.lacks.length > 0 && <Group gap="xs"><Status tone="attention">{t("activities.lacks")}</Status><Text size="sm">{format.list(book.lacks.map((code) => say("responsible", code)))}</Text></Group>}
      <Accordion variant="separated" chevronPosition="left" order={3}>
        {book.activities.map((one) => (
          <Accordion.Item key={one.code} value={one.code}>
            <Accordion.Control><Text span fw={600} size="sm"><bdi>{nameOf(one, say)}</bdi></Text><Text size="xs" c="dimmed">{[basisOf(one, say), format.list(one.subjects.map((code) => say("subject", code)))].filter(Boolean).join(" · ")}</Text></Accordion.Control>
            <Accordion.Panel><Detail one={one} /></Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      <Text fw={600} component="h3" m={0}>{t("activities.connectors")}</Text>
      {book.connectors.map(({ code, role, carries, recipients }) => (
        <Group key={code} justify="space-between" align="baseline"><Text size="sm">{say("connector", code)} · {say("role", role)}</Text><Text size="sm" c="dimmed">{format.list(carries.map((what) => say("carries", what)))}{recipients.length > 0 && <> · <bdi>{format.list(recipients)}</bdi></>}</Text></Group>
      ))}
      <Text fw={600} component="h3" m={0}>{t("activities.measures")}</Text>
      <List size="sm">{book.measures.map((text) => <List.Item key={text}><span dir="auto">{say("measure", measureCode(text) ?? text)}</span></List.Item>)}</List>
      <Text size="xs" c="dimmed">{t("activities.at")} <Moment at={book.at} /></Text>
    </Stack>
  );
}

/** The name of an activity; what serves no purpose of the catalogue (`other:CLASS`) has the name of its class. */
function nameOf({ code, name }: { code: string; name: string }, say: ReturnType<typeof useCodes>) {
  if (code.startsWith("other:")) return say("class", code.slice("other:".length));
  return say("purpose", code) === code ? name : say("purpose", code);
}

/** The lawful basis; of what serves no purpose of the catalogue, the ground of its class. */
const basisOf = ({ basis, retention }: { basis: string; retention: string }, say: ReturnType<typeof useCodes>) => (basis ? say("lawful", basis) : say("ground_of", retention));

const MEASURES: ReadonlyArray<readonly [RegExp, string]> = [
  [/key per person/, "encryption"], [/destroyed by erasure/, "erasure"], [/hash-chained/, "ledger"], [/one gate/, "gate"], [/second factor/, "roles"], [/retention periods/, "retention"],
];
const measureCode = (text: string) => MEASURES.find(([typical]) => typical.test(text))?.[1];

function Detail({ one }: { one: Activity }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Text size="sm">{t("activities.basis")}: {basisOf(one, say)}</Text>
        <Text size="sm">{t("activities.role")}: {say("role", one.role)}</Text>
        <Text size="sm">{t("activities.people")}: {format.list(one.subjects.map((code) => say("subject", code))) || "–"}</Text>
        <Text size="sm">{t("activities.kept")}: {say("class", one.retention)}</Text>
        <Text size="sm">{t("activities.concept")}: {one.concept ? <Ltr>{one.concept}</Ltr> : "–"}</Text>
        <Text size="sm">{t("activities.recipients")}: {one.recipients.length > 0 ? <bdi>{format.list(one.recipients.map(({ name, location }) => `${name} (${location})`))}</bdi> : t("nobody")}</Text>
      </SimpleGrid>
      {one.tables.length > 0 && (
        <Text size="sm" c="dimmed">{t("activities.tables")}: <Ltr>{one.tables.map(({ table, columns }) => (columns.length > 0 ? `${table} (${columns.join(", ")})` : table)).join("; ")}</Ltr></Text>
      )}
    </Stack>
  );
}
