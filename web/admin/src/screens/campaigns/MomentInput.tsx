import { Group, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMembership } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Ltr } from "@/ui/text";
import { fromParts } from "@/ui/days";

export interface Parts { day: string; time: string }

/** A day and a time, in whose zone, and what time that is where the workspace is at home. */
export function MomentInput({ parts, change, error }: { parts: Parts; change: (parts: Parts) => void; error?: string }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const { time_zone: home } = useMembership();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = fromParts(parts.day, parts.time);
  const known = !Number.isNaN(at.getTime());
  const there = home && home !== here && known ? new Intl.DateTimeFormat(format.tag, { dateStyle: "medium", timeStyle: "short", timeZone: home }).format(at) : null;
  return (
    <Stack gap={4}>
      <Group grow align="flex-start">
        <TextInput type="date" dir="ltr" label={t("when.day")} value={parts.day} error={error} onChange={({ currentTarget: { value } }) => change({ ...parts, day: value })} />
        <TextInput type="time" dir="ltr" label={t("when.time")} value={parts.time} onChange={({ currentTarget: { value } }) => change({ ...parts, time: value })} />
      </Group>
      <Text size="sm" c="dimmed">{t("when.zone")} <Ltr>{here}</Ltr></Text>
      {there && home && <Text size="sm" c="dimmed">{t("when.there", { when: there })} <Ltr>{home}</Ltr></Text>}
    </Stack>
  );
}
