import { Button, Group, Modal, Stack, Text, Title } from "@mantine/core";
import { Plus, Scale } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Dialog, entries, instantOf } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Status, type Tone } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useCodes } from "../registers/codes";

type Assessment = components["schemas"]["Assessment"];

const TONE: Record<string, Tone> = { draft: "draft", live: "good", ended: "off" };
const PROSE = ["necessity", "balancing", "safeguards"] as const;

type Step = { kind: "write"; one: Assessment | null } | { kind: "renew" | "approve" | "versions"; one: Assessment };

const isOver = ({ state, expires_at }: Assessment) => state === "live" && expires_at != null && new Date(expires_at) <= new Date();

/** Assessments of legitimate interest: nothing may rest on one before it is approved. */
export default function Assessments() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const may = useMay()("privacy:write");
  const [step, setStep] = useState<Step | null>(null);
  const assessments = api.useQuery("get", "/v1/privacy/assessments", {});
  const add = () => setStep({ kind: "write", one: null });
  return (
    <Section title={t("assessments.title")} about={t("assessments.about")} actions={may && <Button leftSection={<Plus aria-hidden size={16} />} onClick={add}>{t("assessments.add")}</Button>}>
      <Loaded query={assessments}>
        {({ items }) => (
          <DataTable label={t("assessments.title")} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={Scale} title={t("assessments.none")} text={t("assessments.none_text")} />} columns={[
            { key: "name", title: t("assessments.name"), cell: ({ name, purpose }) => <><bdi>{name}</bdi><Text size="xs" c="dimmed">{say("purpose", purpose)}</Text></> },
            { key: "state", title: t("state"), cell: (one) => <Status tone={isOver(one) ? "bad" : (TONE[one.state] ?? "waiting")}>{isOver(one) ? t("assessments.over") : say("state", one.state)}</Status> },
            { key: "until", title: t("assessments.until"), cell: ({ expires_at }) => <Moment at={expires_at} /> },
            { key: "act", title: "", cell: (one) => <Acts one={one} may={may} step={setStep} /> },
          ]} />
        )}
      </Loaded>
      {(step?.kind === "write" || step?.kind === "renew") && <Write one={step.one} renewal={step.kind === "renew"} close={() => setStep(null)} />}
      {step?.kind === "approve" && <Approve one={step.one} close={() => setStep(null)} />}
      {step?.kind === "versions" && <Versions one={step.one} close={() => setStep(null)} />}
    </Section>
  );
}

function Acts({ one, may, step }: { one: Assessment; may: boolean; step: (step: Step) => void }) {
  const { t } = useTranslation("app_registers");
  const end = () =>
    confirm({
      title: t("assessments.end"), text: t("assessments.end_text", { name: one.name }), button: t("assessments.end"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.POST("/v1/privacy/assessments/{id}/end", { params: { path: { id: one.id } }, body: { version: one.version } });
        if (error) throw error;
        await stale("/v1/privacy");
      },
    });
  return (
    <Group gap={4}>
      {may && one.state === "draft" && <Button size="compact-sm" variant="subtle" onClick={() => step({ kind: "write", one })}>{t("edit")}</Button>}
      {may && one.state === "draft" && <Button size="compact-sm" variant="light" onClick={() => step({ kind: "approve", one })}>{t("assessments.approve")}</Button>}
      {may && one.state === "live" && <Button size="compact-sm" variant="light" onClick={() => step({ kind: "renew", one })}>{t("assessments.renew")}</Button>}
      {may && one.state === "live" && <Button size="compact-sm" variant="subtle" color="red" onClick={end}>{t("assessments.end")}</Button>}
      <Button size="compact-sm" variant="subtle" onClick={() => step({ kind: "versions", one })}>{t("assessments.read")}</Button>
    </Group>
  );
}

function Write({ one, renewal, close }: { one: Assessment | null; renewal: boolean; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const say = useCodes();
  const purposes = api.useQuery("get", "/v1/privacy/purposes", {});
  const catalogue = (purposes.data?.items ?? []) as Array<{ code: string; name: string; retired_at: string | null }>;
  const initial = {
    name: one?.name ?? "", purpose: one?.purpose ?? "marketing", necessity: one?.necessity ?? "", balancing: one?.balancing ?? "", safeguards: one?.safeguards ?? "",
    data: (one?.data ?? []).join("\n"), recipients: (one?.recipients ?? []).join("\n"), start: "", expires_at: "",
  };
  const send = async ({ start, expires_at, ...values }: typeof initial) => {
    const text = { ...values, data: entries(values.data), recipients: entries(values.recipients) };
    const params = { path: { id: one?.id ?? "" } };
    const { error } = !one
      ? await fetchClient.POST("/v1/privacy/assessments", { body: text })
      : renewal
        ? await fetchClient.POST("/v1/privacy/assessments/{id}/renew", { params, body: { version: one.version, text, start: instantOf(start), expires_at: instantOf(expires_at) } })
        : await fetchClient.PUT("/v1/privacy/assessments/{id}", { params, body: { version: one.version, text } });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return (
    <Dialog title={one ? one.name : t("assessments.add")} about={t(renewal ? "assessments.renew_about" : "assessments.add_about")} initial={initial} button={t(renewal ? "assessments.renew" : "app_shell:save")} send={send} close={close} fields={[
      { name: "name", label: t("assessments.name"), needed: true },
      { name: "purpose", label: t("assessments.purpose"), kind: "choice", needed: true, choices: catalogue.filter(({ retired_at }) => !retired_at).map(({ code, name }) => ({ value: code, label: say("purpose", code) === code ? name : say("purpose", code) })) },
      ...PROSE.map((name) => ({ name, label: t(`assessments.${name}`), note: t(`assessments.${name}_note`), kind: "text" as const })),
      { name: "data", label: t("assessments.data"), note: t("one_a_line"), kind: "lines" },
      { name: "recipients", label: t("assessments.recipients"), note: t("one_a_line"), kind: "lines" },
      ...(renewal ? [{ name: "start" as const, label: t("assessments.start"), note: t("assessments.start_note"), kind: "moment" as const }, { name: "expires_at" as const, label: t("assessments.until"), note: t("assessments.until_note"), kind: "moment" as const }] : []),
    ]} />
  );
}

function Approve({ one, close }: { one: Assessment; close: () => void }) {
  const { t } = useTranslation("app_registers");
  const send = async ({ start, expires_at }: Record<"start" | "expires_at", string>) => {
    const { error } = await fetchClient.POST("/v1/privacy/assessments/{id}/approve", { params: { path: { id: one.id } }, body: { version: one.version, start: instantOf(start), expires_at: instantOf(expires_at) } });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return (
    <Dialog title={t("assessments.approve")} about={t("assessments.approve_about")} initial={{ start: "", expires_at: "" }} button={t("assessments.approve")} send={send} close={close} fields={[
      { name: "start", label: t("assessments.start"), note: t("assessments.start_note"), kind: "moment" },
      { name: "expires_at", label: t("assessments.until"), note: t("assessments.until_note"), kind: "moment" },
    ]} />
  );
}

function Versions({ one, close }: { one: Assessment; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const format = useFormat();
  const versions = api.useQuery("get", "/v1/privacy/assessments/{id}/versions", { params: { path: { id: one.id } } });
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span"><bdi>{one.name}</bdi></Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Loaded query={versions}>
        {({ items }) => (
          <Stack>
            {items.map((version) => (
              <section key={version.version}>
                <Title order={3}>{t("version", { n: format.number(version.version) })}</Title>
                <Text size="xs" c="dimmed"><Moment at={version.at} /> · <Ltr>{version.actor}</Ltr>{version.expires_at && <> · {t("until")} <Moment at={version.expires_at} /></>}</Text>
                {PROSE.map((name) => version[name] && <div key={name}><Text size="sm" fw={600}>{t(`assessments.${name}`)}</Text><Text size="sm" dir="auto" style={{ whiteSpace: "pre-wrap" }}>{version[name]}</Text></div>)}
              </section>
            ))}
          </Stack>
        )}
      </Loaded>
    </Modal>
  );
}
