import { Button, Fieldset, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";
import { Asked, entries, numberOf } from "@/ui/Dialog";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Moment } from "@/ui/text";
import { JointControllers } from "./JointControllers";

type Party = components["schemas"]["Party"];
type Answering = components["schemas"]["ControllerEntry"];

const PARTIES = ["controller", "representative", "dpo"] as const;
const PARTS = ["name", "address", "email", "phone"] as const;
type Key = `${(typeof PARTIES)[number]}_${(typeof PARTS)[number]}` | "authority" | "hosting" | "measures" | "incident_hours";

/** Who answers for the processing: controller, representative, officer, places. */
export default function Responsible() {
  const answering = api.useQuery("get", "/v1/privacy/controller", {});
  return <Loaded query={answering}>{(data) => <Shown key={data.version} known={data} />}</Loaded>;
}

function initialOf(known: Answering): Record<Key, string> {
  const party = (code: (typeof PARTIES)[number]) => PARTS.map((part) => [`${code}_${part}`, known[code]?.[part] ?? ""]);
  return {
    ...(Object.fromEntries(PARTIES.flatMap(party)) as Record<Key, string>),
    authority: known.authority, measures: known.measures.join("\n"), incident_hours: String(known.incident_hours ?? ""),
    hosting: known.hosting.map(({ what, place }) => `${what}: ${place}`).join("\n"),
  };
}

/** `what: place`, one a line. */
function hostingOf(text: string) {
  return entries(text).map((line) => {
    const at = line.lastIndexOf(":");
    return at < 0 ? { what: line, place: "" } : { what: line.slice(0, at).trim(), place: line.slice(at + 1).trim() };
  });
}

function Shown({ known }: { known: Answering }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const may = useMay()("privacy:write");
  const [joint, setJoint] = useState(known.joint);
  const form = useServerForm<Record<Key, string>>({ initialValues: initialOf(known) });
  const send = form.send(async (values) => {
    const party = (code: (typeof PARTIES)[number]): Party => ({ name: values[`${code}_name`], address: values[`${code}_address`], email: values[`${code}_email`], phone: values[`${code}_phone`] });
    const some = (code: (typeof PARTIES)[number]) => (Object.values(party(code)).some((text) => text.trim()) ? party(code) : null);
    const body: Answering = {
      ...known, joint: joint.filter(({ name }) => name.trim()), controller: party("controller"), representative: some("representative"), dpo: some("dpo"), authority: values.authority,
      hosting: hostingOf(values.hosting), measures: entries(values.measures), incident_hours: numberOf(values.incident_hours),
    };
    const { error } = await fetchClient.PUT("/v1/privacy/controller", { body });
    if (error) throw error;
    await stale("/v1/privacy");
    told(t("app_shell:saved"));
  });
  const ask = (field: Parameters<typeof Asked<Key>>[0]["field"]) => <Asked key={field.name} field={field} form={form} readOnly={!may} />;
  return (
    <Section title={t("responsible.title")} about={t("responsible.about")}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          {PARTIES.map((code) => (
            <Fieldset key={code} legend={t(`responsible.${code}`)}>
              <Text size="sm" c="dimmed" mb="xs">{t(`responsible.${code}_about`)}</Text>
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                {PARTS.map((part) => ask({ name: `${code}_${part}`, label: t(`responsible.${part}`), code: part === "email" || part === "phone" }))}
              </SimpleGrid>
            </Fieldset>
          ))}
          <JointControllers parties={joint} change={setJoint} readOnly={!may} />
          {ask({ name: "authority", label: t("responsible.authority"), note: t("responsible.authority_note") })}
          {ask({ name: "hosting", label: t("responsible.hosting"), note: t("responsible.hosting_note"), kind: "lines" })}
          {ask({ name: "measures", label: t("responsible.measures"), note: t("one_a_line"), kind: "lines" })}
          {ask({ name: "incident_hours", label: t("responsible.incident_hours"), note: t("responsible.incident_hours_note"), kind: "number" })}
          <Group justify="space-between">
            {may ? <Button type="submit" loading={form.busy} disabled={!form.isDirty() && joint === known.joint}>{t("app_shell:save")}</Button> : <span />}
            {known.updated_at && <Text size="xs" c="dimmed">{t("changed")} <Moment at={known.updated_at} /></Text>}
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
