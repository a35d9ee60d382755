import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";
import { Adding } from "@/ui/Adding";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Status } from "@/ui/Status";
import { Ltr } from "@/ui/text";
import { useChoices, useCodes } from "./codes";

type Purpose = components["schemas"]["PurposeRecord"];

const BASES = ["consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"] as const;
const BLANK = { name: "", code: "", basis: "", retention: "", concept: "" };

/** What data are used for, on what basis, and how long. */
export default function Purposes() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const may = useMay()("privacy:write");
  const purposes = api.useQuery("get", "/v1/privacy/purposes", {});
  const shown = ({ code, name }: Purpose) => (say("purpose", code) === code ? name : say("purpose", code));
  const retire = (one: Purpose) =>
    confirm({
      title: t("purposes.retire"), text: t("purposes.retire_text", { name: shown(one) }), button: t("purposes.retire"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.DELETE("/v1/privacy/purposes/{code}", { params: { path: { code: one.code } } });
        if (error) throw error;
        await stale("/v1/privacy");
      },
    });
  return (
    <Adding title={t("purposes.title")} about={t("purposes.about")} add={t("purposes.add")} may={may} dialogue={(close) => <Add close={close} />}>
      <Loaded query={purposes}>
        {({ items }) => (
          <DataTable label={t("purposes.title")} rows={items} rowKey={({ code }) => code} columns={[
            { key: "name", title: t("purposes.name"), cell: (one) => <><bdi>{shown(one)}</bdi><Text size="xs" c="dimmed"><Ltr>{one.code}</Ltr></Text></> },
            { key: "basis", title: t("activities.basis"), cell: ({ basis }) => say("lawful", basis) },
            { key: "kept", title: t("activities.kept"), cell: ({ retention }) => say("class", retention) },
            { key: "concept", title: t("activities.concept"), cell: ({ concept }) => <Text span size="xs"><Ltr>{concept}</Ltr></Text>, wideOnly: true },
            { key: "act", title: "", cell: (one) => one.retired_at ? <Status tone="off">{say("state", "retired")}</Status> : may && <Button size="compact-sm" variant="subtle" color="red" onClick={() => retire(one)}>{t("purposes.retire")}</Button> },
          ]} />
        )}
      </Loaded>
    </Adding>
  );
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation("app_registers");
  const choices = useChoices();
  const say = useCodes();
  const retention = api.useQuery("get", "/v1/privacy/retention", {});
  const classes = retention.data?.classes ?? [];
  const send = async (body: typeof BLANK) => {
    const { error } = await fetchClient.POST("/v1/privacy/purposes", { body });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  return (
    <Dialog title={t("purposes.add")} about={t("purposes.add_about")} initial={BLANK} button={t("purposes.add")} send={send} close={close} fields={[
      { name: "name", label: t("purposes.name"), needed: true },
      { name: "code", label: t("purposes.code"), note: t("purposes.code_note"), code: true, needed: true },
      { name: "basis", label: t("activities.basis"), kind: "choice", choices: choices("lawful", BASES), needed: true },
      { name: "retention", label: t("activities.kept"), kind: "choice", choices: classes.map(({ name }) => ({ value: name, label: say("class", name) })), needed: true },
      { name: "concept", label: t("activities.concept"), note: t("purposes.concept_note"), code: true, needed: true },
    ]} />
  );
}
