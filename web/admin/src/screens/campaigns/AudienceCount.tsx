import { Card, Group, Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, Clock, UserRoundCheck, UserRoundX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { fetchClient } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { useWord } from "@/ui/words";

/** The checklist as it is now. It asks the gate about everybody, so it is read when something it depends on changed. */
export function useChecklist(id: string, changes: string, enabled = true) {
  return useQuery({
    queryKey: ["checklist", id, changes],
    enabled,
    placeholderData: (before) => before,
    queryFn: async () => {
      const { data, error } = await fetchClient.GET("/v1/campaigns/{id}/checklist", { params: { path: { id } } });
      if (error) throw error;
      return data;
    },
  });
}

/** How many would get it, how many not, and why. */
export function AudienceCount({ id, changes, saved }: { id: string; changes: string; saved: boolean }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const checklist = useChecklist(id, changes, saved);
  const { data } = checklist;
  if (!data) return checklist.error ? <Text size="sm" c="dimmed"><CircleAlert aria-hidden size={14} /> {t("count.failed")}</Text> : <Group gap="xs" role="status"><Loader size="xs" /><Text size="sm">{t("count.counting")}</Text></Group>;
  return (
    <Card padding="sm" bg="var(--barid-ground)" aria-live="polite">
      <Group gap="xs"><UserRoundCheck aria-hidden size={18} /><Text fw={600}>{t("count.allowed", { count: data.allowed, n: format.number(data.allowed) })}</Text><Text size="sm" c="dimmed">{t("count.selected", { count: data.selected, n: format.number(data.selected) })}</Text></Group>
      <Reasons denied={data.denied} deferred={data.deferred} />
    </Card>
  );
}

const most = (reasons: Record<string, number>) => Object.entries(reasons).sort(([, a], [, b]) => b - a);

/** Why people are left out, or have to wait: most frequent first. */
export function Reasons({ denied, deferred }: { denied: Record<string, number>; deferred: Record<string, number> }) {
  const { t } = useTranslation("app_campaigns");
  const word = useWord();
  const format = useFormat();
  const line = (reason: string, people: number, Icon: typeof Clock) => (
    <Group key={reason} component="li" gap="xs" wrap="nowrap" align="flex-start"><Icon aria-hidden size={16} style={{ marginBlockStart: 3, flexShrink: 0 }} /><Text size="sm"><span className="tabular">{format.number(people)}</span> – {word("reason", reason)}</Text></Group>
  );
  return (
    <Stack gap={4} mt={4}>
      {most(denied).length > 0 && <><Text size="sm" c="dimmed" mt={4}>{t("count.denied")}</Text><Stack component="ul" gap={2} m={0} p={0} style={{ listStyle: "none" }}>{most(denied).map(([reason, people]) => line(reason, people, UserRoundX))}</Stack></>}
      {most(deferred).length > 0 && <><Text size="sm" c="dimmed" mt={4}>{t("count.deferred")}</Text><Stack component="ul" gap={2} m={0} p={0} style={{ listStyle: "none" }}>{most(deferred).map(([reason, people]) => line(reason, people, Clock))}</Stack></>}
    </Stack>
  );
}
