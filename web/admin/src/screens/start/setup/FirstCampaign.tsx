import { Anchor, Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { Loaded } from "@/ui/Loaded";
import { refused } from "@/ui/notify";

/** A first campaign out of a starter, in the language of the reader, the likeliest first. */
export function FirstCampaign({ suggested }: { suggested: string[] }) {
  const { t, i18n } = useTranslation("app_start");
  const navigate = useNavigate();
  const starters = api.useQuery("get", "/v1/starters", { params: { query: { language: i18n.language } } });
  const topics = api.useQuery("get", "/v1/topics", {});
  const [busy, setBusy] = useState<string | null>(null);
  const rank = (category: string) => (suggested.includes(category) ? suggested.indexOf(category) : suggested.length);
  const topic = topics.data?.items.find(({ archived_at }) => !archived_at);

  const create = async (starter: NonNullable<typeof starters.data>["items"][number]) => {
    setBusy(starter.id);
    try {
      let into = topic?.id;
      if (!into) {
        const made = await fetchClient.POST("/v1/topics", { body: { name: t("campaign.topic") } });
        if (made.error) return refused(made.error);
        into = made.data.id;
      }
      const { data, error } = await fetchClient.POST("/v1/campaigns", {
        body: { name: starter.name, subject: starter.subject, preheader: starter.preheader, language: starter.language, topic: into, design: starter.design },
      });
      if (error) return refused(error);
      await stale("/v1/campaigns", "/v1/setup", "/v1/topics");
      await navigate(to(`/campaigns/${data.id}`));
    } finally {
      setBusy(null);
    }
  };

  return (
    <Stack>
      <Text c="dimmed" size="sm">{t("campaign.about")}</Text>
      <Loaded query={starters}>
        {({ items }) => (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {items.filter(({ language }) => language === i18n.language).sort((a, b) => rank(a.category) - rank(b.category)).map((starter) => (
              <Card key={starter.id} component="section">
                <Stack h="100%" gap="xs">
                  <Title order={2}>{starter.name}</Title>
                  <Text size="sm" c="dimmed" style={{ flex: 1 }}>{starter.description}</Text>
                  <Group><Button variant="default" loading={busy === starter.id} onClick={() => void create(starter)}>{t("campaign.use")}</Button></Group>
                </Stack>
              </Card>
            ))}
          </SimpleGrid>
        )}
      </Loaded>
      <Anchor component={Link} to={to("/campaigns/new")} size="sm">{t("campaign.own")}</Anchor>
    </Stack>
  );
}
