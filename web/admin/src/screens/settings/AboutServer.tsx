import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Ltr } from "@/ui/text";
import { Section } from "@/ui/Section";

interface Bundled {
  name: string;
  version: string;
  licence: string;
}

/** What the build wrote down; a development server has none. */
async function bundled(): Promise<Bundled[]> {
  const answer = await fetch("/licences.json");
  if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) return [];
  return ((await answer.json()) as { packages: Bundled[] }).packages;
}

/** What runs here, and what it is made of. */
export default function AboutServer() {
  return <><Running /><Licences /></>;
}

function Licences() {
  const { t } = useTranslation("app_settings");
  const packages = useQuery({ queryKey: ["licences"], queryFn: bundled, staleTime: Infinity });
  return (
    <Section title={t("licences.title")} about={t("licences.about")}>
      <Loaded query={packages}>
        {(items) => (
          <DataTable label={t("licences.title")} height={420} rows={items} rowKey={({ name }) => name} empty={<Text size="sm" c="dimmed">{t("licences.none")}</Text>} columns={[
            { key: "name", title: t("licences.name"), cell: ({ name }) => <Ltr>{name}</Ltr> },
            { key: "version", title: t("licences.version"), cell: ({ version }) => <Ltr>{version}</Ltr> },
            { key: "licence", title: t("licences.licence"), cell: ({ licence }) => <Ltr>{licence}</Ltr> },
          ]} />
        )}
      </Loaded>
    </Section>
  );
}

function Running() {
  const { t } = useTranslation("app_settings");
  const meta = api.useQuery("get", "/v1/meta", {});
  return (
    <Section title={t("server.title")} about={t("server.about")}>
      <Loaded query={meta}>
        {({ version, rule_pack, public_url }) => (
          <Stack gap={4}>
            <Text size="sm">{t("server.version")} <Ltr>{version}</Ltr></Text>
            <Text size="sm">{t("server.rules")} <Ltr>{rule_pack}</Ltr></Text>
            <Text size="sm">{t("server.url")} <Ltr>{public_url}</Ltr></Text>
            <Group><Anchor href="/v1/openapi.json" size="sm">{t("server.api")}</Anchor></Group>
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
