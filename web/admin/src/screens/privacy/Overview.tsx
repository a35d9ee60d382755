import { Anchor, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { Section } from "@/ui/Section";
import { Status, type Tone } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useDetail } from "./assurance";
import { useCodes } from "./registers/codes";

interface Check {
  check: string;
  outcome: "ok" | "warn" | "fail" | "unknown";
  detail: string;
  law: string;
}

const TONE: Record<Check["outcome"], Tone> = { ok: "good", warn: "attention", fail: "bad", unknown: "waiting" };

/** What is owed to whom by when, and what a check of everything says now. */
export default function Overview() {
  const { t } = useTranslation("app_privacy");
  return (
    <Stack gap={0}>
      <Clocks />
      <Assurance />
    </Stack>
  );

  function Clocks() {
    const format = useFormat();
    const requests = api.useQuery("get", "/v1/privacy/requests", { params: { query: { limit: 100 } } });
    const replies = api.useQuery("get", "/v1/replies", { params: { query: { state: "waiting", limit: 50 } } });
    const incidents = api.useQuery("get", "/v1/privacy/incidents", {});
    const open = (requests.data?.items ?? []).filter(({ closed_at }) => !closed_at);
    const unclosed = ((incidents.data as { items?: Array<{ closed_at?: string | null }> } | undefined)?.items ?? []).filter(({ closed_at }) => !closed_at);
    return (
      <SimpleGrid cols={{ base: 2, sm: 4 }} mb="md">
        <Figure label={t("overview.open")} value={format.number(open.length)} note={<Anchor component={Link} to={to("/privacy/requests")} size="xs">{t("overview.look")}</Anchor>} />
        <Figure label={t("overview.late")} value={format.number(open.filter(({ late }) => late).length)} note={t("overview.late_note")} />
        <Figure label={t("overview.replies")} value={format.number(replies.data?.items.length ?? 0)} note={<Anchor component={Link} to={to("/privacy/replies")} size="xs">{t("overview.look")}</Anchor>} />
        <Figure label={t("overview.incidents")} value={format.number(unclosed.length)} note={t("overview.incidents_note")} />
      </SimpleGrid>
    );
  }
}

function Assurance() {
  const { t } = useTranslation("app_privacy");
  const detailOf = useDetail();
  const say = useCodes();
  const assurance = api.useQuery("get", "/v1/privacy/assurance", {});
  return (
    <Section title={t("assurance.title")} about={t("assurance.about")}>
      <Loaded query={assurance}>
        {(data) => {
          const { at, checks } = data as { at: string; checks: Check[] };
          return (
            <>
              <DataTable label={t("assurance.title")} rows={checks} rowKey={({ check }) => check} columns={[
                { key: "check", title: t("assurance.check"), cell: ({ check }) => (say("check_name", check) === check ? t(`assurance.of.${check as "ledger"}`) : say("check_name", check)) },
                { key: "outcome", title: t("assurance.outcome"), cell: ({ outcome }) => <Status tone={TONE[outcome] ?? "attention"}>{t(`assurance.outcome.${outcome}`)}</Status> },
                { key: "detail", title: t("assurance.detail"), cell: ({ check, detail }) => <Text span size="sm" c="dimmed" dir="auto">{detailOf(check, detail) || "–"}</Text> },
                { key: "law", title: t("assurance.law"), cell: ({ law }) => <Text span size="sm"><Ltr>{law}</Ltr></Text>, wideOnly: true },
              ]} />
              <Text size="xs" c="dimmed">{t("assurance.at")} <Moment at={at} /></Text>
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
