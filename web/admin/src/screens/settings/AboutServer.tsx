import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { Loaded } from "@/ui/Loaded";
import { Ltr } from "@/ui/text";
import { Section } from "@/ui/Section";

/** What runs here. */
export default function AboutServer() {
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
