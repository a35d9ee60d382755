import { Button, Card, Group, Menu, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useChoices, useCodes } from "../registers/codes";
import type { IncidentNotice, IncidentView } from "./model";

const AUDIENCES = ["customers", "authority", "subjects"] as const;

type Step = { kind: "edit" | "send"; one: IncidentNotice } | { kind: "waive" };

/** Who was told of an incident, who is told next, and who need not be. */
export function Notices({ incident }: { incident: IncidentView }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const may = useMay()("privacy:write") && incident.state === "open";
  const [step, setStep] = useState<Step | null>(null);
  const params = { path: { id: incident.id } };
  const notices = api.useQuery("get", "/v1/privacy/incidents/{id}/notices", { params });
  const draft = async (audience: string) => {
    const { data, error } = await fetchClient.POST("/v1/privacy/incidents/{id}/notices", { params, body: { audience } });
    if (error) return refused(error);
    await stale("/v1/privacy/incidents");
    setStep({ kind: "edit", one: data as IncidentNotice });
  };
  return (
    <Section title={t("told.title")} about={t("told.about")} actions={may && (
      <Group gap="xs">
        <Menu><Menu.Target><Button variant="default">{t("told.draft")}</Button></Menu.Target><Menu.Dropdown>{AUDIENCES.map((code) => <Menu.Item key={code} onClick={() => void draft(code)}>{say("audience", code)}</Menu.Item>)}</Menu.Dropdown></Menu>
        <Button variant="subtle" onClick={() => setStep({ kind: "waive" })}>{t("told.waive")}</Button>
      </Group>
    )}>
      <Loaded query={notices} lines={2}>
        {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t("told.none")}</Text> : (
          <Stack gap="xs">{(items as IncidentNotice[]).map((one) => <One key={one.id} one={one} may={may} step={setStep} />)}</Stack>
        )}
      </Loaded>
      {step?.kind === "edit" && <Edit one={step.one} close={() => setStep(null)} />}
      {step?.kind === "send" && <Send one={step.one} close={() => setStep(null)} />}
      {step?.kind === "waive" && <Waive incident={incident} close={() => setStep(null)} />}
    </Section>
  );
}

function One({ one, may, step }: { one: IncidentNotice; may: boolean; step: (step: Step) => void }) {
  const { t, i18n } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const words = i18n.language === "ar" ? one.letter.ar : one.letter.en;
  return (
    <Card padding="sm">
      <Group justify="space-between" align="flex-start">
        <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
          <Text size="sm" fw={600}>{say("audience", one.audience)} · {t("told.stage", { n: format.number(one.stage) })}</Text>
          {one.state !== "waived" && <Text size="sm" dir="auto">{words.subject}</Text>}
          {one.reason && <Text size="sm" dir="auto">{one.reason}</Text>}
          {one.reference && <Text size="sm">{t("told.reference")}: <Ltr>{one.reference}</Ltr></Text>}
          {one.settled_at && <Text size="xs" c="dimmed"><Moment at={one.settled_at} /></Text>}
        </div>
        <Group gap={4}>
          <Status tone={one.late ? "bad" : one.state === "draft" ? "draft" : one.state === "sent" ? "good" : "off"}>{one.late ? t("told.late") : say("notice_state", one.state)}</Status>
          {may && one.state === "draft" && <><Button size="compact-sm" variant="subtle" onClick={() => step({ kind: "edit", one })}>{t("edit")}</Button><Button size="compact-sm" variant="light" onClick={() => step({ kind: "send", one })}>{t(one.audience === "authority" ? "told.record" : "told.send")}</Button></>}
        </Group>
      </Group>
    </Card>
  );
}

function Edit({ one, close }: { one: IncidentNotice; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const initial = { subject_en: one.letter.en.subject, text_en: one.letter.en.text, subject_ar: one.letter.ar.subject, text_ar: one.letter.ar.text };
  const send = async ({ subject_en, text_en, subject_ar, text_ar }: typeof initial) => {
    const body = { path: one.letter.path, en: { subject: subject_en, text: text_en }, ar: { subject: subject_ar, text: text_ar } };
    const { error } = await fetchClient.PUT("/v1/privacy/incident-notices/{id}", { params: { path: { id: one.id } }, body });
    if (error) throw error;
    await stale("/v1/privacy/incidents");
  };
  return (
    <Dialog title={t("told.edit")} about={t("told.edit_about")} initial={initial} button={t("app_shell:save")} send={send} close={close} fields={[
      { name: "subject_en", label: t("told.subject_en"), needed: true },
      { name: "text_en", label: t("told.text_en"), kind: "text", needed: true },
      { name: "subject_ar", label: t("told.subject_ar"), needed: true },
      { name: "text_ar", label: t("told.text_ar"), kind: "text", needed: true },
    ]} />
  );
}

function Send({ one, close }: { one: IncidentNotice; close: () => void }) {
  const { t } = useTranslation("app_registers");
  const authority = one.audience === "authority";
  const send = async (body: Record<"reference" | "late_reason", string>) => {
    const { error } = await fetchClient.POST("/v1/privacy/incident-notices/{id}/send", { params: { path: { id: one.id } }, body });
    if (error) throw error;
    await stale("/v1/privacy");
    told(t("told.done"));
  };
  return (
    <Dialog title={t(authority ? "told.record" : "told.send")} about={t(`told.send_${one.audience}`)} initial={{ reference: "", late_reason: "" }} button={t(authority ? "told.record" : "told.send")} send={send} close={close} fields={[
      ...(authority ? [{ name: "reference" as const, label: t("told.reference"), note: t("told.reference_note"), needed: true }] : []),
      { name: "late_reason", label: t("told.late_reason"), note: t("told.late_reason_note"), kind: "text" },
    ]} />
  );
}

function Waive({ incident, close }: { incident: IncidentView; close: () => void }) {
  const { t } = useTranslation("app_registers");
  const choices = useChoices();
  const send = async (body: Record<"audience" | "reason", string>) => {
    const { error } = await fetchClient.POST("/v1/privacy/incidents/{id}/waive", { params: { path: { id: incident.id } }, body });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return (
    <Dialog title={t("told.waive")} about={t("told.waive_about")} initial={{ audience: "customers", reason: "" }} button={t("told.waive")} send={send} close={close} fields={[
      { name: "audience", label: t("told.audience"), kind: "choice", choices: choices("audience", AUDIENCES), needed: true },
      { name: "reason", label: t("told.reason"), kind: "text", needed: true },
    ]} />
  );
}
