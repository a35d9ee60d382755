import { Anchor, Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Asked, numberOf } from "@/ui/Dialog";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useCodes } from "../registers/codes";

const TERMS = ["lead_months", "enriched_days", "quiet_days", "answer_days", "touches"] as const;
type Policy = Record<(typeof TERMS)[number], number>;
interface Run { id: string; at: string; dry_run: boolean; prospects: number; enriched: number }
interface Owed { contact: string; method: string; since: string; due_at: string; told_at: string | null }

/** Prospects: how long they stay, and who must still be told where their data came from. */
export default function Prospects() {
  return <><Owing /><Hygiene /></>;
}

function Owing() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const owed = api.useQuery("get", "/v1/outreach/notices", { params: { query: { limit: 100 } } });
  return (
    <Section title={t("owed.title")} about={t("owed.about")}>
      <Loaded query={owed}>
        {({ items, overdue }) => (
          <>
            {overdue > 0 && <Group><Status tone="bad">{t("owed.overdue", { count: overdue, n: format.number(overdue) })}</Status></Group>}
            <DataTable label={t("owed.title")} rows={items as Owed[]} rowKey={({ contact }) => contact} empty={<Text size="sm" c="dimmed">{t("owed.none")}</Text>} columns={[
              { key: "contact", title: t("owed.contact"), cell: ({ contact }) => <Anchor component={Link} to={to(`/audience/people/${contact}`)} size="sm"><Ltr>{contact}</Ltr></Anchor> },
              { key: "method", title: t("owed.method"), cell: ({ method }) => say("method", method) },
              { key: "since", title: t("owed.since"), cell: ({ since }) => <Moment at={since} /> },
              { key: "due", title: t("owed.due"), cell: ({ due_at }) => <Status tone={new Date(due_at) < new Date() ? "bad" : "waiting"}>{format.date(due_at)}</Status> },
            ]} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Hygiene() {
  const hygiene = api.useQuery("get", "/v1/outreach/hygiene", {});
  return <Loaded query={hygiene}>{({ policy, runs }) => <><Terms key={JSON.stringify(policy)} policy={policy as unknown as Policy} /><Runs runs={runs as unknown as Run[]} /></>}</Loaded>;
}

function Terms({ policy }: { policy: Policy }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const may = useMay()("privacy:write");
  const form = useServerForm<Record<(typeof TERMS)[number], string>>({ initialValues: Object.fromEntries(TERMS.map((name) => [name, String(policy[name])])) as Record<(typeof TERMS)[number], string> });
  const send = form.send(async (values) => {
    const { error } = await fetchClient.PATCH("/v1/outreach/hygiene", { body: Object.fromEntries(TERMS.map((name) => [name, numberOf(values[name])])) });
    if (error) throw error;
    await stale("/v1/outreach/hygiene");
    told(t("app_shell:saved"));
  });
  return (
    <Section title={t("hygiene.title")} about={t("hygiene.about")}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <SimpleGrid cols={{ base: 1, sm: 2 }}>{TERMS.map((name) => <Asked key={name} form={form} readOnly={!may} field={{ name, label: t(`hygiene.${name}`), note: t(`hygiene.${name}_note`), kind: "number" }} />)}</SimpleGrid>
          {may && <Group><Button type="submit" loading={form.busy} disabled={!form.isDirty()}>{t("app_shell:save")}</Button></Group>}
        </Stack>
      </form>
    </Section>
  );
}

function Runs({ runs }: { runs: Run[] }) {
  const { t } = useTranslation("app_registers");
  const format = useFormat();
  const may = useMay()("privacy:write");
  const run = async (dry_run: boolean) => {
    const { error } = await fetchClient.POST("/v1/outreach/hygiene/run", { body: { dry_run } });
    if (error) throw error;
    await stale("/v1/outreach");
  };
  const last = runs.find(({ dry_run }) => dry_run);
  const ask = () => confirm({ title: t("hygiene.run"), text: t("hygiene.run_text", { n: format.number(last?.prospects ?? 0) }), button: t("hygiene.run"), destroys: true, act: () => run(false) });
  return (
    <Section title={t("hygiene.runs")} about={t("hygiene.runs_about")} actions={may && <Group gap="xs"><Button variant="default" onClick={() => void run(true).catch(refused)}>{t("hygiene.count")}</Button><Button variant="light" color="red" disabled={!last} onClick={ask}>{t("hygiene.run")}</Button></Group>}>
      <DataTable label={t("hygiene.runs")} rows={runs.slice(0, 10)} rowKey={({ id }) => id} empty={<Text size="sm" c="dimmed">{t("hygiene.no_runs")}</Text>} columns={[
        { key: "at", title: t("hygiene.at"), cell: ({ at }) => <Moment at={at} /> },
        { key: "mode", title: t("hygiene.mode"), cell: ({ dry_run }) => t(dry_run ? "hygiene.counted" : "hygiene.erased") },
        { key: "prospects", title: t("hygiene.prospects"), numeric: true, cell: ({ prospects }) => format.number(prospects) },
        { key: "enriched", title: t("hygiene.enriched"), numeric: true, cell: ({ enriched }) => format.number(enriched) },
      ]} />
    </Section>
  );
}
