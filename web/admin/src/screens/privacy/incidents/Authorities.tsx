import { Button, Card, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { Landmark, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { Dialog, entries, instantOf, momentOf } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { told } from "@/ui/notify";
import { Pager } from "@/ui/Pager";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useChoices, useCodes } from "../registers/codes";

interface Intake {
  body: string;
  reference: string;
  instrument: string;
  country: string;
  government_body: boolean;
  jurisdiction: boolean;
  compulsory: boolean;
  categories: string[];
  period_from: string | null;
  period_to: string | null;
  received_at: string | null;
  barred_until: string | null;
  note: string;
}

interface Order extends Intake {
  id: string;
  state: "open" | "answered" | "refused";
  checks: Array<{ check: string; holds: boolean }>;
  exportable: boolean;
  people: number;
  exported_at: string | null;
  subjects_told_at: string | null;
  closed_at: string | null;
  version: number;
}

/** Requests of public authorities: only what passes four tests is handed out, and nothing beyond it. */
export default function Authorities() {
  const { t } = useTranslation("app_registers");
  const may = useMay()("privacy:write");
  const [cursor, setCursor] = useUrlState("from");
  const [edited, setEdited] = useState<Order | "new" | null>(null);
  const orders = api.useQuery("get", "/v1/privacy/authority-requests", { params: { query: { limit: 20, cursor: cursor || undefined } } });
  return (
    <Section title={t("orders.title")} about={t("orders.about")} actions={may && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEdited("new")}>{t("orders.add")}</Button>}>
      <Loaded query={orders}>
        {({ items, next }) => items.length === 0 ? <Nothing icon={Landmark} title={t("orders.none")} text={t("orders.none_text")} /> : (
          <Stack gap="sm">
            {(items as Order[]).map((one) => <Shown key={one.id} one={one} edit={() => setEdited(one)} />)}
            {(next || cursor) && <Pager back={cursor ? () => setCursor("") : undefined} on={next ? () => setCursor(next) : undefined} />}
          </Stack>
        )}
      </Loaded>
      {edited && <Edit one={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </Section>
  );
}

function Shown({ one, edit }: { one: Order; edit: () => void }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  return (
    <Card padding="md">
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start">
          <div><Text fw={600} component="h3" m={0}><bdi>{one.body}</bdi></Text><Text size="sm" c="dimmed"><bdi>{one.country}</bdi>{one.reference && <> · <Ltr>{one.reference}</Ltr></>} · <Moment at={one.received_at} /></Text></div>
          <Status tone={one.state === "open" ? "attention" : one.state === "answered" ? "good" : "off"}>{say("order_state", one.state)}</Status>
        </Group>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={4}>
          {one.checks.map(({ check, holds }) => <Group key={check} gap={6} wrap="nowrap"><Status tone={holds ? "good" : "bad"}>{t(holds ? "orders.holds" : "orders.fails")}</Status><Text size="sm">{say("test", check)}</Text></Group>)}
        </SimpleGrid>
        <Text size="sm">{t("orders.categories")}: {one.categories.length > 0 ? format.list(one.categories.map((code) => say("class", code))) : "–"}</Text>
        <Text size="sm">{t("orders.period")}: <Moment at={one.period_from} /> – <Moment at={one.period_to} /></Text>
        <Text size="sm">{t("orders.people", { count: one.people, n: format.number(one.people) })}</Text>
        {one.exported_at && <Text size="sm">{t("orders.exported")}: <Moment at={one.exported_at} /></Text>}
        {one.exported_at && <Text size="sm">{one.subjects_told_at ? <>{t("orders.told")}: <Moment at={one.subjects_told_at} /></> : one.barred_until ? <>{t("orders.barred")}: <Moment at={one.barred_until} /></> : t("orders.untold")}</Text>}
        {one.note && <Text size="sm" dir="auto">{one.note}</Text>}
        <Acts one={one} edit={edit} />
      </Stack>
    </Card>
  );
}

function Acts({ one, edit }: { one: Order; edit: () => void }) {
  const { t } = useTranslation("app_registers");
  const format = useFormat();
  const may = useMay()("privacy:write");
  const [naming, setNaming] = useState(false);
  if (!may || one.state !== "open") return null;
  const params = { path: { id: one.id } };
  const hand = () =>
    confirm({
      title: t("orders.export"), text: t("orders.export_text", { n: format.number(one.people) }), button: t("orders.export"), destroys: true,
      act: async () => {
        const { data, error } = await fetchClient.POST("/v1/privacy/authority-requests/{id}/export", { params });
        if (error) throw error;
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }));
        link.download = `${one.id}.json`;
        link.click();
        URL.revokeObjectURL(link.href);
        await stale("/v1/privacy");
      },
    });
  const end = () =>
    confirm({
      title: t("orders.close"), text: t(one.exported_at ? "orders.close_answered" : "orders.close_refused"), button: t("orders.close"),
      act: async () => {
        const { error } = await fetchClient.POST("/v1/privacy/authority-requests/{id}/close", { params });
        if (error) throw error;
        await stale("/v1/privacy");
      },
    });
  const name = async ({ contacts }: { contacts: string }) => {
    const { data, error } = await fetchClient.POST("/v1/privacy/authority-requests/{id}/people", { params, body: { contacts: entries(contacts) } });
    if (error) throw error;
    await stale("/v1/privacy");
    const { people } = data as { people: number };
    told(t("people.put", { count: people, n: format.number(people) }));
  };
  return (
    <Group gap="xs">
      <Button variant="default" size="xs" onClick={edit}>{t("edit")}</Button>
      <Button variant="default" size="xs" onClick={() => setNaming(true)}>{t("orders.name")}</Button>
      <Button variant="default" size="xs" disabled={!one.exportable} onClick={hand}>{t("orders.export")}</Button>
      <Button variant="subtle" size="xs" color="gray" onClick={end}>{t("orders.close")}</Button>
      {naming && <Dialog title={t("orders.name")} about={t("orders.name_about")} initial={{ contacts: "" }} button={t("orders.name")} send={name} close={() => setNaming(false)} fields={[{ name: "contacts", label: t("people.contacts"), note: t("one_a_line"), kind: "lines", code: true, needed: true }]} />}
    </Group>
  );
}

const TESTS = ["government_body", "jurisdiction", "compulsory"] as const;

function Edit({ one, close }: { one: Order | null; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const say = useCodes();
  const choices = useChoices();
  const retention = api.useQuery("get", "/v1/privacy/retention", {});
  const classes = ((retention.data as { classes?: Array<{ name: string; personal: boolean }> } | undefined)?.classes ?? []).filter(({ personal }) => personal).map(({ name }) => name);
  const initial = {
    body: one?.body ?? "", country: one?.country ?? "", reference: one?.reference ?? "", instrument: one?.instrument ?? "", received_at: momentOf(one?.received_at),
    government_body: one?.government_body ? "yes" : "", jurisdiction: one?.jurisdiction ? "yes" : "", compulsory: one?.compulsory ? "yes" : "",
    categories: (one?.categories ?? []).join("\n"), period_from: momentOf(one?.period_from), period_to: momentOf(one?.period_to), barred_until: momentOf(one?.barred_until), note: one?.note ?? "",
  };
  const send = async (values: typeof initial) => {
    const request: Intake = {
      ...values, government_body: values.government_body === "yes", jurisdiction: values.jurisdiction === "yes", compulsory: values.compulsory === "yes", categories: entries(values.categories),
      period_from: instantOf(values.period_from), period_to: instantOf(values.period_to), received_at: instantOf(values.received_at), barred_until: instantOf(values.barred_until),
    };
    const { error } = one
      ? await fetchClient.PUT("/v1/privacy/authority-requests/{id}", { params: { path: { id: one.id } }, body: { version: one.version, request } })
      : await fetchClient.POST("/v1/privacy/authority-requests", { body: request });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return (
    <Dialog title={t("orders.add")} about={t("orders.tests_about")} initial={initial} button={t("app_shell:save")} send={send} close={close} fields={[
      { name: "body", label: t("orders.body"), needed: true },
      { name: "country", label: t("orders.country") },
      { name: "reference", label: t("orders.reference"), code: true },
      { name: "received_at", label: t("orders.received"), kind: "moment" },
      ...TESTS.map((name) => ({ name, label: say("test", name), kind: "check" as const })),
      { name: "instrument", label: t("orders.instrument"), note: t("orders.instrument_note") },
      { name: "categories", label: t("orders.categories"), note: t("orders.categories_note"), kind: "many", choices: choices("class", classes) },
      { name: "period_from", label: t("orders.period_from"), kind: "moment" },
      { name: "period_to", label: t("orders.period_to"), kind: "moment" },
      { name: "barred_until", label: t("orders.barred"), note: t("orders.barred_note"), kind: "moment" },
      { name: "note", label: t("note"), kind: "text" },
    ]} />
  );
}
