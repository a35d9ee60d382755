import { Anchor, Button, Group, SimpleGrid, Stack, Text, Timeline } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { isProblem } from "@/api/problem";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Dialog, entries, instantOf, numberOf } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useChoices, useCodes } from "../registers/codes";
import { Clocks } from "./Clocks";
import { Notices } from "./Notices";
import type { Entry, IncidentView } from "./model";

/** One incident: its clocks, what is known, whom it concerns, who was told, and its end. */
export default function Incident() {
  const { id = "" } = useParams();
  const { t } = useTranslation("app_registers");
  const incident = api.useQuery("get", "/v1/privacy/incidents/{id}", { params: { path: { id } } });
  return (
    <Stack gap={0}>
      <Anchor component={Link} to={to("/privacy/incidents")} size="sm" mb="sm">{t("incidents.title")}</Anchor>
      <Loaded query={incident}>
        {(data) => {
          const one = data as IncidentView;
          return <><Facts one={one} /><People one={one} /><Notices incident={one} /><History one={one} /></>;
        }}
      </Loaded>
    </Stack>
  );
}

function Facts({ one }: { one: IncidentView }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const may = useMay()("privacy:write");
  const [step, setStep] = useState<"edit" | "close" | null>(null);
  const texts = ["description", "cause", "advice", "report"] as const;
  const figure = (value: number | null) => (value === null ? t("incident.unknown") : format.number(value));
  const list = (items: string[]) => <bdi>{items.length > 0 ? format.list(items) : t("incident.unknown")}</bdi>;
  return (
    <Section title={one.title} about={say("incident", one.kind)} actions={<Status tone={one.state === "closed" ? "off" : "attention"}>{say("state", one.state)}</Status>}>
      <Clocks clocks={one.clocks} />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        <Text size="sm">{t("incidents.discovered")}: <Moment at={one.discovered_at} /></Text>
        <Text size="sm">{t("incident.risk")}: {one.risk ? say("risk", one.risk.level) : t("incident.not_assessed")}</Text>
        <Text size="sm">{t("incident.people")}: {figure(one.subjects)}</Text>
        <Text size="sm">{t("incident.records")}: {figure(one.records)}</Text>
        <Text size="sm">{t("incident.groups")}: {list(one.subject_categories)}</Text>
        <Text size="sm">{t("incident.data")}: {list(one.data_categories)}</Text>
      </SimpleGrid>
      {one.risk?.reasoning && <Text size="sm" dir="auto">{one.risk.reasoning}</Text>}
      {texts.filter((name) => one[name]).map((name) => <div key={name}><Text size="sm" fw={600}>{t(`incident.${name}`)}</Text><Text size="sm" dir="auto" style={{ whiteSpace: "pre-wrap" }}>{one[name]}</Text></div>)}
      {one.measures.length > 0 && <div><Text size="sm" fw={600}>{t("incident.measures")}</Text>{one.measures.map((text) => <Text key={text} size="sm" dir="auto">{text}</Text>)}</div>}
      {may && one.state === "open" && (
        <Group gap="xs"><Button onClick={() => setStep("edit")}>{t("incident.edit")}</Button><Button variant="default" onClick={() => setStep("close")}>{t("incident.close")}</Button></Group>
      )}
      {step === "edit" && <Edit one={one} close={() => setStep(null)} />}
      {step === "close" && <Close one={one} close={() => setStep(null)} />}
    </Section>
  );
}

function Edit({ one, close }: { one: IncidentView; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const choices = useChoices();
  const initial = {
    title: one.title, kind: one.kind, description: one.description, cause: one.cause, subject_categories: one.subject_categories.join("\n"), data_categories: one.data_categories.join("\n"),
    subjects: one.subjects === null ? "" : String(one.subjects), records: one.records === null ? "" : String(one.records), risk: one.risk?.level ?? "", reasoning: one.risk?.reasoning ?? "",
    measures: one.measures.join("\n"), advice: one.advice,
  };
  const send = async ({ kind, risk, reasoning, ...values }: typeof initial) => {
    const details = {
      ...values, report: one.report, subject_categories: entries(values.subject_categories), data_categories: entries(values.data_categories), measures: entries(values.measures),
      subjects: numberOf(values.subjects), records: numberOf(values.records), risk: risk ? { level: risk, reasoning } : null,
    };
    const { error } = await fetchClient.PUT("/v1/privacy/incidents/{id}", { params: { path: { id: one.id } }, body: { version: one.version, kind, details } });
    if (error) throw error;
    await stale("/v1/privacy");
    told(t("app_shell:saved"));
  };
  return (
    <Dialog title={t("incident.edit")} about={t("incident.edit_about")} initial={initial} button={t("app_shell:save")} send={send} close={close} fields={[
      { name: "title", label: t("incidents.what"), needed: true },
      { name: "kind", label: t("incidents.kind"), kind: "choice", choices: choices("incident", ["breach", "exposure_risk"]), needed: true },
      { name: "description", label: t("incident.description"), kind: "text" },
      { name: "cause", label: t("incident.cause"), kind: "text" },
      { name: "subject_categories", label: t("incident.groups"), note: t("one_a_line"), kind: "lines" },
      { name: "subjects", label: t("incident.people"), note: t("incident.about_how_many"), kind: "number" },
      { name: "data_categories", label: t("incident.data"), note: t("one_a_line"), kind: "lines" },
      { name: "records", label: t("incident.records"), note: t("incident.about_how_many"), kind: "number" },
      { name: "risk", label: t("incident.risk"), note: t("incident.risk_note"), kind: "choice", choices: choices("risk", ["unlikely", "risk", "high"]) },
      { name: "reasoning", label: t("incident.reasoning"), kind: "text" },
      { name: "measures", label: t("incident.measures"), note: t("one_a_line"), kind: "lines" },
      { name: "advice", label: t("incident.advice"), kind: "text" },
    ]} />
  );
}

/** What the server misses before it closes an incident, as a code. */
const lackCode = (field: string) => (field.includes("customers") ? "customers" : field.includes("authority") ? "authority" : field);

function Close({ one, close }: { one: IncidentView; close: () => void }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const worded = (error: unknown) => {
    const lacks = isProblem(error) && error.status === 409 ? (error.fields ?? []).map(({ field }) => lackCode(field)) : [];
    if (!isProblem(error) || lacks.length === 0) return error;
    return { ...error, fields: [], detail: t("incident.lacks", { what: format.list(lacks.map((code) => say("closing", code))) }) };
  };
  const send = async ({ report }: { report: string }) => {
    const { error } = await fetchClient.POST("/v1/privacy/incidents/{id}/close", { params: { path: { id: one.id } }, body: { report } });
    if (error) throw worded(error);
    await stale("/v1/privacy");
    told(t("incident.closed"));
  };
  return <Dialog title={t("incident.close")} about={t("incident.close_about")} initial={{ report: one.report }} button={t("incident.close")} send={send} close={close} fields={[{ name: "report", label: t("incident.report"), note: t("incident.report_note"), kind: "text", needed: true }]} />;
}

/** Whom it concerns: a list of ids, or everybody in a segment. */
function People({ one }: { one: IncidentView }) {
  const { t } = useTranslation("app_registers");
  const format = useFormat();
  const may = useMay()("privacy:write");
  const [adding, setAdding] = useState(false);
  const affected = api.useQuery("get", "/v1/privacy/incidents/{id}/affected", { params: { path: { id: one.id }, query: { limit: 100 } } });
  const segments = api.useQuery("get", "/v1/segments", { params: { query: { limit: 100 } } }, { enabled: adding });
  const send = async ({ segment, contacts, how }: Record<"segment" | "contacts" | "how", string>) => {
    const { data, error } = await fetchClient.POST("/v1/privacy/incidents/{id}/affected", { params: { path: { id: one.id } }, body: { segment: segment || null, contacts: entries(contacts), how } });
    if (error) throw error;
    await stale("/v1/privacy/incidents");
    const { people } = data as { people: number };
    told(t("people.put", { count: people, n: format.number(people) }));
  };
  return (
    <Section title={t("people.title")} about={t("people.about")} actions={may && one.state === "open" && <Button variant="default" onClick={() => setAdding(true)}>{t("people.add")}</Button>}>
      <Loaded query={affected} lines={1}>
        {({ items, next }) => {
          const people = items as Array<{ contact: string; added_at: string }>;
          if (people.length === 0) return <Text size="sm" c="dimmed">{t("people.none")}</Text>;
          return (
            <>
              <Text size="sm">{next ? t("people.more", { n: format.number(people.length) }) : t("people.count", { count: people.length, n: format.number(people.length) })}</Text>
              <Group gap="xs">{people.slice(0, 10).map(({ contact }) => <Anchor key={contact} component={Link} to={to(`/audience/people/${contact}`)} size="xs"><Ltr>{contact}</Ltr></Anchor>)}</Group>
            </>
          );
        }}
      </Loaded>
      {adding && (
        <Dialog title={t("people.add")} initial={{ segment: "", contacts: "", how: "" }} button={t("people.add")} send={send} close={() => setAdding(false)} fields={[
          { name: "segment", label: t("people.segment"), kind: "choice", choices: ((segments.data?.items ?? []) as Array<{ id: string; name: string }>).map(({ id, name }) => ({ value: id, label: name })) },
          { name: "contacts", label: t("people.contacts"), note: t("one_a_line"), kind: "lines", code: true },
          { name: "how", label: t("people.how"), note: t("people.how_note") },
        ]} />
      )}
    </Section>
  );
}

function History({ one }: { one: IncidentView }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const may = useMay()("privacy:write");
  const [adding, setAdding] = useState(false);
  const timeline = api.useQuery("get", "/v1/privacy/incidents/{id}/timeline", { params: { path: { id: one.id } } });
  const send = async ({ text, at }: Record<"text" | "at", string>) => {
    const { error } = await fetchClient.POST("/v1/privacy/incidents/{id}/timeline", { params: { path: { id: one.id } }, body: { text, at: instantOf(at) } });
    if (error) throw error;
    await stale("/v1/privacy/incidents");
  };
  return (
    <Section title={t("timeline.title")} actions={may && one.state === "open" && <Button variant="default" onClick={() => setAdding(true)}>{t("timeline.add")}</Button>}>
      <Loaded query={timeline}>
        {({ items }) => (
          <Timeline bulletSize={14} lineWidth={2} active={items.length} color="teal">
            {(items as Entry[]).map(({ id, at, kind, actor, text }) => (
              <Timeline.Item key={id} title={say("timeline_of", kind)}>
                <Text size="sm" c="dimmed"><Moment at={at} /> · <Ltr>{actor}</Ltr></Text>
                {kind === "changed" ? <Changed fields={text} /> : text && <Text size="sm" dir="auto" style={{ whiteSpace: "pre-wrap" }}>{text}</Text>}
              </Timeline.Item>
            ))}
          </Timeline>
        )}
      </Loaded>
      {adding && (
        <Dialog title={t("timeline.add")} initial={{ text: "", at: "" }} button={t("timeline.add")} send={send} close={() => setAdding(false)} fields={[
          { name: "text", label: t("timeline.text"), kind: "text", needed: true },
          { name: "at", label: t("timeline.at"), note: t("timeline.at_note"), kind: "moment" },
        ]} />
      )}
    </Section>
  );
}

/** The names of what changed, as the server lists them. */
function Changed({ fields }: { fields: string }) {
  const say = useCodes();
  const format = useFormat();
  return <Text size="sm">{format.list(fields.split(", ").filter(Boolean).map((name) => say("field", name)))}</Text>;
}
