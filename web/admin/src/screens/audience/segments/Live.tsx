import { Alert, Anchor, Card, Group, Stack, Text, Title } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { isProblem } from "@/api/problem";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { Ltr } from "@/ui/text";
import type { Condition } from "./model";

const SAMPLES = 10;

/** How many people meet the condition now, and some of them. `null` while something is left to fill in. */
export function Live({ where }: { where: Condition | null }) {
  const { t } = useTranslation("app_segments");
  const format = useFormat();
  const asked = { enabled: where !== null, placeholderData: keepPreviousData, retry: false };
  const count = api.useQuery("post", "/v1/segments/count", { body: { where: where ?? {} } }, asked);
  const sample = api.useQuery("post", "/v1/segments/sample", { body: { where: where ?? {}, limit: SAMPLES } }, asked);
  const building = isProblem(count.error) && count.error.code === "index_building";
  return (
    <Card component="section" aria-label={t("live")}>
      <Stack gap="sm">
        <Title order={2}>{t("live")}</Title>
        {where === null && <Alert color="amber">{t("live.incomplete")}</Alert>}
        {building && <Alert color="amber">{t("live.building")}</Alert>}
        {count.error && !building && where !== null && <Failed error={count.error} again={() => void count.refetch()} />}
        {count.data && (
          <div aria-live="polite" style={{ opacity: where === null || count.isPlaceholderData ? 0.6 : 1 }}>
            <Text fz={32} fw={600} lh={1.3} className="tabular">{format.number(count.data.count)}</Text>
            <Text size="sm">{t("live.of", { count: count.data.total, n: format.number(count.data.total), share: format.share(count.data.count, count.data.total) })}</Text>
            <Text size="xs" c="dimmed">{t("live.micros", { n: format.number(Math.round(count.data.micros / 10) / 100) })}</Text>
          </div>
        )}
        {sample.data && sample.data.people.length > 0 && (
          <Stack gap={4}>
            <Title order={3}>{t("live.samples", { count: sample.data.people.length, n: format.number(sample.data.people.length) })}</Title>
            {sample.data.people.map(({ id, display_name, email }) => (
              <Group key={id} gap={6} wrap="nowrap" justify="space-between">
                <Anchor component={Link} to={to(`/audience/people/${id}`)} size="sm" truncate><bdi>{display_name}</bdi></Anchor>
                {email && email !== display_name && <Text size="xs" c="dimmed" truncate><Ltr>{email}</Ltr></Text>}
              </Group>
            ))}
          </Stack>
        )}
      </Stack>
    </Card>
  );
}
