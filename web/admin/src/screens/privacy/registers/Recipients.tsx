import { Alert, Button, FileButton, Group, List, Text } from "@mantine/core";
import { Building2, FileUp, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Dialog, entries, instantOf } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status, type Tone } from "@/ui/Status";
import { Moment } from "@/ui/text";
import { remarkCode, useChoices, useCodes, useCountries } from "./codes";

interface Details {
  name: string;
  role: string | null;
  location: string;
  countries: string[];
  mechanism: string | null;
  scheme: string | null;
  dpa_date: string | null;
  service: string;
  purposes: string[];
  data_categories: string[];
  connectors: string[];
  since: string | null;
  website: string | null;
}

export interface Recipient extends Details {
  id: string;
  state: "draft" | "announced" | "active" | "ending" | "ended";
  effective_at: string | null;
  ends_at: string | null;
  pending_at: string | null;
  lacks: string[];
  remarks: string[];
  version: number;
}

interface Imported { rows: number; added: number; warnings: Array<{ row: number; name: string }>; stale: Array<{ row: number; name: string; remark: string }> }

const TONE: Record<Recipient["state"], Tone> = { draft: "draft", announced: "waiting", active: "good", ending: "attention", ended: "off" };

type Step = { kind: "edit"; one: Recipient | null } | { kind: "enable" | "end"; one: Recipient };

/** Who receives data: where, on what ground, and what is missing. */
export default function Recipients() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const countries = useCountries();
  const may = useMay()("privacy:write");
  const [step, setStep] = useState<Step | null>(null);
  const recipients = api.useQuery("get", "/v1/privacy/processors", {});
  const add = () => setStep({ kind: "edit", one: null });
  return (
    <Section title={t("recipients.title")} about={t("recipients.about")}
      actions={may && <Group gap="xs"><Import /><Button leftSection={<Plus aria-hidden size={16} />} onClick={add}>{t("recipients.add")}</Button></Group>}>
      <Loaded query={recipients}>
        {({ items }) => (
          <DataTable label={t("recipients.title")} rows={items as Recipient[]} rowKey={({ id }) => id}
            empty={<Nothing icon={Building2} title={t("recipients.none")} text={t("recipients.none_text")} />} columns={[
              { key: "name", title: t("recipients.name"), cell: ({ name, service }) => <><Text span size="sm" fw={600}><bdi>{name}</bdi></Text><Text size="xs" c="dimmed" dir="auto">{service}</Text></> },
              { key: "state", title: t("state"), cell: ({ state, effective_at, ends_at }) => <><Status tone={TONE[state]}>{say("state", state)}</Status>{state === "announced" && <Text size="xs" c="dimmed">{t("from")} <Moment at={effective_at} /></Text>}{state === "ending" && <Text size="xs" c="dimmed">{t("until")} <Moment at={ends_at} /></Text>}</> },
              { key: "place", title: t("recipients.place"), cell: ({ countries: codes, location }) => <bdi>{codes.length > 0 ? countries(codes) : location || "–"}</bdi> },
              { key: "mechanism", title: t("recipients.mechanism"), cell: ({ mechanism }) => say("mechanism", mechanism) },
              { key: "lacks", title: t("recipients.lacks"), width: 200, cell: (one) => <Lacks one={one} /> },
              { key: "act", title: "", cell: (one) => may && <Acts one={one} step={setStep} /> },
            ]} />
        )}
      </Loaded>
      {step?.kind === "edit" && <Edit one={step.one} close={() => setStep(null)} />}
      {step?.kind === "enable" && <Enable one={step.one} close={() => setStep(null)} />}
      {step?.kind === "end" && <End one={step.one} close={() => setStep(null)} />}
    </Section>
  );
}

function Lacks({ one }: { one: Recipient }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  if (one.lacks.length === 0 && one.remarks.length === 0) return <span>{t("nothing")}</span>;
  return (
    <>
      {one.lacks.length > 0 && <Text size="sm">{format.list(one.lacks.map((code) => say("lack", code)))}</Text>}
      {one.remarks.map((text) => <Text key={text} size="xs" c="dimmed" dir="auto">{say("remark", remarkCode(text) ?? text)}</Text>)}
    </>
  );
}

function Acts({ one, step }: { one: Recipient; step: (step: Step) => void }) {
  const { t } = useTranslation("app_registers");
  const remove = () =>
    confirm({
      title: t("recipients.delete"), text: t("recipients.delete_text", { name: one.name }), button: t("recipients.delete"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.DELETE("/v1/privacy/processors/{id}", { params: { path: { id: one.id } } });
        if (error) throw error;
        await stale("/v1/privacy");
      },
    });
  if (one.state === "ended") return null;
  return (
    <Group gap={4}>
      <Button size="compact-sm" variant="subtle" onClick={() => step({ kind: "edit", one })}>{t("edit")}</Button>
      {one.state === "draft" && <Button size="compact-sm" variant="light" onClick={() => step({ kind: "enable", one })}>{t("recipients.enable")}</Button>}
      {one.state === "draft" ? <Button size="compact-sm" variant="subtle" color="red" onClick={remove}>{t("recipients.delete")}</Button> : <Button size="compact-sm" variant="subtle" color="red" onClick={() => step({ kind: "end", one })}>{t("recipients.end")}</Button>}
    </Group>
  );
}

function Edit({ one, close }: { one: Recipient | null; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const choices = useChoices();
  const purposes = api.useQuery("get", "/v1/privacy/purposes", {});
  const catalogue = (purposes.data?.items ?? []) as Array<{ code: string; name: string; retired_at: string | null }>;
  const say = useCodes();
  const list = (items: string[] | undefined) => (items ?? []).join("\n");
  const enabled = one !== null && one.state !== "draft";
  const initial = {
    name: one?.name ?? "", role: one?.role ?? "", service: one?.service ?? "", location: one?.location ?? "", countries: list(one?.countries), mechanism: one?.mechanism ?? "",
    scheme: one?.scheme ?? "", dpa_date: one?.dpa_date ?? "", purposes: list(one?.purposes), data_categories: list(one?.data_categories), connectors: list(one?.connectors),
    website: one?.website ?? "", short_notice: "",
  };
  const known = catalogue.filter(({ retired_at }) => !retired_at).map(({ code, name }) => ({ value: code, label: say("purpose", code) === code ? name : say("purpose", code) }));
  const others = (one?.purposes ?? []).filter((code) => !known.some(({ value }) => value === code)).map((value) => ({ value, label: say("purpose", value) }));
  const send = async ({ short_notice, ...values }: typeof initial) => {
    const details: Details = {
      ...values, role: values.role || null, mechanism: values.mechanism || null, scheme: values.scheme || null, dpa_date: values.dpa_date || null, website: values.website || null, since: one?.since ?? null,
      countries: entries(values.countries), purposes: entries(values.purposes), data_categories: entries(values.data_categories), connectors: entries(values.connectors),
    };
    const { error } = one
      ? await fetchClient.PUT("/v1/privacy/processors/{id}", { params: { path: { id: one.id } }, body: { version: one.version, details, effective_at: null, short_notice: short_notice || null } })
      : await fetchClient.POST("/v1/privacy/processors", { body: details });
    if (error) throw error;
    await stale("/v1/privacy");
    told(t("app_shell:saved"));
  };
  return (
    <Dialog title={one ? one.name : t("recipients.add")} about={t(enabled ? "recipients.change_about" : "recipients.draft_about")} initial={initial} button={t("app_shell:save")} send={send} close={close} fields={[
      { name: "name", label: t("recipients.name"), needed: true },
      { name: "role", label: t("recipients.role"), kind: "choice", choices: choices("role", ["processor", "controller", "conduit"]) },
      { name: "service", label: t("recipients.service"), note: t("recipients.service_note") },
      { name: "location", label: t("recipients.location"), note: t("recipients.location_note") },
      { name: "countries", label: t("recipients.countries"), note: t("recipients.countries_note"), kind: "lines", code: true },
      { name: "mechanism", label: t("recipients.mechanism"), note: t("recipients.mechanism_note"), kind: "choice", choices: choices("mechanism", ["none_eea", "adequacy", "scc", "bcr", "derogation"]) },
      { name: "scheme", label: t("recipients.scheme"), note: t("recipients.scheme_note") },
      { name: "dpa_date", label: t("recipients.dpa_date"), kind: "date" },
      { name: "purposes", label: t("recipients.purposes"), kind: "many", choices: [...known, ...others] },
      { name: "data_categories", label: t("recipients.data"), note: t("one_a_line"), kind: "lines" },
      { name: "connectors", label: t("recipients.connectors"), note: t("recipients.connectors_note"), kind: "lines", code: true },
      { name: "website", label: t("recipients.website"), code: true },
      ...(enabled ? [{ name: "short_notice" as const, label: t("recipients.short_notice"), note: t("recipients.short_notice_note"), kind: "text" as const }] : []),
    ]} />
  );
}

function Enable({ one, close }: { one: Recipient; close: () => void }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const send = async ({ effective_at, short_notice }: { effective_at: string; short_notice: string }) => {
    const { error } = await fetchClient.POST("/v1/privacy/processors/{id}/enable", { params: { path: { id: one.id } }, body: { effective_at: instantOf(effective_at), short_notice: short_notice || null } });
    if (error) throw error;
    await stale("/v1/privacy");
    told(t("recipients.enabled"));
  };
  const about = one.lacks.length > 0 ? t("recipients.enable_lacks", { what: format.list(one.lacks.map((code) => say("lack", code))) }) : t("recipients.enable_about");
  return (
    <Dialog title={t("recipients.enable_name", { name: one.name })} about={about} initial={{ effective_at: "", short_notice: "" }} button={t("recipients.enable")} send={send} close={close} fields={[
      { name: "effective_at", label: t("recipients.effective"), note: t("recipients.effective_note"), kind: "moment" },
      { name: "short_notice", label: t("recipients.short_notice"), note: t("recipients.short_notice_note"), kind: "text" },
    ]} />
  );
}

function End({ one, close }: { one: Recipient; close: () => void }) {
  const { t } = useTranslation("app_registers");
  const send = async ({ at }: { at: string }) => {
    const { error } = await fetchClient.POST("/v1/privacy/processors/{id}/end", { params: { path: { id: one.id } }, body: { at: instantOf(at) } });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return <Dialog title={t("recipients.end_name", { name: one.name })} about={t("recipients.end_about")} initial={{ at: "" }} button={t("recipients.end")} destroys send={send} close={close} fields={[{ name: "at", label: t("recipients.end_at"), note: t("recipients.end_note"), kind: "moment" }]} />;
}

/** A table of recipients from elsewhere becomes drafts. */
function Import() {
  const { t } = useTranslation("app_registers");
  const format = useFormat();
  const take = async (file: File | null) => {
    if (!file) return;
    const { data, error } = await fetchClient.POST("/v1/privacy/processor-imports", { body: { csv: await file.text() } });
    if (error) return refused(error);
    await stale("/v1/privacy");
    const { added, rows, warnings, stale: outdated } = data as Imported;
    confirm({
      title: t("recipients.imported"), button: t("recipients.understood"), act: () => undefined,
      text: (
        <>
          <Text size="sm">{t("recipients.imported_text", { n: format.number(added), rows: format.number(rows) })}</Text>
          {warnings.length > 0 && <Alert color="amber" mt="sm" title={t("recipients.duplicates")}><List size="sm">{warnings.map(({ row, name }) => <List.Item key={row}>{format.number(row)}: <bdi>{name}</bdi></List.Item>)}</List></Alert>}
          {outdated.length > 0 && <Alert color="amber" mt="sm" title={t("recipients.outdated")}><List size="sm">{outdated.map(({ row, name, remark }) => <List.Item key={row}>{format.number(row)}: <bdi>{name}</bdi>, <bdi>{remark}</bdi></List.Item>)}</List></Alert>}
        </>
      ),
    });
  };
  return <FileButton accept=".csv,text/csv" onChange={(file) => void take(file)}>{(props) => <Button variant="default" leftSection={<FileUp aria-hidden size={16} />} {...props}>{t("recipients.import")}</Button>}</FileButton>;
}
