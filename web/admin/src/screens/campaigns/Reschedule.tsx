import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { refused, undoable } from "@/ui/notify";
import { fromParts, localParts } from "@/ui/days";
import { MomentInput } from "./MomentInput";
import { scheduleIt, type CampaignRow } from "./server";

/** Another day or time for a scheduled campaign. */
export function Reschedule({ campaign, close }: { campaign: CampaignRow; close: () => void }) {
  const { t } = useTranslation(["app_campaigns", "app_shell"]);
  const format = useFormat();
  const before = new Date(campaign.scheduled_at ?? Date.now());
  const [parts, setParts] = useState(localParts(before));
  const [busy, setBusy] = useState(false);
  const at = fromParts(parts.day, parts.time);
  const past = !(at.getTime() > Date.now());
  const move = async () => {
    setBusy(true);
    try {
      await scheduleIt(campaign.id, at);
      undoable(t("calendar.moved", { name: campaign.name, when: format.dateTime(at) }), () => void scheduleIt(campaign.id, before).catch(refused));
      close();
    } catch (error) {
      refused(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("calendar.move_one", { name: campaign.name })}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        <MomentInput parts={parts} change={setParts} error={past ? t("when.past") : undefined} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button>
          <Button loading={busy} disabled={past} onClick={() => void move()}>{t("calendar.move")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
