import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { told } from "@/ui/notify";
import { useWord } from "@/ui/words";
import type { CampaignRow } from "./server";

const OUTCOMES = ["sent", "opened", "clicked", "not_opened", "not_clicked", "bounced", "unsubscribed"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A segment of those whom a campaign reached in some way. */
export function ToSegment({ campaign, outcome, close }: { campaign: Pick<CampaignRow, "id" | "name">; outcome: Outcome; close: () => void }) {
  const { t } = useTranslation(["app_campaigns", "app_shell"]);
  const word = useWord();
  const navigate = useNavigate();
  const suggested = (code: string) => `${campaign.name}: ${word("outcome", code)}`;
  const form = useServerForm({ initialValues: { name: suggested(outcome), outcome: outcome as string } });
  const make = form.send(async (values) => {
    const { data, error } = await fetchClient.POST("/v1/campaigns/{id}/segment", { params: { path: { id: campaign.id } }, body: values });
    if (error) throw error;
    await stale("/v1/segments");
    told(t("segment.made"));
    close();
    if (data) void navigate(to(`/audience/segments/${data.id}`));
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("segment.make")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={make}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Select label={t("segment.who")} allowDeselect={false} data={OUTCOMES.map((value) => ({ value, label: word("outcome", value) }))} value={form.getValues().outcome}
            onChange={(value) => value && form.setValues({ outcome: value, name: suggested(value) })} />
          <TextInput required dir="auto" label={t("segment.name")} {...form.getInputProps("name")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("segment.make")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
