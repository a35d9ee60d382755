import { Select, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { groups } from "@/screens/inbox/api";
import { HoursEditor } from "../HoursEditor";
import { bots } from "../server";
import type { Work } from "./WidgetPage";

/** Who answers this chat, and when. */
export function Availability({ work: { draft, put } }: { work: Work }) {
  const { t } = useTranslation("app_chat");
  const teams = useQuery(groups());
  const assistants = useQuery(bots());
  const options = (items: ReadonlyArray<{ id: string; name: string }> = []) => items.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Stack gap="md">
      <Select label={t("availability.group")} description={t("availability.group.about")} clearable data={options(teams.data?.items)} value={draft.group} onChange={(group) => put({ group })} />
      <Select disabled={draft.encryption === "end_to_end"} label={t("availability.bot")} description={t("availability.bot.about")} clearable data={options(assistants.data?.items)} value={draft.bot} onChange={(bot) => put({ bot })} />
      <Title order={3}>{t("hours")}</Title>
      <HoursEditor hours={draft.hours} change={(hours) => put({ hours })} note={t("hours.widget")} />
    </Stack>
  );
}
