import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { CalendarClock, Send } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { to, useUrlState } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { fromParts, localParts } from "@/ui/days";
import { told } from "@/ui/notify";
import { DirIcon } from "@/ui/text";
import { typedFor } from "./checklist";
import { MomentInput } from "./MomentInput";
import { scheduleIt, sendIt, type Campaign, type Checklist } from "./server";

/** Nothing leaves during this time, in seconds. */
const GRACE = 60;

/** Sends now or at a moment, after a question that says to how many. */
export function Go({ campaign, list }: { campaign: Campaign; list: Checklist }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const navigate = useNavigate();
  const [kept] = useUrlState("at");
  const planned = kept ? new Date(kept) : campaign.scheduled_at ? new Date(campaign.scheduled_at) : null;
  const [later, setLater] = useState(planned !== null);
  const [parts, setParts] = useState(() => localParts(planned ?? new Date(Date.now() + 3_600_000)));
  const at = fromParts(parts.day, parts.time);
  const past = later && !(at.getTime() > Date.now());
  const people = t("people", { count: list.allowed, n: format.number(list.allowed) });
  const send = () => confirm({
    title: t("send.title", { people }), button: t("send.button"), type: typedFor(list.allowed),
    text: t("send.text", { name: campaign.name, people, seconds: format.number(GRACE) }),
    act: async () => { await sendIt(campaign.id, GRACE); void navigate(to(`/campaigns/${campaign.id}/live`)); },
  });
  const schedule = () => confirm({
    title: t("schedule.title", { when: format.dateTime(at) }), button: t("schedule.button"), type: typedFor(list.allowed),
    text: t("schedule.text", { name: campaign.name, people, when: format.dateTime(at) }),
    act: async () => { await scheduleIt(campaign.id, at); told(t("schedule.done", { when: format.dateTime(at) })); void navigate(to(`/campaigns/${campaign.id}`)); },
  });
  return (
    <Stack>
      {!list.ready && <Alert color="red">{t("go.blocked")}</Alert>}
      {later && <MomentInput parts={parts} change={setParts} error={past ? t("when.past") : undefined} />}
      <Text size="sm" c="dimmed">{later ? t("go.later.about") : t("go.now.about", { seconds: format.number(GRACE) })}</Text>
      <Group>
        {later
          ? <Button size="md" disabled={!list.ready || past} leftSection={<CalendarClock aria-hidden size={16} />} onClick={schedule}>{t("schedule.button")}</Button>
          : <Button size="md" disabled={!list.ready} leftSection={<DirIcon icon={Send} size={16} />} onClick={send}>{t("send.to", { people })}</Button>}
        <Button size="md" variant="default" onClick={() => setLater(!later)}>{later ? t("go.now") : t("go.later")}</Button>
      </Group>
    </Stack>
  );
}
