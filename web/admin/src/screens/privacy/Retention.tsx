import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useCodes } from "./registers/codes";
import { periodInWords } from "./periods";

type Class = components["schemas"]["RetentionClass"];
type Chosen = components["schemas"]["RetentionState"]["overrides"];
type Hold = components["schemas"]["HoldEntry"];

/** How long everything is kept, what is due now, and what must stay all the same. */
export default function Retention() {
  return <><Classes /><Runs /><Holds /></>;
}

function Classes() {
  const { t } = useTranslation("app_privacy");
  const say = useCodes();
  const format = useFormat();
  const may = useMay();
  const [changed, setChanged] = useState<Class | null>(null);
  const retention = api.useQuery("get", "/v1/privacy/retention", {});
  const decide = async (id: string, confirmed: boolean) => {
    const { error } = await fetchClient.POST("/v1/privacy/retention/proposals/{id}", { params: { path: { id } }, body: { confirm: confirmed } });
    if (error) return refused(error);
    await stale("/v1/privacy/retention");
  };
  return (
    <Section title={t("retention.title")} about={t("retention.about")}>
      <Loaded query={retention}>
        {({ classes, proposals }) => (
            <>
              {proposals.filter(({ state }) => state === "open").map(({ id, class: name, period }) => (
                <Group key={id} justify="space-between">
                  <Text size="sm">{t("retention.proposal", { name: say("class", name), period: periodInWords(period, format.tag) })}</Text>
                  {may("privacy:write") && <Group gap="xs"><Button size="compact-sm" onClick={() => void decide(id, true)}>{t("retention.confirm")}</Button><Button size="compact-sm" variant="default" onClick={() => void decide(id, false)}>{t("retention.reject")}</Button></Group>}
                </Group>
              ))}
              <DataTable label={t("retention.title")} rows={classes} rowKey={({ name }) => name} columns={[
                { key: "name", title: t("retention.class"), cell: ({ name, basis }) => <><Text span size="sm">{say("class", name)}</Text><Text size="xs" c="dimmed" dir="auto">{say("ground_of", name) === name ? basis : say("ground_of", name)}</Text></> },
                { key: "period", title: t("retention.period"), cell: ({ effective }) => periodInWords(effective, format.tag) },
                { key: "trigger", title: t("retention.from"), cell: ({ trigger }) => <Text span size="sm">{say("trigger", trigger)}</Text>, wideOnly: true },
                { key: "action", title: t("retention.then"), cell: ({ action }) => t(`retention.action.${action as "erase"}`) },
                { key: "change", title: "", cell: (one) => may("privacy:write") && one.min !== one.max && <Button size="compact-sm" variant="subtle" onClick={() => setChanged(one)}>{t("retention.change")}</Button> },
              ]} />
            </>
        )}
      </Loaded>
      {changed && retention.data && <Change one={changed} region={retention.data.region ?? null} chosen={retention.data.overrides} close={() => setChanged(null)} />}
    </Section>
  );
}

function Change({ one, region, chosen, close }: { one: Class; region: string | null; chosen: Chosen; close: () => void }) {
  const { t } = useTranslation(["app_privacy", "app_shell"]);
  const say = useCodes();
  const format = useFormat();
  const form = useServerForm({ initialValues: { period: one.effective } });
  const send = form.send(async ({ period }) => {
    const { error } = await fetchClient.PUT("/v1/privacy/retention", { body: { region, classes: { ...chosen, [one.name]: { ...chosen[one.name], period } } } });
    if (error) throw error;
    await stale("/v1/privacy/retention");
    told(t("app_shell:saved"));
    close();
  });
  const bounds = t("retention.bounds", { min: periodInWords(one.min, format.tag), max: periodInWords(one.max, format.tag) });
  return (
    <Modal opened onClose={close} title={<Text fw={600} component="span">{say("class", one.name)}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput label={t("retention.period")} description={`${bounds} ${t("retention.iso")}`} dir="ltr" data-autofocus {...form.getInputProps("period")} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy}>{t("app_shell:save")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Runs() {
  const { t } = useTranslation("app_privacy");
  const say = useCodes();
  const format = useFormat();
  const may = useMay();
  const reports = api.useQuery("get", "/v1/privacy/retention/reports", { params: { query: { limit: 10 } } });
  const run = async (dry: boolean) => {
    const { error } = await fetchClient.POST("/v1/privacy/retention/run", { body: { dry_run: dry } });
    if (error) throw error;
    await stale("/v1/privacy/retention");
  };
  const real = () => confirm({ title: t("retention.run"), text: t("retention.run_text"), button: t("retention.run"), destroys: true, act: () => run(false) });
  return (
    <Section title={t("retention.reports")} about={t("retention.reports_about")}
      actions={may("privacy:write") && <Group gap="xs"><Button variant="default" onClick={() => void run(true).catch(refused)}>{t("retention.count")}</Button><Button variant="light" color="red" onClick={real}>{t("retention.run")}</Button></Group>}>
      <Loaded query={reports}>
        {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t("retention.no_reports")}</Text> : (
          <Stack gap="md">
            {items.map(({ id, mode, at, complete, lines }) => (
              <div key={id}>
                <Group gap="xs"><Status tone={mode === "dry" ? "waiting" : "good"}>{t(`retention.mode.${mode as "dry"}`)}</Status><Text size="sm" c="dimmed"><Moment at={at} /></Text>{!complete && <Status tone="attention">{t("retention.more")}</Status>}</Group>
                {lines.length === 0 ? <Text size="sm">{t("retention.nothing_due")}</Text> : lines.map((line) => (
                  <Text key={line.class + line.table} size="sm">{say("class", line.class)} · <Ltr>{line.table}</Ltr>: {t("retention.line", { due: format.number(line.due), ended: format.number(line.ended), held: format.number(line.held) })}</Text>
                ))}
              </div>
            ))}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

const KINDS = ["tax", "dispute", "government_order"] as const;

function Holds() {
  const { t } = useTranslation("app_privacy");
  const say = useCodes();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const holds = api.useQuery("get", "/v1/privacy/holds", {});
  const lift = (hold: Hold) =>
    confirm({
      title: t("holds.lift"), text: t("holds.lift_text"), button: t("holds.lift"),
      act: async () => {
        const { error } = await fetchClient.DELETE("/v1/privacy/holds/{id}", { params: { path: { id: hold.id } } });
        if (error) throw error;
        await stale("/v1/privacy/holds");
      },
    });
  return (
    <Section title={t("holds.title")} about={t("holds.about")} actions={may("privacy:write") && <Button variant="default" onClick={() => setAdding(true)}>{t("holds.add")}</Button>}>
      <Loaded query={holds}>
        {(data) => (
          <DataTable label={t("holds.title")} rows={data.items} rowKey={({ id }) => id} empty={<Text size="sm" c="dimmed">{t("holds.none")}</Text>} columns={[
            { key: "kind", title: t("holds.kind"), cell: ({ kind }) => t(`holds.kind.${kind as "tax"}`) },
            { key: "what", title: t("holds.what"), cell: ({ class: name, subject }) => <>{name ? say("class", name) : !subject && "*"}{name && subject && " · "}{subject && <Ltr>{subject}</Ltr>}</> },
            { key: "reason", title: t("holds.reason"), cell: ({ reason }) => <bdi>{reason}</bdi> },
            { key: "state", title: t("requests.state"), cell: (hold) => hold.lifted_at ? <Status tone="off">{t("holds.lifted")}</Status> : may("privacy:write") ? <Button size="compact-sm" variant="subtle" onClick={() => lift(hold)}>{t("holds.lift")}</Button> : <Status tone="held">{t("holds.active")}</Status> },
          ]} />
        )}
      </Loaded>
      {adding && <AddHold close={() => setAdding(false)} />}
    </Section>
  );
}

function AddHold({ close }: { close: () => void }) {
  const { t } = useTranslation(["app_privacy", "app_shell"]);
  const form = useServerForm({ initialValues: { kind: "dispute", class: "", subject: "", reason: "", ends_on: "" } });
  const send = form.send(async ({ kind, class: name, subject, reason, ends_on }) => {
    const body = { kind, class: name.trim() || null, subject: subject.trim() || null, reason, ends_on: ends_on ? new Date(ends_on).toISOString() : null };
    const { error } = await fetchClient.POST("/v1/privacy/holds", { body });
    if (error) throw error;
    await stale("/v1/privacy/holds");
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("holds.add")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Select label={t("holds.kind")} allowDeselect={false} data={KINDS.map((value) => ({ value, label: t(`holds.kind.${value}`) }))} {...form.getInputProps("kind")} />
          <TextInput label={t("holds.class")} description={t("holds.class_note")} dir="ltr" {...form.getInputProps("class")} />
          <TextInput label={t("holds.subject")} description={t("holds.subject_note")} dir="ltr" {...form.getInputProps("subject")} />
          <Textarea label={t("holds.reason")} autosize minRows={2} dir="auto" required {...form.getInputProps("reason")} />
          <TextInput label={t("holds.ends")} type="date" {...form.getInputProps("ends_on")} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy}>{t("holds.add")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
