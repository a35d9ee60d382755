import { Button, Group, Text } from "@mantine/core";
import { Plus, Stamp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";
import { DataTable } from "@/ui/DataTable";
import { Dialog, entries, instantOf } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Status, type Tone } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useWord } from "@/ui/words";
import { useCodes, useCountries } from "../registers/codes";

type Approval = components["schemas"]["SendingApproval"];

const TONE: Record<string, Tone> = { draft: "draft", submitted: "waiting", approved: "good", rejected: "bad" };
export const CHANNELS = ["email", "sms", "voice", "whatsapp", "messenger", "push", "post", "chat"] as const;

type Step = { kind: "write"; one: Approval | null } | { kind: "submit" | "approve" | "reject"; one: Approval };

/** Approvals that countries ask for before messages go there. */
export default function Approvals() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const word = useWord();
  const countries = useCountries();
  const may = useMay()("privacy:write");
  const [step, setStep] = useState<Step | null>(null);
  const approvals = api.useQuery("get", "/v1/privacy/approvals", {});
  return (
    <Section title={t("approvals.title")} about={t("approvals.about")} actions={may && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setStep({ kind: "write", one: null })}>{t("approvals.add")}</Button>}>
      <Loaded query={approvals}>
        {({ items }) => (
          <DataTable label={t("approvals.title")} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={Stamp} title={t("approvals.none")} text={t("approvals.none_text")} />} columns={[
            { key: "country", title: t("approvals.country"), cell: ({ country, goal }) => <><bdi>{countries([country])}</bdi><Text size="xs" c="dimmed" dir="auto" lineClamp={2}>{goal}</Text></> },
            { key: "channel", title: t("approvals.channel"), cell: ({ channel }) => word("channel", channel) },
            { key: "state", title: t("state"), cell: ({ state }) => <Status tone={TONE[state] ?? "waiting"}>{say("state", state)}</Status> },
            { key: "reference", title: t("approvals.reference"), cell: ({ reference }) => (reference ? <Ltr>{reference}</Ltr> : "–"), wideOnly: true },
            { key: "until", title: t("assessments.until"), cell: ({ expires_at }) => <Moment at={expires_at} /> },
            { key: "act", title: "", cell: (one) => may && (
              <Group gap={4}>
                {one.state === "draft" && <Button size="compact-sm" variant="subtle" onClick={() => setStep({ kind: "write", one })}>{t("edit")}</Button>}
                {one.state === "draft" && <Button size="compact-sm" variant="light" onClick={() => setStep({ kind: "submit", one })}>{t("approvals.submit")}</Button>}
                {one.state === "submitted" && <Button size="compact-sm" variant="light" onClick={() => setStep({ kind: "approve", one })}>{t("approvals.approve")}</Button>}
                {(one.state === "submitted" || one.state === "approved") && <Button size="compact-sm" variant="subtle" color="red" onClick={() => setStep({ kind: "reject", one })}>{t("approvals.reject")}</Button>}
              </Group>
            ) },
          ]} />
        )}
      </Loaded>
      {step?.kind === "write" && <Write one={step.one} close={() => setStep(null)} />}
      {step && step.kind !== "write" && <Answer one={step.one} kind={step.kind} close={() => setStep(null)} />}
    </Section>
  );
}

function Write({ one, close }: { one: Approval | null; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const word = useWord();
  const initial = { country: one?.country ?? "", channel: one?.channel ?? "sms", goal: one?.goal ?? "", samples: (one?.samples ?? []).join("\n"), documents: (one?.documents ?? []).join("\n") };
  const send = async (values: typeof initial) => {
    const draft = { ...values, country: values.country.trim().toUpperCase(), samples: entries(values.samples), documents: entries(values.documents) };
    const { error } = one
      ? await fetchClient.PUT("/v1/privacy/approvals/{id}", { params: { path: { id: one.id } }, body: { version: one.version, draft } })
      : await fetchClient.POST("/v1/privacy/approvals", { body: draft });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return (
    <Dialog title={t("approvals.add")} about={t("approvals.add_about")} initial={initial} button={t("app_shell:save")} send={send} close={close} fields={[
      { name: "country", label: t("approvals.country"), note: t("approvals.country_note"), code: true, needed: true },
      { name: "channel", label: t("approvals.channel"), kind: "choice", needed: true, choices: CHANNELS.map((value) => ({ value, label: word("channel", value) })) },
      { name: "goal", label: t("approvals.goal"), kind: "text", needed: true },
      { name: "samples", label: t("approvals.samples"), note: t("approvals.samples_note"), kind: "lines", needed: true },
      { name: "documents", label: t("approvals.documents"), note: t("approvals.documents_note"), kind: "lines", code: true },
    ]} />
  );
}

function Answer({ one, kind, close }: { one: Approval; kind: "submit" | "approve" | "reject"; close: () => void }) {
  const { t } = useTranslation("app_registers");
  const send = async ({ filed_with, reference, at, expires_at }: Record<"filed_with" | "reference" | "at" | "expires_at", string>) => {
    const body = { version: one.version, filed_with: filed_with || null, reference: reference || null, at: instantOf(at), expires_at: instantOf(expires_at) };
    const params = { path: { id: one.id } };
    const { error } =
      kind === "submit" ? await fetchClient.POST("/v1/privacy/approvals/{id}/submit", { params, body })
      : kind === "approve" ? await fetchClient.POST("/v1/privacy/approvals/{id}/approve", { params, body })
      : await fetchClient.POST("/v1/privacy/approvals/{id}/reject", { params, body });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return (
    <Dialog title={t(`approvals.${kind}`)} about={t(`approvals.${kind}_about`)} initial={{ filed_with: "", reference: one.reference ?? "", at: "", expires_at: "" }} button={t(`approvals.${kind}`)} destroys={kind === "reject"} send={send} close={close} fields={[
      ...(kind === "submit" ? [{ name: "filed_with" as const, label: t("approvals.filed_with") }] : []),
      { name: "reference", label: t("approvals.reference"), code: true },
      { name: "at", label: t("approvals.at"), note: t("approvals.at_note"), kind: "moment" },
      ...(kind === "approve" ? [{ name: "expires_at" as const, label: t("assessments.until"), kind: "moment" as const }] : []),
    ]} />
  );
}
