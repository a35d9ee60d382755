import { Accordion, Alert, Group, Select, Stack, Text } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { CopyText, Ltr } from "@/ui/text";

/** Which bases a row allows, under which conditions. */
interface Accepted {
  accept: string[];
}

/** The rules by which the gate decides, in the version in force, and how they came to be. */
export default function Rules() {
  const { t } = useTranslation("app_privacy");
  const packs = api.useQuery("get", "/v1/privacy/packs", {});
  return (
    <Loaded query={packs}>
      {({ items }) => {
        const versions = items.map(({ version }) => version);
        const current = items.find((pack) => pack.current)?.version ?? versions[0] ?? "";
        return (
          <Stack gap={0}>
            <Pack version={current} />
            {versions.length > 1 && <Differences versions={versions} current={current} />}
            <Text size="sm" c="dimmed">{t("rules.note")}</Text>
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Pack({ version }: { version: string }) {
  const { t } = useTranslation("app_privacy");
  const format = useFormat();
  const pack = api.useQuery("get", "/v1/privacy/packs/{version}", { params: { path: { version } } });
  const name = new Intl.DisplayNames(format.tag, { type: "region", fallback: "code" });
  const country = (code: string) => (/^[A-Z]{2}$/.test(code) ? (name.of(code) ?? code) : code === "*" ? t("rules.every_country") : code);
  return (
    <Section title={t("rules.title", { version })} about={t("rules.about")}>
      <Loaded query={pack}>
        {({ rows, warnings, note }) => (
          <>
            <Text size="sm" dir="auto">{note}</Text>
            {warnings.map(({ code, text }) => <Alert key={code + JSON.stringify(text)} color="amber" icon={<TriangleAlert aria-hidden />}><Text size="sm" dir="auto">{typeof text === "string" ? text : JSON.stringify(text)}</Text></Alert>)}
            <DataTable label={t("rules.title", { version })} rows={rows.map((row, place) => ({ ...row, place }))} rowKey={({ place }) => String(place)} columns={[
              { key: "id", title: t("rules.row"), cell: ({ id }) => <Ltr>{id}</Ltr> },
              { key: "countries", title: t("rules.countries"), cell: ({ countries }) => <bdi>{countries.map(country).join(format.tag.startsWith("ar") ? "، " : ", ")}</bdi> },
              { key: "class", title: t("rules.class"), cell: (row) => t(`rules.class.${String(row.class) as "marketing"}`) },
              { key: "bases", title: t("rules.bases"), cell: ({ bases }) => (bases as Accepted[]).flatMap(({ accept }) => accept).map((basis) => t(`basis.${basis as "consent"}`)).join(format.tag.startsWith("ar") ? "، " : ", ") },
              { key: "review", title: t("rules.review"), cell: ({ review }) => format.date(review) },
              { key: "source", title: t("rules.source"), cell: ({ source }) => <Text span size="xs" dir="auto">{source}</Text>, wideOnly: true },
            ]} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Differences({ versions, current }: { versions: string[]; current: string }) {
  const { t } = useTranslation("app_privacy");
  const [from, setFrom] = useState(versions.find((version) => version !== current) ?? current);
  const [into, setInto] = useState(current);
  const differences = api.useQuery("get", "/v1/privacy/packs/{from}/differences/{to}", { params: { path: { from, to: into } } }, { enabled: from !== into });
  return (
    <Section title={t("rules.differences")} about={t("rules.differences_about")}>
      <Group grow>
        <Select label={t("rules.from")} data={versions} value={from} allowDeselect={false} onChange={(value) => setFrom(value ?? from)} />
        <Select label={t("rules.to")} data={versions} value={into} allowDeselect={false} onChange={(value) => setInto(value ?? into)} />
      </Group>
      {from === into ? <Text size="sm" c="dimmed">{t("rules.same")}</Text> : (
        <Loaded query={differences}>
          {({ rows }) => rows.length === 0 ? <Text size="sm">{t("rules.no_differences")}</Text> : (
            <Accordion variant="separated" chevronPosition="left">
              {rows.map(({ row, kind, changes, countries }) => (
                <Accordion.Item key={row} value={row}>
                  <Accordion.Control><Group gap="xs"><Ltr>{row}</Ltr><Status tone={kind === "removed" ? "bad" : kind === "reviewed" ? "good" : "attention"}>{t(`rules.kind.${String(kind) as "added"}`)}</Status><Text size="sm" c="dimmed"><Ltr>{countries.join(", ")}</Ltr></Text></Group></Accordion.Control>
                  <Accordion.Panel>
                    {changes.map(({ field, before, after }) => (
                      <Stack key={field} gap={4} mb="sm"><Text size="sm" fw={600}><Ltr>{field}</Ltr></Text><CopyText block label={t("rules.before")} value={JSON.stringify(before)} /><CopyText block label={t("rules.after")} value={JSON.stringify(after)} /></Stack>
                    ))}
                  </Accordion.Panel>
                </Accordion.Item>
              ))}
            </Accordion>
          )}
        </Loaded>
      )}
    </Section>
  );
}
