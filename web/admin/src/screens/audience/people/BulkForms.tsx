import { Button, Group, Modal, Select, Stack, TagsInput, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import type { Asked } from "./BulkBar";

interface Props {
  count: number;
  start: (asked: Asked) => Promise<void>;
  close: () => void;
}

/** Which tags many people get or lose. */
export function BulkTags({ action, count, start, close }: Props & { action: "tag" | "untag" }) {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const format = useFormat();
  const tags = api.useQuery("get", "/v1/tags");
  const form = useServerForm({ initialValues: { tags: [] as string[] }, validate: { tags: (chosen) => (chosen.length === 0 ? t("bulk.tags.needed") : null) } });
  const send = form.send(async ({ tags: chosen }) => {
    await start({ action, tags: chosen });
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t(`bulk.${action}.title`, { count, n: format.number(count) })}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form noValidate onSubmit={send}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TagsInput data-autofocus dir="auto" label={t("bulk.tags")} description={action === "tag" ? t("bulk.tags.new") : undefined} data={(tags.data?.items ?? []).map(({ name }) => name)} {...form.getInputProps("tags")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t(`bulk.${action}`)}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Out of which topic many people are taken, and on whose word. */
export function BulkUnsubscribe({ count, start, close }: Props) {
  const { t } = useTranslation(["app_audience", "app_shell"]);
  const format = useFormat();
  const topics = api.useQuery("get", "/v1/topics");
  const form = useServerForm({ initialValues: { topic: null as string | null, note: "" } });
  const send = form.send(async ({ topic, note }) => {
    await start({ action: "unsubscribe", ...(topic ? { topic } : {}), ...(note.trim() ? { note } : {}) });
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("bulk.unsubscribe.title", { count, n: format.number(count) })}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form noValidate onSubmit={send}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Text size="sm">{t("bulk.unsubscribe.text")}</Text>
          <Select data-autofocus clearable label={t("bulk.unsubscribe.topic")} placeholder={t("bulk.unsubscribe.all")} data={(topics.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} {...form.getInputProps("topic")} />
          <Textarea dir="auto" autosize minRows={2} label={t("bulk.unsubscribe.note")} description={t("bulk.unsubscribe.note_help")} {...form.getInputProps("note")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("bulk.unsubscribe")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
