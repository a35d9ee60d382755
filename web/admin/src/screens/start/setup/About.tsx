import { Button, Chip, Fieldset, Group, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, stale } from "@/api/client";
import { refused } from "@/ui/notify";
import type { components } from "@/api/schema";

const BUSINESSES = ["shop", "services", "nonprofit", "education", "events", "media", "software", "public", "other"] as const;
const GOALS = ["newsletter", "offers", "events", "welcome", "announcements", "fundraising"] as const;
const SIZES = ["solo", "small", "medium", "large"] as const;

type Answers = components["schemas"]["SetupAnswers"];

/** Three questions that only choose which designs are suggested first; none has to be answered. */
export function About({ answers, done }: { answers: Answers | null; done: () => void }) {
  const { t } = useTranslation("app_start");
  const [business, setBusiness] = useState<string | null>(answers?.business ?? null);
  const [goals, setGoals] = useState<string[]>(answers?.goals ?? []);
  const [size, setSize] = useState<string | null>(answers?.team_size ?? null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const { error } = await fetchClient.PUT("/v1/setup/answers", { body: { business, goals, team_size: size, skipped: false } as Answers });
    setBusy(false);
    if (error) return refused(error);
    await stale("/v1/setup");
    done();
  };
  return (
    <Stack>
      <Text c="dimmed" size="sm">{t("about.purpose")}</Text>
      <Select label={t("about.business")} clearable data={BUSINESSES.map((value) => ({ value, label: t(`about.business.${value}`) }))} value={business} onChange={setBusiness} />
      <Fieldset legend={t("about.goals")} variant="unstyled">
        <Chip.Group multiple value={goals} onChange={setGoals}>
          <Group gap="xs">{GOALS.map((goal) => <Chip key={goal} value={goal} variant="outline">{t(`about.goal.${goal}`)}</Chip>)}</Group>
        </Chip.Group>
      </Fieldset>
      <Select label={t("about.size")} clearable data={SIZES.map((value) => ({ value, label: t(`about.size.${value}`) }))} value={size} onChange={setSize} />
      <Group><Button onClick={() => void send()} loading={busy}>{t("setup.save")}</Button></Group>
    </Stack>
  );
}
