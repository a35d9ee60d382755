import { Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { FileUp, FlaskConical } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { refused } from "@/ui/notify";
import { Status } from "@/ui/Status";

/** Real people from a file, or invented ones that are taken out again as easily. */
export function People({ done }: { done: () => void }) {
  const { t, i18n } = useTranslation("app_start");
  const format = useFormat();
  const samples = api.useQuery("get", "/v1/samples", {}, { refetchInterval: ({ state }) => (state.data?.state === "loading" ? 1000 : false) });
  const state = samples.data?.state ?? "none";
  const load = async () => {
    const { error } = await fetchClient.POST("/v1/samples", { body: { language: i18n.language === "ar" ? "ar" : "en" } });
    if (error) return refused(error);
    await stale("/v1/samples", "/v1/setup");
  };
  const remove = async () => {
    const { error } = await fetchClient.DELETE("/v1/samples");
    if (error) return refused(error);
    await stale("/v1/");
  };
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Card component="section">
          <Stack h="100%">
            <FileUp aria-hidden size={26} />
            <Title order={2}>{t("people.import")}</Title>
            <Text size="sm" c="dimmed" style={{ flex: 1 }}>{t("people.import_note")}</Text>
            <Group><Button component={Link} to={to("/audience/import")}>{t("people.import_button")}</Button></Group>
          </Stack>
        </Card>
        <Card component="section">
          <Stack h="100%">
            <FlaskConical aria-hidden size={26} />
            <Title order={2}>{t("people.samples")}</Title>
            <Text size="sm" c="dimmed" style={{ flex: 1 }}>{t("people.samples_note")}</Text>
            {state === "none" && <Group><Button variant="default" onClick={() => void load()}>{t("people.samples_button")}</Button></Group>}
            {state === "loading" && <Status tone="busy">{t("people.samples_loading")}</Status>}
            {state === "loaded" && (
              <Group>
                <Status tone="good">{t("people.samples_loaded", { count: samples.data?.contacts ?? 0, n: format.number(samples.data?.contacts ?? 0) })}</Status>
                <Button variant="subtle" color="gray" onClick={() => void remove()}>{t("people.samples_remove")}</Button>
              </Group>
            )}
          </Stack>
        </Card>
      </SimpleGrid>
      <Group><Button onClick={done}>{t("setup.next")}</Button></Group>
    </Stack>
  );
}
