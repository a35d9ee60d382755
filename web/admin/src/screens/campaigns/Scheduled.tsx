import { Alert, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { refused, told } from "@/ui/notify";
import { act, type Campaign } from "./server";

/** A campaign that has its moment is not changed before it is taken back. */
export function Scheduled({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const may = useMay();
  const back = () => act(campaign.id, "cancel").then(() => told(t("schedule.taken_back")), refused);
  return (
    <Alert color="amber" title={t("schedule.at", { when: campaign.scheduled_at ? format.dateTime(campaign.scheduled_at) : "" })}>
      <Group justify="space-between"><Text size="sm">{t("schedule.locked")}</Text>{may("campaigns:send") && <Button size="xs" variant="default" onClick={() => void back()}>{t("schedule.take_back")}</Button>}</Group>
    </Alert>
  );
}
