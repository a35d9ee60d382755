import { Button, Group, Text } from "@mantine/core";
import { FileText, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Dialog, numberOf } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Status, type Tone } from "@/ui/Status";
import type { Recipient } from "./Recipients";
import { useChoices, useCodes } from "./codes";

type Draft = components["schemas"]["DocumentDraft"];
type Document = components["schemas"]["DocumentEntry"];

const KINDS = ["dpa", "scc", "transfer_assessment", "iso_certificate", "soc_report", "pen_test", "dpia", "confidentiality", "other"] as const;
const TONE: Record<string, Tone> = { valid: "good", expiring: "attention", expired: "bad", retired: "off" };

/** Agreements, certificates and reports, with their last day. */
export default function Documents() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const may = useMay()("privacy:write");
  const [edited, setEdited] = useState<Document | "new" | null>(null);
  const documents = api.useQuery("get", "/v1/privacy/documents", {});
  const retire = ({ id, title }: Document) =>
    confirm({
      title: t("documents.retire"), text: t("documents.retire_text", { title }), button: t("documents.retire"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.DELETE("/v1/privacy/documents/{id}", { params: { path: { id } } });
        if (error) throw error;
        await stale("/v1/privacy");
      },
    });
  return (
    <Section title={t("documents.title")} about={t("documents.about")} actions={may && <Button leftSection={<Plus aria-hidden size={16} />} onClick={() => setEdited("new")}>{t("documents.add")}</Button>}>
      <Loaded query={documents}>
        {({ items }) => (
          <DataTable label={t("documents.title")} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={FileText} title={t("documents.none")} text={t("documents.none_text")} />} columns={[
            { key: "title", title: t("documents.name"), cell: ({ title, kind }) => <><bdi>{title}</bdi><Text size="xs" c="dimmed">{say("document", kind)}</Text></> },
            { key: "state", title: t("state"), cell: ({ state }) => <Status tone={TONE[state] ?? "waiting"}>{say("state", state)}</Status> },
            { key: "expires", title: t("documents.expires"), cell: ({ expires_on }) => (expires_on ? format.date(expires_on) : t("documents.endless")) },
            { key: "place", title: t("documents.place"), cell: ({ place }) => <bdi>{place || "–"}</bdi>, wideOnly: true },
            { key: "act", title: "", cell: (one) => may && one.state !== "retired" && <Group gap={4}><Button size="compact-sm" variant="subtle" onClick={() => setEdited(one)}>{t("edit")}</Button><Button size="compact-sm" variant="subtle" color="red" onClick={() => retire(one)}>{t("documents.retire")}</Button></Group> },
          ]} />
        )}
      </Loaded>
      {edited && <Edit one={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </Section>
  );
}

function Edit({ one, close }: { one: Document | null; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const choices = useChoices();
  const recipients = api.useQuery("get", "/v1/privacy/processors", {});
  const initial = {
    kind: one?.kind ?? "dpa", title: one?.title ?? "", processor: one?.processor ?? "", valid_from: one?.valid_from ?? "", expires_on: one?.expires_on ?? "",
    remind_days: one?.remind_days ? String(one.remind_days) : "", place: one?.place ?? "", note: one?.note ?? "",
  };
  const send = async (values: typeof initial) => {
    const body: Draft = { ...values, processor: values.processor || null, valid_from: values.valid_from || null, expires_on: values.expires_on || null, remind_days: numberOf(values.remind_days) };
    const { error } = one ? await fetchClient.PUT("/v1/privacy/documents/{id}", { params: { path: { id: one.id } }, body }) : await fetchClient.POST("/v1/privacy/documents", { body });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return (
    <Dialog title={one ? one.title : t("documents.add")} initial={initial} button={t("app_shell:save")} send={send} close={close} fields={[
      { name: "kind", label: t("documents.kind"), kind: "choice", choices: choices("document", KINDS), needed: true },
      { name: "title", label: t("documents.name"), needed: true },
      { name: "processor", label: t("documents.recipient"), kind: "choice", choices: ((recipients.data?.items ?? []) as Recipient[]).map(({ id, name }) => ({ value: id, label: name })) },
      { name: "valid_from", label: t("documents.from"), kind: "date" },
      { name: "expires_on", label: t("documents.expires"), kind: "date" },
      { name: "remind_days", label: t("documents.remind"), note: t("documents.remind_note"), kind: "number" },
      { name: "place", label: t("documents.place"), note: t("documents.place_note") },
      { name: "note", label: t("note"), kind: "text" },
    ]} />
  );
}
