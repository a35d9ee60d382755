import { Anchor, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { Loaded } from "@/ui/Loaded";
import { useWord } from "@/ui/words";

/** What would be touched by a change of this segment. */
export function Uses({ id }: { id: string }) {
  const { t } = useTranslation("app_segments");
  const word = useWord();
  const uses = api.useQuery("get", "/v1/segments/{id}/uses", { params: { path: { id } } });
  return (
    <Card component="section" aria-label={t("uses")}>
      <Stack gap="xs">
        <Title order={2}>{t("uses")}</Title>
        <Loaded query={uses} lines={2}>
          {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t("uses.none")}</Text> : (
            <Stack gap={4}>
              {items.map((use) => (
                <Group key={use.id} justify="space-between" gap="xs">
                  {use.kind === "campaign" ? <Anchor component={Link} to={to(`/campaigns/${use.id}`)} size="sm"><bdi>{use.name}</bdi></Anchor> : <Text size="sm"><bdi>{use.name}</bdi></Text>}
                  <Text size="xs" c="dimmed">{use.kind === "campaign" ? word("campaign_state", use.state) : t("uses.sequence")}</Text>
                </Group>
              ))}
            </Stack>
          )}
        </Loaded>
      </Stack>
    </Card>
  );
}
